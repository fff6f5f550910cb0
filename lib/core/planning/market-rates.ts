import type * as PriceOf from '../catalog/price-of';
import type { Cloud } from '../catalog/machines';
import type { PriceOverride } from '../catalog/price-override';
import type { PriceMarket } from '../catalog/prices';
import { AiInfraError, type Problems } from '../errors';
import { ofPlanner } from './plan-problems';

/** What an hour of a machine costs in a market, with where that is from; or why it is not known. */
export interface MarketRate<Market extends string = string> {
  readonly market: Market;
  /** USD for the whole machine for an hour. @default - not known: see `reason` */
  readonly usdPerHour?: number;
  /** The day that it was read. @default - not recorded */
  readonly date?: string;
  readonly stale?: boolean;
  /** Where it was read. */
  readonly source?: string;
  /** Why it is not known. */
  readonly reason?: string;
}

/** Whose prices are asked for. */
export interface RatesQuery<Market extends PriceMarket> {
  readonly cloud: Cloud;
  readonly machine: string;
  readonly region: string;
  readonly markets: readonly Market[];
  /** @default - those of the table alone */
  readonly prices?: readonly PriceOverride[];
  /** @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
}

/**
 * The price of a machine in each market, as of a day; adds what is impossible about the user's own prices. The table is loaded here, and
 * nowhere else: it takes longer than the rest of a workflow.
 */
export function marketRates<Market extends PriceMarket>(
  problems: Problems,
  { cloud, machine, region, markets, prices: overrides, pricesAsOf }: RatesQuery<Market>,
): MarketRate<Market>[] {
  const { newestPriceDay, priceOf } = require('../catalog/price-of') as typeof PriceOf;
  const asOf = pricesAsOf ?? newestPriceDay();
  try {
    return markets.map((market) => {
      const { price, reason } = priceOf({ cloud, machine, region, market, asOf, overrides });
      if (!price) return { market, reason };
      const { usdPerHour, date, stale, source } = price;
      return { market, usdPerHour, ...(date !== undefined && { date }), stale, source };
    });
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    if (error.code === 'MachineUnknown') {
      return markets.map((market) => ({ market, reason: 'the table has no such machine' }));
    }
    for (const problem of error.problems) problems.add(ofPlanner(problem));
    return [];
  }
}
