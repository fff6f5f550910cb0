import { type AcceleratorPool, reservedOnAck, type Taint } from '../../kubernetes';
import type { AcceleratorNodePool } from './accelerator-node-pool';
import { fabricOf } from './fabric-pod';

const MARKETS = { 'on-demand': 'on-demand', spot: 'spot', reservation: 'reserved' } as const;

/** Attributes of a pool that are known before it exists. */
export type DescribedPool = Pick<
  AcceleratorNodePool,
  'name' | 'machine' | 'nodes' | 'capacity' | 'extraTaints' | 'maxPodsPerNode'
>;

/** The taint of GPU nodes, which this library sets: ACK itself sets none. */
const GPU_TAINT: Taint = { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' };
/** The taint that ACK sets on Lingjun nodes. */
const LINGJUN_TAINT: Taint = { key: 'node-role.alibabacloud.com/lingjun', effect: 'NoSchedule' };
/** The label that ACK sets on Lingjun nodes with the same switches. @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/lingjun-node-pool-management */
const LINGJUN_TOPOLOGY = 'alibabacloud.com/lingjun-hpnzone';

/** Taints that a pool sets: those of ACK are not part of it. */
export function poolTaints({ extraTaints }: Pick<DescribedPool, 'extraTaints'>): Taint[] {
  return [GPU_TAINT, ...extraTaints];
}

/** Converts a group to the cloud-independent pool of the Kubernetes layer. */
export function acceleratorPool(group: DescribedPool): AcceleratorPool {
  const { machine, capacity, name, nodes, maxPodsPerNode } = group;
  const { spec } = machine;
  const isLingjun = capacity.lingjunNodes !== undefined;
  return {
    name,
    machine: machine.name,
    nodes,
    acceleratorResource: 'nvidia.com/gpu',
    acceleratorsPerNode: spec.accelerators,
    acceleratorVendor: machine.chip.vendor,
    vcpus: spec.vcpus,
    memoryGiB: spec.memoryGiB,
    reservedMemoryMiB: reservedOnAck({ ...spec, maxPodsPerNode }),
    fabric: fabricOf(machine, capacity),
    nodeLabels: {},
    taints: [...poolTaints(group), ...(isLingjun ? [LINGJUN_TAINT] : [])],
    market: MARKETS[capacity.market],
    topologyLevels: isLingjun ? [LINGJUN_TOPOLOGY] : undefined,
  };
}
