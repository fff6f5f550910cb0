import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Problems } from '../../core/errors';
import { type MarketRate as Rate, marketRates } from '../../core/planning/market-rates';
import type { AwsBatchOptions } from './aws-batch-options';
import type { BatchMarket } from './job-workflow';

/** What an hour of a machine costs in a market, with where that is from; or why it is not known. */
export type MarketRate = Rate<BatchMarket>;

/** Prices of the table are of one region; where that of the stack is known only at deployment, they are of this one. */
export const USUAL_REGION = 'us-east-1';

/** The price of the machine in each market, as of a day; adds what is impossible about the user's own prices. */
export function ratesOf(
  problems: Problems,
  scope: Construct,
  { machine, prices, pricesAsOf }: AwsBatchOptions,
  markets: readonly BatchMarket[],
): MarketRate[] {
  const { region: own } = Stack.of(scope);
  const region = Token.isUnresolved(own) ? USUAL_REGION : own;
  return marketRates(problems, { cloud: 'aws', machine: machine.name, region, markets, prices, pricesAsOf });
}
