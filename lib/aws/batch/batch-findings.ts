import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { recordMachineFindings } from '../machine/machine-findings';
import { record } from '../template/findings';
import type { AwsBatchOptions } from './aws-batch-options';
import { type MarketRate, USUAL_REGION } from './batch-prices';
import type { BatchMarket } from './job-workflow';

/** Records that what runs in a market cost is not known. */
export function recordUnpriced(scope: Construct, market: BatchMarket, why: string, prop: string): void {
  record(scope, {
    id: 'batch/unpriced-market',
    level: 'warning',
    message: `The cost of ${market} machines is not recorded: ${why}.`,
    fix: `State the price in ${prop}, or acknowledge this.`,
    evidence: 'the table of prices',
  });
}

/** Records what is doubtful about jobs of AWS Batch. */
export function recordAwsBatchFindings(
  scope: Construct,
  options: AwsBatchOptions,
  markets: readonly BatchMarket[],
  rates: readonly MarketRate[],
): void {
  recordImage(scope, options.image);
  recordMachineFindings(scope, options.machine);
  if (markets.includes('spot') && !markets.includes('on-demand')) {
    record(scope, {
      id: 'spot/no-fallback',
      level: 'warning',
      message: `Shards wait for spot capacity of ${options.machine.name}, however long there is none.`,
      fix: 'Use Capacity.spot({ fallback: Capacity.onDemand() }), or acknowledge this.',
      evidence: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-interruptions.html',
    });
  }
  recordPrices(scope, rates);
}

const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

function recordImage(scope: Construct, image: string): void {
  if (Token.isUnresolved(image) || BY_DIGEST.test(image)) return;
  record(scope, {
    id: 'image/mutable',
    level: 'warning',
    message: `${image} is named by a tag: a rerun may finish with another program than the run that began.`,
    fix: 'Name it by its digest, …@sha256:…, or acknowledge this.',
    evidence: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html',
  });
}

function recordPrices(scope: Construct, rates: readonly MarketRate[]): void {
  for (const { market, usdPerHour, stale, date, reason = '', source = '' } of rates) {
    if (usdPerHour === undefined) {
      recordUnpriced(scope, market, reason, 'prices');
    } else if (stale) {
      record(scope, {
        id: 'cost/price',
        level: 'info',
        message: `The ${market} price that runs are recorded with is ${date === undefined ? 'undated' : `of ${date}`}.`,
        fix: 'State the price of today in prices.',
        evidence: source,
      });
    }
  }
  if (!Token.isUnresolved(Stack.of(scope).region)) return;
  record(scope, {
    id: 'cost/region',
    level: 'info',
    message: `The region is known only at deployment: runs are recorded with prices of ${USUAL_REGION}.`,
    fix: 'Give the stack an env with its region, or state prices.',
    evidence: 'the table of prices',
  });
}
