import { Token } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { checkPrefix, checkResultsApart } from '../../core/workload/shard-checks';
import { isKnown } from '../props/tokens';
import { bucketOf } from '../storage/bucket-of';
import type { ComputeContext, ComputeLimits } from './batch-compute';
import { type BatchEstimate, checkWorkLimits, estimateWork } from './batch-estimate';
import { batchDefaults, type BatchInferenceProps } from './batch-inference-props';
import { checkTime, checkWhole, MAX_CONCURRENCY } from './batch-numbers';
import { checkResultsPrefix } from './results-prefix-claims';

/**
 * A limit of this library: the data of a job must fit into the 256 KiB of a state. AWS Batch supports arrays of 2 to 10,000 jobs.
 * `test/aws/batch/run.test.ts` runs jobs of this size, and checks the size of each state.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 * @see https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html
 */
const MAX_SHARDS_PER_TASK = 200;
/** @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_RUN_SECONDS = 365 * 24 * 3600;

/** Props to validate. A bucket that is left out is created later. */
export type CheckedProps = Omit<BatchInferenceProps, 'input' | 'results'> &
  Partial<Pick<BatchInferenceProps, 'input' | 'results'>>;

/** Returns the locations and limits for a compute. */
export function contextOf(props: BatchInferenceProps): ComputeContext {
  const { inputPrefix, resultsPrefix } = batchDefaults(props);
  const locations = { input: bucketOf(props.input), inputPrefix, results: bucketOf(props.results), resultsPrefix };
  return { ...locations, ...limitsOf(props) };
}

function limitsOf(props: CheckedProps): ComputeLimits {
  const { shardsPerTask, timeout, concurrency } = batchDefaults(props);
  const timeoutSeconds = timeout.isUnresolved() ? MAX_RUN_SECONDS : timeout.toSeconds({ integral: false });
  return { shardsPerTask, concurrency, timeoutSeconds };
}

/** Validates the values of the props, whose types are valid already. Returns the estimate of `work`. */
export function checkBatchInference(
  problems: ProblemCollector,
  props: CheckedProps,
  scope: Construct,
): BatchEstimate | undefined {
  checkNumbers(problems, props);
  checkTime(problems, props.timeout, {
    prop: 'timeout',
    min: 60,
    max: MAX_RUN_SECONDS,
    of: 'the limit of an execution of Step Functions',
    fix: 'Use 1 minute to 1 year.',
  });
  if (props.work) checkWorkLimits(problems.within('work'), props.work);
  checkLocations(problems, props);
  if (props.results) checkResultsPrefix(problems, scope, bucketOf(props.results), batchDefaults(props).resultsPrefix);
  const { backend } = props.compute;
  backend.check(problems, scope, limitsOf(props));
  if (!props.work || problems.all.length > 0) return undefined;
  return estimateWork(problems, scope, props.work, backend.estimateInput(scope, limitsOf(props)));
}

function checkNumbers(problems: ProblemCollector, props: CheckedProps): void {
  checkWhole(problems, props.shardsPerTask, {
    prop: 'shardsPerTask',
    min: 1,
    max: MAX_SHARDS_PER_TASK,
    of: 'the shards whose names fit into the 256 KiB of a workflow state',
    fix: 'Raise concurrency instead: the workflow runs many jobs at once.',
  });
  checkWhole(problems, props.concurrency, {
    prop: 'concurrency',
    min: 1,
    max: MAX_CONCURRENCY,
    of: 'the child executions of a distributed map',
    fix: 'Leave it out, or raise shardsPerTask.',
  });
  checkWhole(problems, props.toleratedFailurePercent, {
    prop: 'toleratedFailurePercent',
    min: 0,
    max: 100,
    of: 'in percent',
    fix: 'Use a whole percentage, for example 5.',
  });
}

function checkLocations(problems: ProblemCollector, { input, results, ...props }: CheckedProps): void {
  const { inputPrefix, resultsPrefix } = batchDefaults(props);
  const prefixes = { inputPrefix, resultsPrefix };
  const valid = (['inputPrefix', 'resultsPrefix'] as const).map(
    (prop) => isKnown(problems, prop, prefixes[prop]) && checkPrefix(problems, prop, prefixes[prop]),
  );
  if (!valid.every(Boolean) || !input || !results || !areSame(bucketOf(input), bucketOf(results))) return;
  checkResultsApart(problems, prefixes, WRITTEN);
}

/** The prefixes that a workflow writes below its results prefix. */
const WRITTEN = ['output/', 'done/', 'checkpoints/', 'runs/'];

/** Whether two buckets are the same at synthesis. */
function areSame(one: IBucket, other: IBucket): boolean {
  if (one === other) return true;
  const known = [one, other].map(({ bucketName }) => !Token.isUnresolved(bucketName));
  return known.every(Boolean) && one.bucketName === other.bucketName;
}
