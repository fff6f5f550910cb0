import { Token } from 'aws-cdk-lib';
import type { ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Problems } from '../../core/errors';
import { isImageReference } from '../../core/image-reference';
import { required } from '../../core/shapes';
import { Capacity } from '../capacity/capacity';
import { checkSubnets, selectSubnets } from '../network/node-subnets';
import { checkVolume } from '../nodes/node-group-checks';
import { VPC } from '../props/shapes';
import type { AwsBatchOptions } from './aws-batch-options';
import { checkTime, checkWhole } from './batch-numbers';
import type { ComputeLimits } from './batch-compute';
import type { BatchMarket } from './job-workflow';
import { checkBatchMachine, checkShare } from './machine-share';

/** @see https://docs.aws.amazon.com/batch/latest/APIReference/API_RetryStrategy.html */
export const MOST_ATTEMPTS = 10;
/** A compute environment counts vCPUs in an Integer; no account has as many. */
const MOST_MACHINES = 10_000;

/** How jobs are bought, where nothing is said. */
export function defaultCapacity(): Capacity {
  return Capacity.spot({ fallback: Capacity.onDemand() });
}

/** The markets of a capacity, in the order in which they are tried. */
export function marketsOf(capacity: Capacity = defaultCapacity()): BatchMarket[] {
  return [capacity.market, ...(capacity.fallback ? [capacity.fallback.market] : [])].filter(isMarket);
}

function isMarket(market: string): market is BatchMarket {
  return market === 'spot' || market === 'on-demand';
}

/** The subnets of the machines: those selected, else the private ones, else the isolated ones. */
export function subnetsOf(vpc: IVpc, selection?: SubnetSelection): ISubnet[] {
  if (selection) return selectSubnets(vpc, selection);
  return vpc.privateSubnets.length > 0 ? vpc.privateSubnets : vpc.isolatedSubnets;
}

/** Adds what AWS Batch would refuse of its jobs, or never run. */
export function checkAwsBatch(problems: Problems, options: AwsBatchOptions, context: ComputeLimits): void {
  const { machine, mostMachines, gpusPerShard, sharedMemoryGiB, rootVolumeGiB, attempts } = options;
  const before = problems.all.length;
  checkBatchMachine(problems, machine);
  if (problems.all.length === before) checkShare(problems, machine, gpusPerShard, sharedMemoryGiB);
  checkBatchCapacity(problems, options);
  checkVolume(problems, rootVolumeGiB);
  checkWhole(problems, mostMachines, {
    prop: 'mostMachines',
    least: 1,
    most: MOST_MACHINES,
    of: 'the machines of a compute environment',
    fix: 'Give the most that you want to pay for at once.',
  });
  checkWhole(problems, attempts, {
    prop: 'attempts',
    least: 1,
    most: MOST_ATTEMPTS,
    of: 'the attempts that AWS Batch makes',
    fix: 'Write checkpoints, so that an attempt loses little.',
  });
  checkTimes(problems, options, context);
  checkImage(problems, options.image);
  checkVariables(problems, options.environment);
  checkPlace(problems, options);
}

function checkPlace(problems: Problems, { vpc, subnets }: AwsBatchOptions): void {
  if (vpc) checkSubnets(problems, 'subnets', subnetsOf(vpc, subnets));
  else if (subnets) required(VPC).fits(problems, 'vpc', vpc);
}

// Of `JobStateTimeLimitAction`: botocore 1.44.8, batch 2016-08-10; read 2026-11-25.
const LEAST_PATIENCE_SECONDS = 600;
const MOST_PATIENCE_SECONDS = 86_400;

function checkTimes(problems: Problems, { shardTimeout, spotPatience }: AwsBatchOptions, context: ComputeLimits): void {
  checkTime(problems, shardTimeout, {
    prop: 'shardTimeout',
    least: 60,
    most: context.timeoutSeconds,
    of: 'the time of the whole run',
    fix: 'Make shards smaller, or raise timeout.',
  });
  checkTime(problems, spotPatience, {
    prop: 'spotPatience',
    least: LEAST_PATIENCE_SECONDS,
    most: MOST_PATIENCE_SECONDS,
    of: 'what a queue of AWS Batch takes',
    fix: 'Take from 10 minutes to a day.',
  });
}

function checkBatchCapacity(
  problems: Problems,
  { machine, capacity = defaultCapacity(), attempts }: AwsBatchOptions,
): void {
  const { market, fallback } = capacity;
  for (const [prop, one] of [
    ['capacity', market],
    ['capacity.fallback', fallback?.market],
  ] as const) {
    if (one === undefined) continue;
    if (!isMarket(one) || (prop === 'capacity.fallback' && one === 'spot')) {
      problems.add({
        code: 'BatchCapacity',
        prop,
        allowed: prop === 'capacity' ? 'on-demand or spot' : 'on-demand, after spot',
        got: one,
        fix: 'Use Capacity.onDemand(), or Capacity.spot({ fallback: Capacity.onDemand() }).',
      });
    } else if (!machine.markets.includes(one)) {
      problems.add({
        code: 'MarketUnsupported',
        prop,
        allowed: `one of ${machine.markets.join(', ')} for ${machine.name}`,
        got: one,
        fix: 'Buy it in a market where it is sold.',
      });
    }
  }
  if (market !== 'spot' || fallback || attempts !== 1) return;
  problems.add({
    code: 'SpotRetries',
    prop: 'attempts',
    allowed: '2 or more on spot capacity without a fallback',
    got: attempts,
    fix: 'Leave it out, or add a fallback to on-demand.',
  });
}

function checkImage(problems: Problems, image: string): void {
  if (Token.isUnresolved(image) || isImageReference(image)) return;
  problems.add({
    code: 'BatchImage',
    prop: 'image',
    allowed: 'an image reference, e.g. 111122223333.dkr.ecr.us-east-1.amazonaws.com/worker@sha256:…',
    got: image,
    fix: 'Copy the URI from the registry, without https://.',
  });
}

const VARIABLE = /^[A-Za-z_]\w*$/;

/** What the workflow tells a container: users may not say it otherwise. */
export const SHARD_VARIABLES = [
  'RUN',
  'SHARDS_URI',
  'SHARD',
  'INPUT_URI',
  'OUTPUT_URI',
  'CHECKPOINT_URI',
  'MARKER_URI',
];

function checkVariables(problems: Problems, environment: Readonly<Record<string, string>> = {}): void {
  for (const name of Object.keys(environment)) {
    if (VARIABLE.test(name) && !SHARD_VARIABLES.includes(name) && !name.startsWith('AWS_BATCH')) continue;
    problems.add({
      code: 'BatchVariable',
      prop: `environment.${name}`,
      allowed: `a name of letters, digits and _, not AWS_BATCH… and none of ${SHARD_VARIABLES.join(', ')}`,
      got: name,
      fix: 'Rename it.',
    });
  }
}
