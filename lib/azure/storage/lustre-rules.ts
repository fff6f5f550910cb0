import { storageTiers } from '../../core/catalog/storage-tiers';
import { LustreGrid } from '../../terraform/lustre-grid';

/**
 * Sizes and tiers of Managed Lustre, with 250 MB/s per TiB by default. Sizes above the documented maximum require a support ticket.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/create-file-system-portal
 */
export const LUSTRE_GRID = new LustreGrid(storageTiers('azure'), 250, 'advice');

/** Subnet prefix by maximum file system size in TiB. The last row is extrapolated, unverified. */
const SUBNETS = [
  { upToTiB: 16, prefix: 27 },
  { upToTiB: 40, prefix: 26 },
  { upToTiB: 92, prefix: 25 },
  { upToTiB: 196, prefix: 24 },
  { upToTiB: 400, prefix: 23 },
  { upToTiB: Infinity, prefix: 22 },
] as const;

/** Maximum file system size with a documented subnet size, in TiB. */
export const LARGEST_DOCUMENTED_TIB = 400;

/**
 * Prefix length of the smallest subnet for a file system. The subnet must contain nothing else.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-prerequisites#network-size-requirements
 */
export function subnetPrefix(sizeGiB: number): number {
  return SUBNETS.find(({ upToTiB }) => sizeGiB <= upToTiB * GIB_PER_TIB)!.prefix;
}

export const GIB_PER_TIB = 1024;
