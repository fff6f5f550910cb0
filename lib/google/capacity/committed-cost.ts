import type * as Prices from '../../core/catalog/price-of';

/** What a commitment costs, or why that is not known. */
export interface CommittedCost {
  /** USD to the end of the term, for all machines. @default - the catalogue has no price of whole machines */
  readonly totalUsd?: number;
  /** The same in words, with its source, or what is missing. */
  readonly text: string;
}

/** What is committed to. */
export interface CommittedTerm {
  readonly nodes: number;
  readonly years: number;
}

const HOURS_PER_YEAR = 8760;

/** The cost of a commitment by the catalogue of prices, which is loaded only here. There is never a stand-in for a price. */
export function committedCost(machine: string, region: string, term: CommittedTerm): CommittedCost {
  const { newestPriceDay, priceOf } = require('../../core/catalog/price-of') as typeof Prices;
  return costOf(priceOf({ cloud: 'google', machine, region, market: 'committed', asOf: newestPriceDay() }), term);
}

/** @internal The cost by what the catalogue answered. */
export function costOf({ price, reason }: Prices.PriceAnswer, { nodes, years }: CommittedTerm): CommittedCost {
  if (!price) return { text: `its price is not known: ${reason}` };
  if (price.termYears !== years) {
    return { text: `its price is not known: ${price.source} has one for ${price.termYears ?? 'unknown'} years` };
  }
  const totalUsd = price.usdPerHour * nodes * years * HOURS_PER_YEAR;
  return { totalUsd, text: `${Math.round(totalUsd)} USD in all, at ${price.usdPerHour} USD an hour (${price.source})` };
}
