import { FITTED_TRAINING } from './catalog/fitted-training';
import { completeTraining } from './complete-run';
import {
  classOf,
  type Evidence,
  hasFeature,
  lowerQuartile,
  type Nearest,
  type RangeGround,
  weigh,
} from './fitted-model';
import { chipNamed } from './named-chip';
import { isKnown, precisionClass } from './run-classes';
import { measuredModel, modelKind, trainingClass, trainingFeatures } from './training-features';
import type { TrainingRun } from './training-run';

/** Model TFLOP/s of one accelerator while it steps. */
export interface TrainingRate {
  readonly evidence: Evidence;
  /** Chip, precision, kind of model and kind of training. */
  readonly class: string;
  /** Published runs of the class. */
  readonly runs: number;
  /** A quarter of runs that took no part in the fit are slower. Absent where nothing was measured: a bound is no estimate. */
  readonly p25?: number;
  readonly median?: number;
  /** What the chip's matrix products reach at most: measured, or else the vendor's dense peak. */
  readonly bound: number;
  /** What the other classes say where this one has no run. @default - it has */
  readonly nearest?: Nearest;
}

/**
 * Shares of the rate that each doubling of accelerators costs beyond the largest run that was measured, with RDMA between
 * nodes and without: MLPerf Training v5.0 405B on 512 to 8192 H100; MaxText Llama-2-7B over GPUDirect-TCPX on 8 to 128.
 * @see https://github.com/mlcommons/training_results_v5.0 and https://github.com/AI-Hypercomputer/maxtext
 */
export const SCALING_LOSS = { rdma: 0.03, none: 0.066 } as const;
const ACCELERATORS_PER_NODE = 8;

/** Whether nodes are joined by RDMA. @default true */
export interface Network {
  readonly rdma?: boolean;
}

/**
 * The rate of a training run, fitted to published runs; absent where chip, precision or peak are unknown. A class without
 * a run gets its bound: what other classes say of it stands apart, as `nearest`, and is no measurement.
 */
export function trainingRate(run: TrainingRun, { rdma = true }: Network = {}): TrainingRate | undefined {
  const bound = matmulBound(run);
  const peak = reachablePeak(run.chip);
  if (bound === undefined || peak === undefined || !isKnown(run.paramsB)) return undefined;
  const name = trainingClass(run);
  const measured = classOf(FITTED_TRAINING, name);
  const most = measured?.mostAccelerators ?? LARGEST_RUN;
  const within = isKnown(run.count) ? { ...run, count: Math.min(run.count, most) } : run;
  const fitted = peak * Math.exp(weigh(FITTED_TRAINING, trainingFeatures(completeTraining(within))));
  const median = Math.min(bound, fitted * scaling(run.count, most, rdma));
  const rangeOn = (ground: RangeGround) => ({
    p25: median * lowerQuartile(FITTED_TRAINING, ground, modelKind(run)),
    median,
  });
  if (!measured) return { evidence: 'bound', class: name, runs: 0, bound, nearest: rangeOn('nearest') };
  const evidence = hasFeature(FITTED_TRAINING, measuredModel(run)) ? 'measured' : 'modelled';
  return { evidence, class: name, runs: measured.rows, ...rangeOn('class'), bound };
}

/** Accelerators of the largest run of any class. */
const LARGEST_RUN = Math.max(...Object.values(FITTED_TRAINING.classes).map((each) => each.mostAccelerators));

/** Share of the dense peak that large matrix products reach on chips of which none was measured. */
const USUAL_MATMUL_SHARE = 0.8;

/** TFLOP/s of BF16 that large matrix products reach: measured, or the usual share of the peak; absent where no peak is known. */
export function reachablePeak(name: unknown): number | undefined {
  const chip = chipNamed(name);
  if (!isKnown(chip?.bf16DenseTflops)) return undefined;
  return chip.measuredMaxBf16Tflops ?? USUAL_MATMUL_SHARE * chip.bf16DenseTflops;
}

/** TFLOP/s that no step exceeds, in that precision on that chip; absent where no peak is known. */
export function matmulBound(run: Pick<TrainingRun, 'chip' | 'precision'>): number | undefined {
  const chip = chipNamed(run.chip);
  const precision = precisionClass(run.precision);
  if (!chip || !precision) return undefined;
  const bf16 = chip.measuredMaxBf16Tflops ?? chip.bf16DenseTflops;
  const fp8 = chip.measuredMaxFp8Tflops ?? chip.fp8DenseTflops;
  const { fp4DenseTflops: fp4 } = chip;
  return { bf16, fp8, fp4, mixed: fp4 ?? fp8 }[precision];
}

/** What a network costs beyond that of the measured runs: doublings past the largest of them, and doublings without RDMA. */
function scaling(count: number | undefined, mostMeasured: number, rdma: boolean): number {
  if (!isKnown(count)) return 1;
  const beyond = (from: number) => Math.max(0, Math.log2(count / from));
  const further = (1 - SCALING_LOSS.rdma) ** beyond(Math.max(1, mostMeasured));
  const slower = ((1 - SCALING_LOSS.none) / (1 - SCALING_LOSS.rdma)) ** beyond(ACCELERATORS_PER_NODE);
  return rdma ? further : further * slower;
}
