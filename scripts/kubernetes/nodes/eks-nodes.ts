import { AwsMachine } from '../../../lib/aws';
import type { Taint } from '../../../lib/kubernetes';
import type { NodeGroup } from './node-group';
import type { Hardware } from './allocatable';

interface Resource {
  readonly Type: string;
  // Properties differ by type.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly Properties: any;
}

/** Template of CloudFormation. */
export interface CloudFormation {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** Machines of system nodes. Source: EC2 instance types, general purpose; read 2026-11-27. */
const SYSTEM_MACHINES: Readonly<Record<string, Hardware>> = {
  'm7i.large': { vcpus: 2, memoryGiB: 8 },
  'm7i.xlarge': { vcpus: 4, memoryGiB: 16 },
  'm7i.2xlarge': { vcpus: 8, memoryGiB: 32 },
};

const EFFECTS = { NO_SCHEDULE: 'NoSchedule', PREFER_NO_SCHEDULE: 'PreferNoSchedule', NO_EXECUTE: 'NoExecute' } as const;

/** Huge pages that the EFA software of the image reserves at boot. @see https://github.com/amzn/amzn-drivers */
const EFA_HUGEPAGES_MIB = 5128 * 2;

/** Returns the managed node groups of a template. */
export function eksNodeGroups(template: CloudFormation): NodeGroup[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::EKS::Nodegroup')
    .map(([id, { Properties: group }]) => {
      const { LaunchTemplateData: launch } = template.Resources[group.LaunchTemplate.Id.Ref as string]!.Properties;
      const machine = (group.InstanceTypes?.[0] ?? launch.InstanceType) as string;
      const taints = (group.Taints ?? []) as { Key: string; Value?: string; Effect: keyof typeof EFFECTS }[];
      return {
        name: id,
        machine,
        nodes: group.ScalingConfig.DesiredSize as number,
        maxNodes: group.ScalingConfig.MaxSize as number,
        hardware: hardwareOf(machine),
        resources: resourcesOf(machine, efaOf(launch)),
        labels: {
          'eks.amazonaws.com/nodegroup': id,
          'eks.amazonaws.com/capacityType': group.CapacityType as string,
          'topology.kubernetes.io/zone': 'us-east-1a',
          ...(group.Labels as Record<string, string>),
        },
        taints: taints.map(({ Key: key, Value: value, Effect }): Taint => ({ key, value, effect: EFFECTS[Effect] })),
        place: placeOf(machine),
      };
    });
}

function hardwareOf(machine: string): Hardware {
  const system = SYSTEM_MACHINES[machine];
  if (system) return system;
  const { vcpus, memoryGiB } = AwsMachine.fromName(machine).spec;
  return { vcpus, memoryGiB };
}

function efaOf({ NetworkInterfaces = [] }: { NetworkInterfaces?: readonly { InterfaceType?: string }[] }): number {
  return NetworkInterfaces.filter(({ InterfaceType }) => InterfaceType?.startsWith('efa')).length;
}

/** What the device plugins report. */
function resourcesOf(machine: string, efa: number): Record<string, string> {
  const fabric = { 'vpc.amazonaws.com/efa': String(efa), 'hugepages-2Mi': `${EFA_HUGEPAGES_MIB}Mi` };
  if (machine in SYSTEM_MACHINES) return {};
  const { isNeuron, spec } = AwsMachine.fromName(machine);
  const accelerators = String(Math.ceil(spec.accelerators));
  return {
    ...(isNeuron ? { 'aws.amazon.com/neuron': accelerators } : { 'nvidia.com/gpu': accelerators }),
    ...(efa > 0 && fabric),
  };
}

/** Two nodes share the innermost network node. @see https://docs.aws.amazon.com/eks/latest/userguide/ */
function placeOf(machine: string): NodeGroup['place'] {
  if (machine in SYSTEM_MACHINES) return undefined;
  const { topologyLayers = 0 } = AwsMachine.fromName(machine).spec;
  return (index) =>
    Object.fromEntries(
      Array.from({ length: topologyLayers }, (_, layer) => [
        `topology.k8s.aws/network-node-layer-${layer + 1}`,
        `nn-${layer}-${layer === topologyLayers - 1 ? Math.floor(index / 2) : 0}`,
      ]),
    );
}
