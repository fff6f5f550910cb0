import { WHOLE_RUNS } from './catalog/whole-runs';
import type { SecondsRange } from './cost';
import { checkNumbers } from './inputs';
import { activeParameters, checkShape, type ModelShape } from './model-shape';

/**
 * FLOP of training per token: 6·N + 6·L·h·s for causal attention, 12·L·h·s without the mask. A mixture counts its active
 * parameters. LoRA needs no gradients of the frozen weights: 4·N.
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
 * Share of its step rate that the middle of published whole runs kept over all their hours: failures, restarts, checkpoints,
 * evaluations and slow phases took the rest. They do not tell large runs from small ones.
 */
export const USUAL_GOODPUT: number = WHOLE_RUNS.median;

/** What a quarter of whole runs stayed below, as a share of the middle. */
const SLOW_RUN: number = WHOLE_RUNS.p25 / WHOLE_RUNS.median;

/** What a run's duration follows from. */
export interface TrainingTimeInput {
  /** All tokens that are trained on. */
  readonly tokens: number;
  readonly flopsPerToken: number;
  readonly accelerators: number;
  /** TFLOP/s of one accelerator: see `trainingRate`. */
  readonly rate: { readonly p25: number; readonly median: number };
  /** Share of its step rate that the run keeps over all its hours. @default - that of the middle of published whole runs */
  readonly goodput?: number;
}

/**
 * Seconds that a run takes, T = F·D / (n·rate·goodput). A range, for one number would be false: its slow end is that of the step
 * rate, or that of whole runs where they differed by more.
 */
export function trainingTime(input: TrainingTimeInput): SecondsRange {
  checkNumbers(input, { tokens: 'positive', flopsPerToken: 'positive', accelerators: 'count', goodput: '?share' });
  checkNumbers(input.rate, { p25: 'positive', median: 'positive' });
  const { tokens, flopsPerToken, accelerators, rate, goodput = USUAL_GOODPUT } = input;
  const seconds = (teraflops: number) => (tokens * flopsPerToken) / (accelerators * teraflops * 1e12 * goodput);
  const slow = Math.min(rate.p25, rate.median * SLOW_RUN);
  return { p25: seconds(slow), median: seconds(rate.median) };
}

/** Warns of sequences that one accelerator holds whole: 1M tokens ran at 26 TFLOP/s of an H100 so, at 536 split. */
export function needsContextParallelism(sequenceLength: number, context: number): boolean {
  return sequenceLength >= 65_536 && context <= 1;
}
