import { checkNumbers } from './inputs';

/**
 * Bytes of a checkpoint per parameter: bf16 weights, fp32 weights and Adam's two moments. Gives the sizes of MLPerf Storage
 * (8B: 105 GiB, 70B: 912, 405B: 5,290) and BLOOM's 2.3 TB.
 * @see https://github.com/mlcommons/storage/blob/main/Submission_guidelines.md
 */
export const CHECKPOINT_BYTES_PER_PARAMETER = 14;

/** Bytes of a checkpoint with optimizer states. */
export function checkpointBytes(parameters: number): number {
  checkNumbers({ parameters }, { parameters: 'positive' });
  return CHECKPOINT_BYTES_PER_PARAMETER * parameters;
}

/** Accelerator-hours per unexpected interruption: 50,677 in Llama 3's 54 days; Epoch AI assumes 50,000. */
const ACCELERATOR_HOURS_PER_FAILURE = 50_000;

/**
 * Mean seconds between failures of a job, which fall as one over its accelerators.
 * @see https://arxiv.org/abs/2407.21783 (table 5) and https://arxiv.org/abs/2410.21680 (one over n)
 */
export function meanSecondsBetweenFailures(
  accelerators: number,
  hoursPerFailure = ACCELERATOR_HOURS_PER_FAILURE,
): number {
  checkNumbers({ accelerators, hoursPerFailure }, { accelerators: 'count', hoursPerFailure: 'positive' });
  return (hoursPerFailure * 3600) / accelerators;
}

/** Seconds between checkpoints that lose least work (Young 1974, Daly 2006): √(2·write·MTBF). */
export function bestCheckpointInterval(writeSeconds: number, secondsBetweenFailures: number): number {
  checkNumbers(
    { writeSeconds, secondsBetweenFailures },
    { writeSeconds: 'positive', secondsBetweenFailures: 'positive' },
  );
  return Math.sqrt(2 * writeSeconds * secondsBetweenFailures);
}

/** What checkpoints and failures cost a job. */
export interface CheckpointInput {
  readonly checkpointBytes: number;
  /** Bytes per second that the storage takes from all writers together. */
  readonly writeBytesPerSecond: number;
  readonly secondsBetweenFailures: number;
  /** Seconds that training stands still for a checkpoint. @default - the whole write: it is synchronous */
  readonly blockedSeconds?: number;
  /** Seconds from a failure to the next step. @default 600, assumed */
  readonly restartSeconds?: number;
}

/** How to write checkpoints. */
export interface CheckpointPlan {
  readonly writeSeconds: number;
  readonly intervalSeconds: number;
  /** Share of the time that training stands still to write. */
  readonly writing: number;
  /** Share of the time lost to writing, to work done twice and to restarts; 1 where nothing gets done. */
  readonly loss: number;
  /** Bytes per second at which writing takes `IDEAL_WRITING` of the time. */
  readonly idealBytesPerSecond: number;
  readonly verdict: 'ok' | 'slow' | 'too-slow';
}

/** Shares of the time that writing may take: beyond the first it is worth faster storage, beyond the second it is an error. */
export const IDEAL_WRITING = 0.02;
export const MOST_WRITING = 0.1;

/** The interval of least loss, and what is lost: C/T + T/2M + R/M. */
export function checkpointPlan(input: CheckpointInput): CheckpointPlan {
  checkNumbers(input, {
    checkpointBytes: 'positive',
    writeBytesPerSecond: 'positive',
    secondsBetweenFailures: 'positive',
    blockedSeconds: '?positive',
    restartSeconds: '?notNegative',
  });
  const { checkpointBytes: bytes, writeBytesPerSecond, secondsBetweenFailures: mtbf, restartSeconds = 600 } = input;
  const writeSeconds = bytes / writeBytesPerSecond;
  const blocked = Math.min(input.blockedSeconds ?? writeSeconds, writeSeconds);
  // A write that runs beside training must end before the next begins.
  const intervalSeconds = Math.max(Math.sqrt(2 * blocked * mtbf), writeSeconds);
  const writing = blocked / intervalSeconds;
  const loss = Math.min(1, writing + intervalSeconds / (2 * mtbf) + restartSeconds / mtbf);
  const idealBytesPerSecond = writeBandwidthFor(bytes, mtbf);
  return { writeSeconds, intervalSeconds, writing, loss, idealBytesPerSecond, verdict: verdictOf(writing) };
}

/** Bytes per second at which synchronous writes take that share of the time: C/T = √(C/2M), so C = 2·M·share². */
export function writeBandwidthFor(bytes: number, secondsBetweenFailures: number, share = IDEAL_WRITING): number {
  checkNumbers(
    { bytes, secondsBetweenFailures, share },
    { bytes: 'positive', secondsBetweenFailures: 'positive', share: 'share' },
  );
  return bytes / (2 * secondsBetweenFailures * share ** 2);
}

function verdictOf(writing: number): CheckpointPlan['verdict'] {
  if (writing > MOST_WRITING) return 'too-slow';
  return writing > IDEAL_WRITING ? 'slow' : 'ok';
}
