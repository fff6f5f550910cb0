import { AwsMachine } from '../../../lib/aws';
import { DOMAIN_CHANNEL } from './devices';
import type { NodeGroup } from './node-group';
import type { Hardware } from './allocatable';

/** Template of CloudFormation, with the properties that this suite reads. */
export interface CloudFormation {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>;
}

interface Nodegroup {
  readonly LaunchTemplate: { readonly Id: { readonly Ref: string } };
  readonly InstanceTypes?: readonly string[];
  readonly CapacityType: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Taints?: readonly { readonly Key: string; readonly Value?: string; readonly Effect: keyof typeof EFFECTS }[];
  readonly ScalingConfig: { readonly DesiredSize: number; readonly MaxSize: number };
}

interface LaunchTemplate {
  readonly LaunchTemplateData: {
    readonly InstanceType?: string;
    readonly NetworkInterfaces?: readonly { readonly InterfaceType?: string }[];
  };
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
export function eksNodeGroups({ Resources }: CloudFormation): NodeGroup[] {
  const groups = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::EKS::Nodegroup');
  return groups.map(([name, { Properties }]) => {
    const group = Properties as Nodegroup;
    const template = Resources[group.LaunchTemplate.Id.Ref]!.Properties as LaunchTemplate;
    const { InstanceType, NetworkInterfaces = [] } = template.LaunchTemplateData;
    const machine = group.InstanceTypes?.[0] ?? InstanceType!;
    const efa = NetworkInterfaces.filter((one) => one.InterfaceType?.startsWith('efa')).length;
    return {
      name,
      machine,
      nodes: group.ScalingConfig.DesiredSize,
      maxNodes: group.ScalingConfig.MaxSize,
      hardware: hardwareOf(machine),
      resources: resourcesOf(machine, efa),
      labels: {
        'eks.amazonaws.com/nodegroup': name,
        'eks.amazonaws.com/capacityType': group.CapacityType,
        'topology.kubernetes.io/zone': 'us-east-1a',
        ...group.Labels,
      },
      taints: (group.Taints ?? []).map(({ Key: key, Value: value, Effect }) => ({
        key,
        value,
        effect: EFFECTS[Effect],
      })),
      place: placeOf(machine),
      ...driversOf(machine),
    };
  });
}

function hardwareOf(machine: string): Hardware {
  const system = SYSTEM_MACHINES[machine];
  if (system) return system;
  const { vcpus, memoryGiB } = AwsMachine.fromName(machine).spec;
  return { vcpus, memoryGiB };
}

/** The architecture of a machine, and the channels of a machine whose NVLink spans nodes. */
function driversOf(machine: string): Pick<NodeGroup, 'arch' | 'devices'> {
  if (machine in SYSTEM_MACHINES) return {};
  const { spec, isUltraServer, isNeuron } = AwsMachine.fromName(machine);
  return { arch: spec.arch, devices: isUltraServer && !isNeuron ? [DOMAIN_CHANNEL] : [] };
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
