import type { Problems } from '../../core/errors';
import { checkNodeRange } from '../../terraform/pool-checks';

/** Nodes for what runs the cluster: DNS, queues, controllers. */
export interface SystemNodes {
  /** Size of the machines. @default 'Standard_D8ds_v5' */
  readonly machineType?: string;
  /** Least nodes. @default 2 */
  readonly minNodes?: number;
  /** Most nodes. @default 5 */
  readonly maxNodes?: number;
}

/** Nodes of a pool. @see https://learn.microsoft.com/en-us/azure/aks/quotas-skus-regions */
export const MOST_NODES = 1000;

const MACHINE_TYPE = 'Standard_D8ds_v5';
const [LEAST, MOST] = [2, 5];
const DISK_GIB = 128;

/** What a pool of system nodes has, whichever way it is made. */
export function systemNodes({ machineType = MACHINE_TYPE, minNodes = LEAST, maxNodes = MOST }: SystemNodes) {
  return {
    vmSize: machineType,
    autoScalingEnabled: true,
    minCount: minNodes,
    maxCount: maxNodes,
    osSku: 'Ubuntu',
    // The key of an ephemeral disk rotates only where its pool has no nodes, and system nodes always stand.
    // @see https://learn.microsoft.com/en-us/azure/aks/azure-disk-customer-managed-keys#limitations
    osDiskType: 'Managed',
    osDiskSizeGb: DISK_GIB,
    upgradeSettings: { maxSurge: '33%', drainTimeoutInMinutes: 30, nodeSoakDurationInMinutes: 0 },
  };
}

/** Adds a problem where the range of system nodes is none. */
export function checkSystemNodes(problems: Problems, { minNodes = LEAST, maxNodes = MOST }: SystemNodes = {}): void {
  checkNodeRange(problems, { minNodes, maxNodes }, MOST_NODES);
}
