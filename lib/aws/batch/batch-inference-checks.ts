import { Token } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Problems } from '../../core/errors';
import { checkPrefix, checkResultsApart } from '../../core/workload/shard-checks';
import { isKnown } from '../props/tokens';
import { bucketOf } from '../storage/data-store';
import type { ComputeContext, ComputeLimits } from './batch-compute';
import { batchDefaults, type BatchInferenceProps } from './batch-inference-options';
import { checkTime, checkWhole, MOST_CONCURRENCY } from './batch-numbers';
import { checkTaken } from './taken-results';

/**
 * Below what AWS Batch takes of an array, 2 to 10,000, and a bound of this library: all that the workflow says of a job must fit into
 * the 256 KiB of a state. `test/aws/batch/run.test.ts` fills jobs up to it, and sees each state stay below.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 * @see https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html
 */
const MOST_SHARDS_PER_JOB = 200;
/** @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MOST_RUN_SECONDS = 365 * 24 * 3600;

/** Props to judge: a bucket that is left out is one that will be made. */
export type JudgedProps = Omit<BatchInferenceProps, 'input' | 'results'> &
  Partial<Pick<BatchInferenceProps, 'input' | 'results'>>;

/** What a compute is told of the workflow. */
export function contextOf(given: BatchInferenceProps): ComputeContext {
  const { inputPrefix, resultsPrefix } = batchDefaults(given);
  const places = { input: bucketOf(given.input), inputPrefix, results: bucketOf(given.results), resultsPrefix };
  return { ...places, ...limitsOf(given) };
}

function limitsOf(given: JudgedProps): ComputeLimits {
  const { shardsPerJob, timeout, concurrency } = batchDefaults(given);
  const timeoutSeconds = timeout.isUnresolved() ? MOST_RUN_SECONDS : timeout.toSeconds({ integral: false });
  return { shardsPerJob, concurrency, timeoutSeconds };
}

/** Adds everything that contradicts itself in a workflow whose props have the right kinds. */
export function checkBatchInference(problems: Problems, props: JudgedProps, scope: Construct): void {
  checkNumbers(problems, props);
  checkTime(problems, props.timeout, {
    prop: 'timeout',
    least: 60,
    most: MOST_RUN_SECONDS,
    of: 'the longest execution of a workflow',
    fix: 'Take up to a year.',
  });
  checkPlaces(problems, props);
  if (props.results) checkTaken(problems, scope, bucketOf(props.results), batchDefaults(props).resultsPrefix);
  props.compute.way.check(problems, scope, limitsOf(props));
}

function checkNumbers(problems: Problems, props: JudgedProps): void {
  checkWhole(problems, props.shardsPerJob, {
    prop: 'shardsPerJob',
    least: 1,
    most: MOST_SHARDS_PER_JOB,
    of: 'whose names fit into the 256 KiB that a workflow hands from state to state',
    fix: 'The workflow runs many jobs at once: raise concurrency in its place.',
  });
  checkWhole(problems, props.concurrency, {
    prop: 'concurrency',
    least: 1,
    most: MOST_CONCURRENCY,
    of: 'the child executions of a distributed map',
    fix: 'Leave it out, or put more shards into a job.',
  });
  checkWhole(problems, props.toleratedFailurePercent, {
    prop: 'toleratedFailurePercent',
    least: 0,
    most: 100,
    of: 'percent',
    fix: 'Give whole percent, e.g. 5.',
  });
}

function checkPlaces(problems: Problems, { input, results, ...props }: JudgedProps): void {
  const { inputPrefix, resultsPrefix } = batchDefaults(props);
  const prefixes = { inputPrefix, resultsPrefix };
  const fine = (['inputPrefix', 'resultsPrefix'] as const).map(
    (prop) => isKnown(problems, prop, prefixes[prop]) && checkPrefix(problems, prop, prefixes[prop]),
  );
  if (!fine.every(Boolean) || !input || !results || !mayBeSame(bucketOf(input), bucketOf(results))) return;
  checkResultsApart(problems, prefixes, OWN);
}

/** What the workflow writes below its prefix. */
const OWN = ['output/', 'done/', 'checkpoints/', 'runs/'];

/** Whether two buckets are one, as far as is known. */
function mayBeSame(one: IBucket, other: IBucket): boolean {
  if (one === other) return true;
  const known = [one, other].map(({ bucketName }) => !Token.isUnresolved(bucketName));
  return known.every(Boolean) && one.bucketName === other.bucketName;
}
