import type { GoogleProvisioning } from '../../core/catalog/google-machines';
import type * as Machines from '../../core/catalog/machines';
import type { Machine } from '../../core/catalog/machines';
import type { PriceMarket } from '../../core/catalog/prices';
import type { Capacity } from '../capacity/capacity';
import type { GoogleMachine } from './machine';

/** A machine for the planner, whose tables are loaded only here. */
export function plannedMachine({ name, spec }: Pick<GoogleMachine, 'name' | 'spec'>): Machine {
  const { ofGoogle } = require('../../core/catalog/machines') as typeof Machines;
  return ofGoogle(name, spec);
}

// A reservation is billed at on-demand prices, used or not. No table has flex-start prices, which are at most on-demand prices.
const MARKETS: Partial<Record<GoogleProvisioning, PriceMarket>> = { spot: 'spot' };

/** The price market of a capacity. @param capacity undefined for on-demand */
export function priceMarket(capacity: Capacity | undefined): PriceMarket {
  // The catalog has commitment prices only for three years.
  if (capacity?.commitment?.years === 3) return 'committed';
  return MARKETS[capacity?.market ?? 'on-demand'] ?? 'on-demand';
}
