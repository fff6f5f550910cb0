import type { Problems } from '../core/errors';
import type { AcceleratorPool } from './pool';

/**
 * What is kept back of a node for the system: a choice of this library, above what sources ask for. The Amazon EKS image
 * reserves 6 % of the first core, 1 % of the second, 0.5 % of the next two and 0.25 % of the rest; Karpenter counts 7.5 % of the
 * memory as lost to the hypervisor; device plugins, network and metrics agents of every node come on top.
 *
 * @see https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go
 * @see https://karpenter.sh/docs/reference/settings/
 */
export const SYSTEM_SHARE = { cpu: 0.05, leastCpu: 1, memory: 0.1 } as const;

const MIB_PER_HUGEPAGE = 2;
const MIB_PER_GIB = 1024;

/** What decides it. */
export type NodeSize = Pick<AcceleratorPool, 'vcpus' | 'memoryGiB' | 'hugepages2MiB'>;

/** What pods may ask of one node: less than the machine has. */
export interface Allocatable {
  readonly cpu: number;
  /** Without the huge pages, which count for themselves. */
  readonly memoryGiB: number;
  readonly hugepagesMiB: number;
}

/** The cores and memory of a node that are left to pods. */
export function allocatableOf({ vcpus, memoryGiB, hugepages2MiB = 0 }: NodeSize): Allocatable {
  const hugepagesMiB = hugepages2MiB * MIB_PER_HUGEPAGE;
  return {
    cpu: Math.floor(vcpus - Math.max(SYSTEM_SHARE.leastCpu, vcpus * SYSTEM_SHARE.cpu)),
    memoryGiB: Math.floor(memoryGiB * (1 - SYSTEM_SHARE.memory) - hugepagesMiB / MIB_PER_GIB),
    hugepagesMiB,
  };
}

/**
 * Resource quantities of `count` nodes, by resource name: for a pod that takes a whole node, and for quotas.
 *
 * @param share of the cores and of the memory only: accelerators and fabric are not shared.
 */
export function quantitiesOf(pool: AcceleratorPool, count: number, share = 1): Record<string, string> {
  const { cpu, memoryGiB, hugepagesMiB } = allocatableOf(pool);
  const { acceleratorResource, acceleratorsPerNode, fabric } = pool;
  return {
    cpu: String(Math.max(1, Math.floor(cpu * share)) * count),
    memory: `${Math.max(1, Math.floor(memoryGiB * share)) * count}Gi`,
    [acceleratorResource]: String(acceleratorsPerNode * count),
    ...(fabric?.resource !== undefined && { [fabric.resource]: String(fabric.interfacesPerNode * count) }),
    ...(hugepagesMiB > 0 && { 'hugepages-2Mi': `${hugepagesMiB * count}Mi` }),
  };
}

/** Adds a problem when the system's share leaves nothing of a node to pods. */
export function checkAllocatable(problems: Problems, prop: string, pool: NodeSize): void {
  const { cpu, memoryGiB } = allocatableOf(pool);
  if (cpu >= 1 && memoryGiB >= 1) return;
  problems.add({
    code: 'PoolInvalid',
    prop,
    allowed: 'nodes that leave a core and a GiB to pods, beside the system’s share and the huge pages',
    got: { vcpus: pool.vcpus, memoryGiB: pool.memoryGiB, hugepages2MiB: pool.hugepages2MiB ?? 0 },
    fix: 'Take a larger machine, or fewer huge pages.',
  });
}
