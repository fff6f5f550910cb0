import { type AcceleratorPool, type EnvVar, POOL_LABEL, reservedOnEks } from '../../kubernetes';
import type { EfaNodeGroup } from './efa-node-group';
import type { AwsMachine } from '../machine/machine';
import { efaCardsOf } from '../network/network-layout';
import { acceleratorResource, EFA_RESOURCE } from './node-launch-template';
import { hugePagesOf } from './node-user-data';

const MARKETS = {
  'on-demand': 'on-demand',
  spot: 'spot',
  reservation: 'reserved',
  'capacity-block': 'reserved',
} as const;

/** Logical cores of a Neuron chip. Each core runs one process: aws-neuron/aws-neuron-sdk; trn2 with its default of two physical cores in a logical one. */
const NEURON_CORES: Readonly<Record<string, number>> = { Trainium1: 2, Trainium2: 4, Inferentia2: 2 };

/** Converts a node group to the type that the Kubernetes layer uses for all clouds. */
export function acceleratorPool(group: EfaNodeGroup): AcceleratorPool {
  const { machine, capacity } = group;
  const { spec } = machine;
  const key = acceleratorResource(machine);
  return {
    name: group.name,
    machine: machine.name,
    nodes: group.nodes,
    acceleratorResource: key,
    // For pods, a slice of a GPU is one GPU.
    acceleratorsPerNode: Math.ceil(spec.accelerators),
    acceleratorVendor: machine.chip.vendor,
    vcpus: spec.vcpus,
    memoryGiB: spec.memoryGiB,
    reservedMemoryMiB: reservedOnEks({ ...spec, maxPodsPerNode: group.maxPodsPerNode }),
    fabric: fabricOf(group),
    hugepages2MiB: hugePagesOf(group),
    nodeLabels: poolLabels(group.name, machine),
    taints: group.taints,
    market: MARKETS[capacity.market],
    topologyLevels: group.isElastic || !group.topologyAware ? undefined : topologyLevels(spec.topologyLayers),
    multiNodeScaleUp: machine.isUltraServer && !machine.isNeuron,
  };
}

/** The labels that identify the nodes of a group. */
export function poolLabels(name: string, machine: AwsMachine): Readonly<Record<string, string>> {
  return { [POOL_LABEL]: name, 'node.kubernetes.io/instance-type': machine.name };
}

/** Environment variables for training and acceptance jobs. */
export function fabricEnvironment({ efaInterfacesPerNode }: EfaNodeGroup): EnvVar[] {
  return efaInterfacesPerNode > 0 ? [{ name: 'FI_PROVIDER', value: 'efa' }] : [];
}

/** Number of processes that share one accelerator. Undefined for a GPU, which runs one. */
export function ranksPerAccelerator({ machine: { spec } }: EfaNodeGroup): number | undefined {
  return typeof spec.chip === 'string' ? NEURON_CORES[spec.chip] : undefined;
}

function fabricOf({ machine, efaInterfacesPerNode: interfacesPerNode }: EfaNodeGroup): AcceleratorPool['fabric'] {
  if (interfacesPerNode === 0) return undefined;
  const bandwidthGbps = (machine.spec.networkGbps * interfacesPerNode) / efaCardsOf(machine).length;
  return { resource: EFA_RESOURCE, interfacesPerNode, bandwidthGbps };
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-topology-prerequisites.html */
function topologyLevels(layers: number | undefined): string[] | undefined {
  return layers === undefined
    ? undefined
    : Array.from({ length: layers }, (_, index) => `topology.k8s.aws/network-node-layer-${index + 1}`);
}
