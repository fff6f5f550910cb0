import { Token } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Problems } from '../../core/errors';
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

// Letters that need no escape in a URI, in JSON and in JSONata, as S3 calls them safe.
const PREFIX = /^([A-Za-z0-9!_.=-]+\/)+$/;
/** A key of S3 has 1,024 bytes: what the workflow adds to a shard's name must leave some. */
const LONGEST_PREFIX = 256;

function checkPlaces(problems: Problems, { input, results, ...props }: JudgedProps): void {
  const { inputPrefix, resultsPrefix } = batchDefaults(props);
  const fine = [
    checkPrefix(problems, 'inputPrefix', inputPrefix, true),
    checkPrefix(problems, 'resultsPrefix', resultsPrefix, false),
  ];
  if (!fine.every(Boolean) || !input || !results || !mayBeSame(bucketOf(input), bucketOf(results))) return;
  if (!resultsPrefix.startsWith(inputPrefix)) {
    if (inputPrefix.startsWith(resultsPrefix)) checkOwn(problems, inputPrefix, resultsPrefix);
    return;
  }
  problems.add({
    code: 'ShardPrefix',
    prop: 'resultsPrefix',
    allowed: `outside ${inputPrefix === '' ? 'the bucket of the input, whose every object is a shard' : inputPrefix}: results would be the shards of the next run`,
    got: resultsPrefix,
    fix: 'Put results into a bucket of their own, or beside the input.',
  });
}

/** What the workflow writes below its prefix. */
const OWN = ['output/', 'done/', 'checkpoints/', 'runs/'];

function checkOwn(problems: Problems, inputPrefix: string, resultsPrefix: string): void {
  const own = OWN.find((each) => inputPrefix.startsWith(resultsPrefix + each));
  if (own === undefined) return;
  problems.add({
    code: 'ShardPrefix',
    prop: 'inputPrefix',
    allowed: `outside ${resultsPrefix}${own}, where this workflow writes: results would be the shards of the next run`,
    got: inputPrefix,
    fix: 'Give the workflow another resultsPrefix.',
  });
}

function checkPrefix(problems: Problems, prop: string, prefix: string, mayBeEmpty: boolean): boolean {
  if (!isKnown(problems, prop, prefix)) return false;
  if ((mayBeEmpty && prefix === '') || (PREFIX.test(prefix) && prefix.length <= LONGEST_PREFIX)) return true;
  problems.add({
    code: 'ShardPrefix',
    prop,
    allowed: `at most ${LONGEST_PREFIX} letters, digits and !_.=-/ that end in a slash and begin with none`,
    got: prefix,
    fix: "Write it like 'requests/2026/'.",
  });
  return false;
}

/** Whether two buckets are one, as far as is known. */
function mayBeSame(one: IBucket, other: IBucket): boolean {
  if (one === other) return true;
  const known = [one, other].map(({ bucketName }) => !Token.isUnresolved(bucketName));
  return known.every(Boolean) && one.bucketName === other.bucketName;
}
