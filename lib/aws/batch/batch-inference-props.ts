import { Duration } from 'aws-cdk-lib';
import type { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { IDataBucket } from '../storage/data-bucket';
import type { BatchCompute } from './batch-compute';
import type { PlannedBatchWork } from './batch-estimate';

/** Properties for `BatchInference`. */
export interface BatchInferenceProps {
  /** Bucket of the shards, in the region and account of the stack. */
  readonly input: IDataBucket;
  /**
   * Prefix of the shards. Each object is a shard. Ends with a slash; an empty string means the whole bucket.
   * @schema STRING_OR_EMPTY
   */
  readonly inputPrefix: string;
  /** Bucket of the results, markers, checkpoints and records. It can be the bucket of the shards. */
  readonly results: IDataBucket;
  /** Prefix of the results, markers, checkpoints and records. Ends with a slash, is outside the input prefix, and belongs to one workflow only. @default 'batch/' */
  readonly resultsPrefix?: string;
  /** The service and the machines that process the shards. */
  readonly compute: BatchCompute;
  /** Maximum number of shards in one job, 1 to 200. Several shards are one array job or one transform job, which means fewer state transitions. @default 1 */
  readonly shardsPerTask?: number;
  /** Maximum number of concurrent jobs, 1 to 10,000. @default - twice the number that the machines can run, or 4 transform jobs */
  readonly concurrency?: number;
  /** Percentage of shards that can fail before the run stops and fails, a whole number from 0 to 100. @default 5 */
  readonly toleratedFailurePercent?: number;
  /** Time limit of a run, from 1 minute to 1 year. @default Duration.days(7) */
  readonly timeout?: Duration;
  /** Schedule of the runs. @default - you start each run yourself */
  readonly schedule?: ScheduleExpression;
  /** Work of each run. It is estimated, and its limits are validated. @default - no estimate */
  readonly work?: PlannedBatchWork;
}

/** Fills in the defaults, except `concurrency`, which depends on the compute. */
export function batchDefaults<P extends Omit<BatchInferenceProps, 'input' | 'results'>>(props: P) {
  const {
    resultsPrefix = 'batch/',
    shardsPerTask = 1,
    toleratedFailurePercent = 5,
    timeout = Duration.days(7),
  } = props;
  return { ...props, resultsPrefix, shardsPerTask, toleratedFailurePercent, timeout };
}
