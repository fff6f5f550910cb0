import type { Prices } from '../../catalog/price-override';
import type * as PriceOf from '../../catalog/price-of';
import type { Cloud } from '../../catalog/machines';
import type { PriceMarket } from '../../catalog/prices';
import { AiInfraError, type ProblemCollector } from '../../errors';
import { plannerProblem } from '../plan-problems';

/** The price of a machine in a market with its source, or the reason why it is unknown. */
export interface MarketRate<Market extends string = string> {
  readonly market: Market;
  /** Price in USD per hour, for the whole machine. @default - unknown, see `reason` */
  readonly usdPerHour?: number;
  /** Day on which the price was read. @default - not recorded */
  readonly date?: string;
  /** Whether the price is older than 90 days, or undated. @default - the price is unknown */
  readonly stale?: boolean;
  /** Source of the price. @default - the price is unknown */
  readonly source?: string;
  /** Why the price is unknown. @default - the price is known */
  readonly reason?: string;
}

/** The machine, region and markets to look up prices for. */
export interface RatesQuery<Market extends PriceMarket> {
  readonly cloud: Cloud;
  readonly machine: string;
  readonly region: string;
  readonly markets: readonly Market[];
  /** Your own prices, and the day that their age is counted from. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/**
 * Returns the price of a machine in each market, and adds a problem for each invalid own price. The price table is loaded here, because it
 * takes longer to load than the rest of a workflow.
 */
export function marketRates<Market extends PriceMarket>(
  problems: ProblemCollector,
  { cloud, machine, region, markets, prices }: RatesQuery<Market>,
): MarketRate<Market>[] {
  const { priceOf } = require('../../catalog/price-of') as typeof PriceOf;
  try {
    return markets.map((market) => {
      const { price, reason } = priceOf({ cloud, machine, region, market, prices });
      if (!price) return { market, reason };
      const { usdPerHour, date, stale, source } = price;
      return { market, usdPerHour, ...(date !== undefined && { date }), stale, source };
    });
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    if (error.code === 'MachineUnknown') {
      return markets.map((market) => ({ market, reason: 'the table has no such machine' }));
    }
    for (const problem of error.problems) problems.add(plannerProblem(problem));
    return [];
  }
}
