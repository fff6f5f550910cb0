import type { GoogleProvisioning } from '../../core/catalog/google-machines';
import type * as Machines from '../../core/catalog/machines';
import type { Machine } from '../../core/catalog/machines';
import type { PriceMarket } from '../../core/catalog/prices';
import type { Capacity } from '../capacity/capacity';
import type { GoogleMachine } from './machine';

/** A machine in the words of the planner, whose tables are loaded only here. */
export function plannedMachine({ name, spec }: Pick<GoogleMachine, 'name' | 'spec'>): Machine {
  const { ofGoogle } = require('../../core/catalog/machines') as typeof Machines;
  return ofGoogle(name, spec);
}

// A reservation is billed as on demand, used or not. No table has prices of flex-start: it costs no more than on demand.
const MARKETS: Partial<Record<GoogleProvisioning, PriceMarket>> = { spot: 'spot' };

/** The market whose prices hold for a capacity. @param capacity by default on demand */
export function priceMarket(capacity: Capacity | undefined): PriceMarket {
  // Prices of commitments are those of three years.
  if (capacity?.commitment?.years === 3) return 'committed';
  return MARKETS[capacity?.market ?? 'on-demand'] ?? 'on-demand';
}
