import { googleFabricGbps } from '../../core/catalog/google-machines';
import { type AcceleratorPool, POOL_LABEL, reservedOnGke, type Taint } from '../../kubernetes';
import { isPodNetwork } from '../network/network-attributes';
import { ASAPD_MIB } from './fabric-installer';
import { fabricPod } from './fabric-pod';
import { COMPUTE_CLASS_LABEL } from './node-config';
import type { GoogleMachine } from '../machine/machine';
import type { TrainingGroup } from '../training/training-group';

const MARKETS = { 'on-demand': 'on-demand', spot: 'spot', 'flex-start': 'spot', reservation: 'reserved' } as const;

/** Topology levels, outermost first. @see https://cloud.google.com/ai-hypercomputer/docs/workloads/schedule-gke-workloads-tas */
const TOPOLOGY_LEVELS = ['block', 'subblock', 'host'].map((level) => `cloud.google.com/gce-topology-${level}`);

/** The provisioning class with which GKE creates all nodes of a request together, or none. @see https://cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest */
const QUEUED_CLASS = 'queued-provisioning.gke.io';

/** Guaranteed vCPUs of machines with contradictory sources: see the note of the row. */
const CERTAIN_VCPUS: Readonly<Record<string, number>> = { 'ct6e-standard-8t': 180 };

/** Equal nodes of a training group or a node pool. */
export type NodesOfPool = Pick<TrainingGroup, 'name' | 'machine' | 'capacity' | 'nodes' | 'slice' | 'networks'> & {
  /** Node pools, one for each slice. */
  readonly pools: { readonly length: number };
  /** Additional taints. @default - none */
  readonly extraTaints?: readonly Taint[];
  /** ComputeClass that chooses the nodes. @default - none */
  readonly computeClass?: string;
};

/** A group in the format of the Kubernetes layer, which all clouds share. */
export function acceleratorPool(group: NodesOfPool): AcceleratorPool {
  const { machine, capacity, name, nodes } = group;
  const { spec } = machine;
  return {
    name,
    machine: machine.name,
    nodes,
    acceleratorResource: machine.isTpu ? 'google.com/tpu' : 'nvidia.com/gpu',
    acceleratorsPerNode: spec.accelerators,
    acceleratorVendor: machine.chip.vendor,
    ...sizeOf(machine),
    fabric: fabricOf(group),
    nodeLabels: selectedLabels(group),
    taints: taintsOf(group),
    market: MARKETS[capacity.market],
    topologyLevels: machine.spec.transport && !capacity.isElastic ? TOPOLOGY_LEVELS : undefined,
    multiNodeScaleUp: spec.placement === '1x72',
    provisioning: provisioningOf(group),
    slices:
      group.pools.length > 1 ? { count: group.pools.length, nodeLabel: 'cloud.google.com/gke-nodepool' } : undefined,
  };
}

/** The size of a node. Google writes GB for GiB. */
function sizeOf({ name, spec }: GoogleMachine) {
  const vcpus = CERTAIN_VCPUS[name] ?? spec.vcpus!;
  const memoryGiB = spec.memoryGB!;
  const agentMiB = spec.deviceClaim ? ASAPD_MIB : 0;
  return { vcpus, memoryGiB, reservedMemoryMiB: reservedOnGke({ vcpus, memoryGiB }) + agentMiB };
}

/** The labels that pods select. A ComputeClass chooses the machines, and GKE advises against selecting them too. */
function selectedLabels(group: NodesOfPool): Readonly<Record<string, string>> {
  const { computeClass } = group;
  if (computeClass === undefined) return groupLabels(group);
  return { [POOL_LABEL]: group.name, [COMPUTE_CLASS_LABEL]: computeClass };
}

/** The labels that select the nodes of a group. GKE requires the last two in pods with TPUs. */
export function groupLabels({ name, machine, slice }: Pick<TrainingGroup, 'name' | 'machine' | 'slice'>) {
  return {
    [POOL_LABEL]: name,
    ...(slice
      ? {
          'cloud.google.com/gke-tpu-accelerator': machine.spec.acceleratorLabel,
          'cloud.google.com/gke-tpu-topology': slice.topology,
        }
      : { 'cloud.google.com/gke-accelerator': machine.spec.acceleratorLabel }),
  };
}

/** The taints that GKE sets, and additional ones. */
function taintsOf({ machine, capacity, extraTaints = [], computeClass }: NodesOfPool): Taint[] {
  const effect = 'NoSchedule' as const;
  return [
    { key: machine.isTpu ? 'google.com/tpu' : 'nvidia.com/gpu', value: 'present', effect },
    ...(machine.spec.arch === 'arm64' ? [{ key: 'kubernetes.io/arch', value: 'arm64', effect }] : []),
    ...(capacity.isQueued ? [{ key: 'cloud.google.com/gke-queued', value: 'true', effect }] : []),
    ...(computeClass === undefined ? [] : [{ key: COMPUTE_CLASS_LABEL, value: computeClass, effect }]),
    ...extraTaints,
  ];
}

function provisioningOf({ capacity, slice }: NodesOfPool): AcceleratorPool['provisioning'] {
  if (!capacity.isQueued) return undefined;
  return { className: QUEUED_CLASS, ...(slice && { parameters: { 'tpu-topology': slice.topology } }) };
}

/** The interfaces of the accelerators. Host interfaces carry storage traffic. */
function fabricOf({ machine, networks }: NodesOfPool): AcceleratorPool['fabric'] {
  const pods = networks.filter(isPodNetwork);
  const { deviceClaim } = machine.spec;
  const bandwidthGbps = googleFabricGbps(machine.spec);
  const interfacesPerNode = deviceClaim?.count ?? pods.filter(({ role }) => role !== 'host').length;
  if (interfacesPerNode === 0 || bandwidthGbps === undefined) return undefined;
  return {
    interfacesPerNode,
    bandwidthGbps,
    pod: fabricPod(machine, pods),
  };
}
