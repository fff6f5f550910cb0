import type { ProblemCollector } from '../core/errors';
import type { AcceleratorPool } from './pool';

/**
 * Share of a node that is reserved for the system. This library chooses it, above the values of the sources. The share of the memory is for
 * pools of other clouds, which do not set `reservedMemoryMiB`.
 *
 * The Amazon EKS image reserves 6% of the first core, 1% of the second, 0.5% of the next two and 0.25% of the rest. GKE reserves the same.
 * AKS reserves 740 millicores of 64 cores. Device plugins, network and metrics agents add to that on every node.
 *
 * @see https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go
 * @see https://docs.cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes
 * @see https://learn.microsoft.com/en-us/azure/aks/node-resource-reservations
 */
export const SYSTEM_SHARE = { cpu: 0.05, minCpu: 1, memory: 0.1 } as const;

const MIB_PER_HUGEPAGE = 2;
const MIB_PER_GIB = 1024;

/** Properties of a pool that determine its allocatable resources. */
export type NodeSize = Pick<AcceleratorPool, 'vcpus' | 'memoryGiB' | 'hugepages2MiB' | 'reservedMemoryMiB'>;

/** Resources of a node that pods can request: less than the machine has. */
export interface Allocatable {
  /** CPU cores. */
  readonly cpu: number;
  /** Memory without huge pages, which are a separate resource. */
  readonly memoryGiB: number;
  /** Memory in huge pages. */
  readonly hugepagesMiB: number;
}

/** Returns the cores and the memory of a node that pods can request. */
export function allocatableOf({ vcpus, memoryGiB, hugepages2MiB = 0, reservedMemoryMiB }: NodeSize): Allocatable {
  const hugepagesMiB = hugepages2MiB * MIB_PER_HUGEPAGE;
  const reservedGiB =
    reservedMemoryMiB === undefined ? memoryGiB * SYSTEM_SHARE.memory : reservedMemoryMiB / MIB_PER_GIB;
  return {
    cpu: Math.floor(vcpus - Math.max(SYSTEM_SHARE.minCpu, vcpus * SYSTEM_SHARE.cpu)),
    memoryGiB: Math.floor(memoryGiB - reservedGiB - hugepagesMiB / MIB_PER_GIB),
    hugepagesMiB,
  };
}

/**
 * Returns the resource quantities of `count` nodes, by resource name. Used for pods that need a whole node and for quotas.
 *
 * @param share share of the cores and of the memory. Accelerators and the fabric are never shared.
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

/** Adds a problem if the share of the system leaves no resources for pods. */
export function checkAllocatable(problems: ProblemCollector, prop: string, pool: NodeSize): void {
  const { cpu, memoryGiB } = allocatableOf(pool);
  if (cpu >= 1 && memoryGiB >= 1) return;
  problems.add({
    code: 'PoolInvalid',
    prop,
    allowed: 'enough for one core and 1 GiB for pods after the share of the system and the huge pages',
    got: { vcpus: pool.vcpus, memoryGiB: pool.memoryGiB, hugepages2MiB: pool.hugepages2MiB ?? 0 },
    fix: 'Use a larger machine, or fewer huge pages.',
  });
}
