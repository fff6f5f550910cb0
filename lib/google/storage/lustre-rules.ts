import { storageTiers } from '../../core/catalog/storage-tiers';
import { LustreGrid } from '../../terraform/lustre-grid';

/**
 * What Managed Lustre sells, 500 MB/s for each TiB where nobody says otherwise. The dynamic tier needs a newer provider than the bindings
 * are of.
 *
 * @see https://cloud.google.com/managed-lustre/docs/create-instance#performance-tiers
 */
export const LUSTRE_GRID = new LustreGrid(
  storageTiers('google').filter(({ name }) => name !== '25-dynamic'),
  500,
);
