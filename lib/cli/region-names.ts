import type { Cloud } from '../core/catalog/machines';
import { isRegion } from '../core/catalog/price-of';
import type { Prices } from '../core/catalog/price-override';
import { similarRegions } from '../core/catalog/regions';
import { UsageError } from './exit';

/** Rejects a region that none of the clouds has, with the most similar names. Other values are checked by the planner. */
export function checkRegion(flag: string, region: unknown, clouds: readonly Cloud[], prices?: Prices): void {
  if (typeof region !== 'string' || clouds.some((cloud) => isRegion(cloud, region, prices))) return;
  const similar = similarRegions(region, clouds);
  const hint = similar.length > 0 ? `; did you mean ${similar.join(', ')}?` : '';
  throw new UsageError(
    `${flag}: ${clouds.join(', ')} ${clouds.length === 1 ? 'has' : 'have'} no region '${region}'${hint}`,
  );
}
