import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { changingProgram, rateFindings, spotAlone, unpricedMarket } from '../../core/planning/batch-findings';
import { SPOT } from '../capacity/capacity-findings';
import { recordMachineFindings } from '../machine/machine-findings';
import { record } from '../template/findings';
import type { AwsBatchOptions } from './aws-batch-options';
import { type MarketRate, DEFAULT_REGION } from './batch-prices';
import type { BatchMarket } from './job-workflow';

/** Records that the cost of runs in a market is unknown. */
export function recordUnpriced(scope: Construct, market: BatchMarket, reason: string, prop: string): void {
  record(scope, unpricedMarket(market, reason, prop));
}

/** Records the findings for jobs of AWS Batch. */
export function recordAwsBatchFindings(
  scope: Construct,
  options: AwsBatchOptions,
  markets: readonly BatchMarket[],
  rates: readonly MarketRate[],
): void {
  recordImage(scope, options.image);
  recordMachineFindings(scope, options.machine);
  if (markets.includes('spot') && !markets.includes('on-demand')) {
    record(scope, spotAlone(options.machine.name, { level: 'warning', evidence: SPOT }));
  }
  recordPrices(scope, rates);
}

const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

function recordImage(scope: Construct, image: string): void {
  if (Token.isUnresolved(image) || BY_DIGEST.test(image)) return;
  const evidence = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html';
  record(scope, changingProgram(image, { level: 'warning', evidence }));
}

function recordPrices(scope: Construct, rates: readonly MarketRate[]): void {
  for (const finding of rateFindings(rates)) record(scope, finding);
  if (!Token.isUnresolved(Stack.of(scope).region)) return;
  record(scope, {
    id: 'cost/region',
    level: 'info',
    message: `The region is known only at deployment, so runs are recorded with prices of ${DEFAULT_REGION}.`,
    fix: 'Set the region in the env of the stack, or set prices.',
    evidence: 'the table of prices',
  });
}
