import { Duration } from 'aws-cdk-lib';
import { NUMBER, required, type Shape, TEXT, TEXT_OR_EMPTY } from '../../core/shapes';
import { DATA_STORE, DURATION } from '../props/shapes';
import type { DataStore } from '../storage/data-store';
import { BATCH_COMPUTE, type BatchCompute } from './batch-compute';

/** Properties for `BatchInference`. */
export interface BatchInferenceProps {
  /** The bucket of the shards, in the region and account of the stack. */
  readonly input: DataStore;
  /** Prefix of the shards: each object below it is one. It ends in a slash; an empty text stands for the whole bucket. */
  readonly inputPrefix: string;
  /** The bucket of results, markers, checkpoints and records. It may be that of the input. */
  readonly results: DataStore;
  /** Prefix of all that is written. It ends in a slash, and lies outside the input prefix, and is that of no other workflow. @default 'batch/' */
  readonly resultsPrefix?: string;
  /** What works on the shards. */
  readonly compute: BatchCompute;
  /** Most shards of one job. Several make an array job, or one transform of many files: fewer steps to pay for and to wait for. 1 to 200. @default 1 */
  readonly shardsPerJob?: number;
  /** Most jobs at once. 1 to 10,000. @default - twice as many as the machines hold; 4 transforms */
  readonly concurrency?: number;
  /** Share of the shards that may fail, in whole percent: above it the run stops, and fails. @default 5 */
  readonly toleratedFailurePercent?: number;
  /** Time that a run may take. At most a year. @default Duration.days(7) */
  readonly timeout?: Duration;
}

/** The kinds of its props. */
export const BATCH_INFERENCE: Shape<BatchInferenceProps> = {
  input: required(DATA_STORE),
  inputPrefix: required(TEXT_OR_EMPTY),
  results: required(DATA_STORE),
  resultsPrefix: TEXT,
  compute: required(BATCH_COMPUTE),
  shardsPerJob: NUMBER,
  concurrency: NUMBER,
  toleratedFailurePercent: NUMBER,
  timeout: DURATION,
};

/** Its props with what is taken where nothing is said; `concurrency` is the compute's own where it is open. */
export function batchDefaults<P extends Omit<BatchInferenceProps, 'input' | 'results'>>(props: P) {
  const { resultsPrefix = 'batch/', shardsPerJob = 1, toleratedFailurePercent = 5, timeout = Duration.days(7) } = props;
  return { ...props, resultsPrefix, shardsPerJob, toleratedFailurePercent, timeout };
}
