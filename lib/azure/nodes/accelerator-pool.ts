import { type AcceleratorPool, INFINIBAND_RESOURCE, reservedOnAks } from '../../kubernetes';
import { AzureMarket } from '../capacity/capacity';
import type { AcceleratorNodePool } from './accelerator-node-pool';
import { fabricPod } from './fabric-pod';
import { acceleratorResource, nodeTaints, spansNodes } from './node-pool-options';

const MARKETS = {
  [AzureMarket.ON_DEMAND]: 'on-demand',
  [AzureMarket.SPOT]: 'spot',
  [AzureMarket.RESERVATION]: 'reserved',
} as const;

/** Attributes of a pool that are known before it exists. */
export type DescribedPool = Pick<
  AcceleratorNodePool,
  'name' | 'machine' | 'nodes' | 'capacity' | 'extraTaints' | 'maxPodsPerNode'
>;

/** Converts a group to the cloud-independent pool of the Kubernetes layer. */
export function acceleratorPool(group: DescribedPool): AcceleratorPool {
  const { machine, capacity, name, nodes } = group;
  const { spec } = machine;
  return {
    name,
    machine: machine.name,
    nodes,
    acceleratorResource: acceleratorResource(machine),
    acceleratorsPerNode: spec.accelerators,
    acceleratorVendor: machine.chip.vendor,
    vcpus: spec.vcpus,
    memoryGiB: spec.memoryGiB,
    reservedMemoryMiB: reservedOnAks({ ...spec, maxPodsPerNode: group.maxPodsPerNode }),
    fabric: fabricOf(group),
    nodeLabels: {},
    taints: nodeTaints(group),
    market: MARKETS[capacity.market],
    multiNodeScaleUp: spansNodes(machine),
  };
}

/** All InfiniBand interfaces of the machine of a group. */
function fabricOf({ machine }: DescribedPool): AcceleratorPool['fabric'] {
  const { infiniband } = machine;
  if (!infiniband) return undefined;
  return {
    resource: INFINIBAND_RESOURCE,
    interfacesPerNode: infiniband.links,
    bandwidthGbps: machine.fabricGbps,
    pod: fabricPod(machine),
  };
}
