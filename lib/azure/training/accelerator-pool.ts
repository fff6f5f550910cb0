import { type AcceleratorPool, INFINIBAND_RESOURCE } from '../../kubernetes';
import type { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import { fabricPod } from '../nodes/fabric-pod';
import { acceleratorResource, nodeTaints, spansNodes } from '../nodes/node-marks';

const MARKETS = { 'on-demand': 'on-demand', spot: 'spot', reservation: 'reserved' } as const;

/** What is known of a pool before it is made. */
export type DescribedPool = Pick<AcceleratorNodePool, 'name' | 'machine' | 'nodes' | 'capacity'>;

/** A group in the words that the Kubernetes layer shares between clouds. */
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
    fabric: fabricOf(group),
    nodeLabels: {},
    taints: nodeTaints(group),
    market: MARKETS[capacity.market],
    multiNodeScaleUp: spansNodes(machine),
  };
}

/** The InfiniBand of a group: every interface that its machine has. */
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
