import type * as Prices from '../../core/catalog/price-of';

/** The cost of a commitment, or the reason that it is unknown. */
export interface CommittedCost {
  /** Cost of all machines until the end of the term, in US dollars. @default - unknown; the catalog has no price for whole machines */
  readonly totalUsd?: number;
  /** The cost with its source, or the reason that it is unknown. */
  readonly text: string;
}

/** The machines and the term of a commitment. */
export interface CommittedTerm {
  /** Number of machines. */
  readonly nodes: number;
  /** Term in years. */
  readonly years: number;
}

const HOURS_PER_YEAR = 8760;

/** The cost of a commitment from the price catalog, which is loaded only here. A missing price is never replaced. */
export function committedCost(machine: string, region: string, term: CommittedTerm): CommittedCost {
  const { priceOf } = require('../../core/catalog/price-of') as typeof Prices;
  return costOf(priceOf({ cloud: 'google', machine, region, market: 'committed' }), term);
}

/** @internal The cost for an answer of the catalog. */
export function costOf({ price, reason }: Prices.PriceAnswer, { nodes, years }: CommittedTerm): CommittedCost {
  if (!price) return { text: `the price is unknown: ${reason}` };
  if (price.termYears !== years) {
    return { text: `the price is unknown: ${price.source} has a price for ${price.termYears ?? 'unknown'} years` };
  }
  const totalUsd = price.usdPerHour * nodes * years * HOURS_PER_YEAR;
  return {
    totalUsd,
    text: `${Math.round(totalUsd)} USD in total, at ${price.usdPerHour} USD per hour (${price.source})`,
  };
}
