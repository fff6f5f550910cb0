import { storageTiers } from '../../core/catalog/storage-tiers';
import { LustreGrid } from '../../terraform/lustre-grid';

/**
 * What Managed Lustre sells, 250 MB/s for each TiB where nobody says otherwise. More than the largest documented size is had by support ticket.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/create-file-system-portal
 */
export const LUSTRE_GRID = new LustreGrid(storageTiers('azure'), 250, 'advice');

/** Sizes up to which a subnet of a prefix is large enough, in TiB; the last row is extrapolated, unverified. */
const SUBNETS = [
  { upToTiB: 16, prefix: 27 },
  { upToTiB: 40, prefix: 26 },
  { upToTiB: 92, prefix: 25 },
  { upToTiB: 196, prefix: 24 },
  { upToTiB: 400, prefix: 23 },
  { upToTiB: Infinity, prefix: 22 },
] as const;

/** The largest file system that the documentation gives a subnet for, in TiB. */
export const LARGEST_DOCUMENTED_TIB = 400;

/**
 * The shortest prefix of a subnet that holds the servers of a file system, and nothing else.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-prerequisites#network-size-requirements
 */
export function subnetPrefix(sizeGiB: number): number {
  return SUBNETS.find(({ upToTiB }) => sizeGiB <= upToTiB * GIB_PER_TIB)!.prefix;
}

export const GIB_PER_TIB = 1024;
