import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as PriceOf from '../../core/catalog/price-of';
import { AiInfraError, type Problems } from '../../core/errors';
import { ofPlanner } from '../../core/planning/plan-problems';
import type { AwsBatchOptions } from './aws-batch-options';
import type { BatchMarket } from './job-workflow';

/** What an hour of a machine costs in a market, with where that is from; or why it is not known. */
export interface MarketRate {
  readonly market: BatchMarket;
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

/** Prices of the table are of one region; where that of the stack is known only at deployment, they are of this one. */
export const USUAL_REGION = 'us-east-1';

/**
 * The price of the machine in each market, as of a day; adds what is impossible about the user's own prices. The table is loaded here, and
 * nowhere else: it takes longer than the rest of a workflow.
 */
export function ratesOf(
  problems: Problems,
  scope: Construct,
  { machine, prices: overrides, pricesAsOf }: AwsBatchOptions,
  markets: readonly BatchMarket[],
): MarketRate[] {
  const { newestPriceDay, priceOf } = require('../../core/catalog/price-of') as typeof PriceOf;
  const { region: own } = Stack.of(scope);
  const region = Token.isUnresolved(own) ? USUAL_REGION : own;
  const asOf = pricesAsOf ?? newestPriceDay();
  try {
    return markets.map((market) => {
      const { price, reason } = priceOf({ cloud: 'aws', machine: machine.name, region, market, asOf, overrides });
      if (!price) return { market, reason };
      const { usdPerHour, date, stale, source } = price;
      return { market, usdPerHour, ...(date !== undefined && { date }), stale, source };
    });
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    if (error.code === 'MachineUnknown')
      return markets.map((market) => ({ market, reason: 'the table has no such machine' }));
    for (const problem of error.problems) problems.add(ofPlanner(problem));
    return [];
  }
}
