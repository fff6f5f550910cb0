import { checkNumbers } from '../time/inputs';

/**
 * Bytes of a checkpoint per parameter: bf16 weights, fp32 weights and the two moments of Adam. Matches the sizes of MLPerf Storage
 * (8B: 105 GiB, 70B: 912, 405B: 5,290) and the 2.3 TB of BLOOM.
 * @see https://github.com/mlcommons/storage/blob/main/Submission_guidelines.md
 */
export const CHECKPOINT_BYTES_PER_PARAMETER = 14;

/** Returns the bytes of a checkpoint with optimizer states. */
export function checkpointBytes(parameters: number): number {
  checkNumbers({ parameters }, { parameters: 'positive' });
  return CHECKPOINT_BYTES_PER_PARAMETER * parameters;
}

/** Accelerator-hours per unexpected interruption: 50,677 in the 54 days of Llama 3; Epoch AI assumes 50,000. */
const ACCELERATOR_HOURS_PER_FAILURE = 50_000;

/**
 * Returns the mean seconds between failures of a job, which are inversely proportional to its accelerators.
 * @see https://arxiv.org/abs/2407.21783 (table 5) and https://arxiv.org/abs/2410.21680 (inversely proportional)
 */
export function meanSecondsBetweenFailures(
  accelerators: number,
  hoursPerFailure = ACCELERATOR_HOURS_PER_FAILURE,
): number {
  checkNumbers({ accelerators, hoursPerFailure }, { accelerators: 'count', hoursPerFailure: 'positive' });
  return (hoursPerFailure * 3600) / accelerators;
}

/** Returns the checkpoint interval with the smallest loss of work (Young 1974, Daly 2006): √(2·write·MTBF). */
export function bestCheckpointInterval(writeSeconds: number, secondsBetweenFailures: number): number {
  checkNumbers(
    { writeSeconds, secondsBetweenFailures },
    { writeSeconds: 'positive', secondsBetweenFailures: 'positive' },
  );
  return Math.sqrt(2 * writeSeconds * secondsBetweenFailures);
}

/** Inputs for the checkpoint interval. */
export interface CheckpointInput {
  readonly checkpointBytes: number;
  /** Write throughput of the storage for all writers together. */
  readonly writeBytesPerSecond: number;
  readonly secondsBetweenFailures: number;
  /** Length of the job. A job that ends before its first checkpoint writes only the last one. @default - unknown: longer than the interval */
  readonly jobSeconds?: number | undefined;
  /** Seconds that training pauses for a checkpoint. @default - the duration of the write: it is synchronous */
  readonly blockedSeconds?: number;
  /** Seconds from a failure to the next step. The default is assumed. @default 600 */
  readonly restartSeconds?: number;
}

/** The checkpoint interval, and its cost. */
export interface CheckpointPlan {
  readonly writeSeconds: number;
  readonly intervalSeconds: number;
  /** Share of the time that training pauses for writing. */
  readonly writing: number;
  /** Share of the time lost to writing, repeated work and restarts. 1 if the job makes no progress. */
  readonly loss: number;
  /** Bytes per second at which writing takes `IDEAL_WRITING` of the time. */
  readonly idealBytesPerSecond: number;
  readonly verdict: 'ok' | 'slow' | 'too-slow';
}

/** Limits for the share of the time for writing. Above the first, faster storage is worth its cost. Above the second, it is an error. */
export const IDEAL_WRITING = 0.02;
export const MAX_WRITING = 0.1;

/** Calculates the interval with the smallest loss, and the loss: C/T + T/2M + R/M. */
export function checkpointPlan(input: CheckpointInput): CheckpointPlan {
  checkNumbers(input, {
    checkpointBytes: 'positive',
    writeBytesPerSecond: 'positive',
    secondsBetweenFailures: 'positive',
    jobSeconds: '?positive',
    blockedSeconds: '?positive',
    restartSeconds: '?notNegative',
  });
  const { checkpointBytes: bytes, writeBytesPerSecond, secondsBetweenFailures: mtbf, restartSeconds = 600 } = input;
  const { jobSeconds = Infinity } = input;
  const writeSeconds = bytes / writeBytesPerSecond;
  const blocked = Math.min(input.blockedSeconds ?? writeSeconds, writeSeconds);
  // An asynchronous write must end before the next one begins.
  const best = Math.max(Math.sqrt(2 * blocked * mtbf), writeSeconds);
  const intervalSeconds = Math.max(writeSeconds, Math.min(best, MAX_INTERVAL_SECONDS, jobSeconds));
  const writing = blocked / intervalSeconds;
  const loss = Math.min(1, writing + intervalSeconds / (2 * mtbf) + restartSeconds / mtbf);
  const idealBytesPerSecond = writeBandwidthFor(bytes, mtbf, { jobSeconds });
  const verdict = intervalSeconds >= jobSeconds ? 'ok' : verdictOf(writing);
  return { writeSeconds, intervalSeconds, writing, loss, idealBytesPerSecond, verdict };
}

/** Maximum checkpoint interval. Assumed: even where failures are rare, one must not cost more than a day of work. */
const MAX_INTERVAL_SECONDS = 86_400;

/** Limits for the write throughput. */
export interface WriteLimits {
  /** Share of the time for writing. @default 0.02 */
  readonly share?: number;
  /** Length of the job. @default - unknown: longer than the interval */
  readonly jobSeconds?: number | undefined;
}

/**
 * Returns the write throughput at which synchronous writes take a share of the time. At the best interval T, the write time C is the share
 * of T, and T = √(2·C·M), so T = 2·M·share. A job that is shorter than an interval writes once, and that can take a tenth of its time.
 */
export function writeBandwidthFor(bytes: number, secondsBetweenFailures: number, limits: WriteLimits = {}): number {
  const { share = IDEAL_WRITING, jobSeconds = Infinity } = limits;
  checkNumbers(
    { bytes, secondsBetweenFailures, share },
    { bytes: 'positive', secondsBetweenFailures: 'positive', share: 'share' },
  );
  const interval = Math.min(2 * secondsBetweenFailures * share, MAX_INTERVAL_SECONDS);
  return jobSeconds <= interval ? bytes / (MAX_WRITING * jobSeconds) : bytes / (interval * share);
}

function verdictOf(writing: number): CheckpointPlan['verdict'] {
  if (writing > MAX_WRITING) return 'too-slow';
  return writing > IDEAL_WRITING ? 'slow' : 'ok';
}
