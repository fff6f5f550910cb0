import { storageTiers } from '../../core/catalog/storage-tiers';
import { LustreGrid } from '../../terraform/lustre-grid';

/**
 * The sizes of Managed Lustre, with 500 MB/s for each TiB by default. The dynamic tier needs a newer provider version than the bindings.
 *
 * @see https://cloud.google.com/managed-lustre/docs/create-instance#performance-tiers
 */
export const LUSTRE_GRID = new LustreGrid(
  storageTiers('google').filter(({ name }) => name !== '25-dynamic'),
  500,
);
