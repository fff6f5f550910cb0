import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { type MarketRate as Rate, marketRates } from '../../core/planning/market-rates';
import type { AwsBatchOptions } from './aws-batch-options';
import type { BatchMarket } from './job-workflow';

/** The price of a machine in a market with its source, or the reason why it is unknown. */
export type MarketRate = Rate<BatchMarket>;

/** Region of the prices if the region of the stack is known only at deployment. */
export const DEFAULT_REGION = 'us-east-1';

/** Returns the price of the machine in each market, and adds a problem for each invalid own price. */
export function ratesOf(
  problems: ProblemCollector,
  scope: Construct,
  { machine, prices }: AwsBatchOptions,
  markets: readonly BatchMarket[],
): MarketRate[] {
  const { region: stackRegion } = Stack.of(scope);
  const region = Token.isUnresolved(stackRegion) ? DEFAULT_REGION : stackRegion;
  return marketRates(problems, { cloud: 'aws', machine: machine.name, region, markets, prices });
}
