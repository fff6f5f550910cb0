import { FULL_RUNS } from './catalog/full-runs';
import type { SecondsRange } from './cost';
import { checkNumbers } from './inputs';
import { activeParameters, checkShape, type ModelShape } from './model-shape';

/**
 * Returns the training FLOP per token: 6·N + 6·L·h·s for causal attention, 12·L·h·s without the mask. For a mixture of experts, N is the
 * active parameters. LoRA needs no gradients of the frozen weights: 4·N.
 * @see https://arxiv.org/abs/2204.02311 (appendix B)
 */
export function trainingFlopsPerToken(
  shape: ModelShape,
  sequenceLength: number,
  options: { readonly causal?: boolean; readonly frozen?: boolean } = {},
): number {
  checkShape(shape);
  checkNumbers({ sequenceLength }, { sequenceLength: 'count' });
  const { causal = true, frozen = false } = options;
  const attention = (causal ? 6 : 12) * shape.layers * shape.hidden * sequenceLength;
  return (frozen ? 4 : 6) * activeParameters(shape) + attention;
}

/**
 * Typical goodput: the share of the step rate that the median of published full runs kept over all hours. The rest was lost to failures,
 * restarts, checkpoints, evaluations and slow phases. The published runs show no difference between large and small runs.
 */
export const TYPICAL_GOODPUT: number = FULL_RUNS.median;

/** The lower quartile of full runs, as a share of the median. */
const SLOW_RUN: number = FULL_RUNS.p25 / FULL_RUNS.median;

/** Inputs for the duration of a run. */
export interface TrainingTimeInput {
  /** Total tokens to train on. */
  readonly tokens: number;
  readonly flopsPerToken: number;
  readonly accelerators: number;
  /** TFLOP/s per accelerator: see `trainingRate`. */
  readonly rate: { readonly p25: number; readonly median: number };
  /** Share of the step rate that the run keeps over all hours. @default - the typical goodput */
  readonly goodput?: number;
}

/**
 * Returns the seconds of a run, T = F·D / (n·rate·goodput), as a range. The slow end is that of the step rate, or that of full runs if
 * their range is wider.
 */
export function trainingTime(input: TrainingTimeInput): SecondsRange {
  checkNumbers(input, { tokens: 'positive', flopsPerToken: 'positive', accelerators: 'count', goodput: '?share' });
  checkNumbers(input.rate, { p25: 'positive', median: 'positive' });
  const { tokens, flopsPerToken, accelerators, rate, goodput = TYPICAL_GOODPUT } = input;
  const seconds = (teraflops: number) => (tokens * flopsPerToken) / (accelerators * teraflops * 1e12 * goodput);
  const slow = Math.min(rate.p25, rate.median * SLOW_RUN);
  return { p25: seconds(slow), median: seconds(rate.median) };
}

/** Returns whether a sequence is too long for one accelerator. With 1M tokens, an H100 ran at 26 TFLOP/s, and at 536 with the sequence split. */
export function needsContextParallelism(sequenceLength: number, context: number): boolean {
  return sequenceLength >= 65_536 && context <= 1;
}
