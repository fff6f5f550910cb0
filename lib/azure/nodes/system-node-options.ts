import type { ProblemCollector } from '../../core/errors';
import { checkNodeRange } from '../../terraform/pool-checks';

/** Nodes for DNS, queues, and controllers. */
export interface SystemNodeOptions {
  /** VM size. @default 'Standard_D8ds_v5' */
  readonly machineType?: string;
  /** Minimum number of nodes. @default 2 */
  readonly minNodes?: number;
  /** Maximum number of nodes. @default 5 */
  readonly maxNodes?: number;
}

/** Maximum number of nodes in a pool. @see https://learn.microsoft.com/en-us/azure/aks/quotas-skus-regions */
export const MAX_NODES = 1000;

const MACHINE_TYPE = 'Standard_D8ds_v5';
const [DEFAULT_MIN_NODES, DEFAULT_MAX_NODES] = [2, 5];
const DISK_GIB = 128;

/** Settings of system nodes, for the default node pool and for additional pools. */
export function systemNodes({
  machineType = MACHINE_TYPE,
  minNodes = DEFAULT_MIN_NODES,
  maxNodes = DEFAULT_MAX_NODES,
}: SystemNodeOptions) {
  return {
    vmSize: machineType,
    autoScalingEnabled: true,
    minCount: minNodes,
    maxCount: maxNodes,
    osSku: 'Ubuntu',
    // The key of an ephemeral disk rotates only if the pool has no nodes, but system nodes always run.
    // @see https://learn.microsoft.com/en-us/azure/aks/azure-disk-customer-managed-keys#limitations
    osDiskType: 'Managed',
    osDiskSizeGb: DISK_GIB,
    upgradeSettings: { maxSurge: '33%', drainTimeoutInMinutes: 30, nodeSoakDurationInMinutes: 0 },
  };
}

/** Adds a problem if the range of system nodes is invalid. */
export function checkSystemNodes(
  problems: ProblemCollector,
  { minNodes = DEFAULT_MIN_NODES, maxNodes = DEFAULT_MAX_NODES }: SystemNodeOptions = {},
): void {
  checkNodeRange(problems, { minNodes, maxNodes }, MAX_NODES);
}
