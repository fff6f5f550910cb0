import { storageTiers } from '../../core/catalog/storage-tiers';
import type { Problems } from '../../core/errors';
import type { StorageSizing } from '../../core/planning/open-storage';
import { LustreGrid, type LustreSize } from '../../terraform/lustre-grid';

export type { LustreSize } from '../../terraform/lustre-grid';

/** MB/s for each TiB, where nobody says otherwise. */
export const DEFAULT_TIER = 500;

/** What Managed Lustre sells. The dynamic tier needs a newer provider than the bindings are of. */
export const LUSTRE_GRID = new LustreGrid(
  storageTiers('google').filter(({ name }) => name !== '25-dynamic'),
  DEFAULT_TIER,
);

/**
 * The size of a file system, or nothing, with the problem added.
 *
 * @see https://cloud.google.com/managed-lustre/docs/create-instance#performance-tiers
 */
export function checkLustreSize(problems: Problems, sizing: StorageSizing): LustreSize | undefined {
  return LUSTRE_GRID.check(problems, sizing);
}

/** The smallest size of a tier that holds so much. */
export function smallestLustre(gib: number, throughputMBpsPerTiB: number): number | undefined {
  return LUSTRE_GRID.smallest(gib, throughputMBpsPerTiB);
}
