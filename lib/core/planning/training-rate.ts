import { FITTED_TRAINING } from './catalog/fitted-training';
import { completeTraining } from './complete-run';
import {
  classOf,
  type Evidence,
  hasFeature,
  lowerQuartile,
  type Nearest,
  type RangeBasis,
  weigh,
} from './fitted-model';
import { chipNamed } from './named-chip';
import { isKnown, precisionClass } from './run-classes';
import { measuredModel, modelKind, trainingClass, trainingFeatures } from './training-features';
import type { TrainingRun } from './training-run';

/** Model TFLOP/s per accelerator during steps. */
export interface TrainingRate {
  readonly evidence: Evidence;
  /** Class of the run: chip, precision, kind of model and kind of training. */
  readonly class: string;
  /** Number of published runs in the class. */
  readonly runs: number;
  /** Pessimistic end: a quarter of runs outside the fit are slower. @default - no measurement */
  readonly p25?: number;
  /** Median of comparable runs. @default - no measurement */
  readonly median?: number;
  /** Upper bound: the highest measured rate of matrix products, or else the dense peak of the vendor. */
  readonly bound: number;
  /** Estimate from other classes. @default - the class has runs */
  readonly nearest?: Nearest;
}

/**
 * Loss of the rate for each doubling of accelerators beyond the largest measured run, with and without RDMA between nodes. Sources:
 * MLPerf Training v5.0 405B on 512 to 8192 H100; MaxText Llama-2-7B over GPUDirect-TCPX on 8 to 128.
 * @see https://github.com/mlcommons/training_results_v5.0 and https://github.com/AI-Hypercomputer/maxtext
 */
export const SCALING_LOSS = { rdma: 0.03, none: 0.066 } as const;
const ACCELERATORS_PER_NODE = 8;

/** The network between nodes. */
export interface Network {
  /** Whether nodes communicate over RDMA. @default true */
  readonly rdma?: boolean;
}

/**
 * Returns the rate of a training run, fitted to published runs, or `undefined` if the chip, the precision or the peak is unknown. A class
 * without a run has only its bound, and an estimate from other classes in `nearest`, which is not a measurement.
 */
export function trainingRate(run: TrainingRun, { rdma = true }: Network = {}): TrainingRate | undefined {
  const bound = matmulBound(run);
  const peak = reachablePeak(run.chip);
  if (bound === undefined || peak === undefined || !isKnown(run.paramsB)) return undefined;
  const name = trainingClass(run);
  const measured = classOf(FITTED_TRAINING, name);
  const max = measured?.maxAccelerators ?? LARGEST_RUN;
  const within = isKnown(run.count) ? { ...run, count: Math.min(run.count, max) } : run;
  const fitted = peak * Math.exp(weigh(FITTED_TRAINING, trainingFeatures(completeTraining(within))));
  const median = Math.min(bound, fitted * scaling(run.count, max, rdma));
  const rangeOn = (basis: RangeBasis) => ({
    p25: median * lowerQuartile(FITTED_TRAINING, basis, modelKind(run)),
    median,
  });
  if (!measured) return { evidence: 'bound', class: name, runs: 0, bound, nearest: rangeOn('nearest') };
  const evidence = hasFeature(FITTED_TRAINING, measuredModel(run)) ? 'measured' : 'modelled';
  return { evidence, class: name, runs: measured.rows, ...rangeOn('class'), bound };
}

/** Accelerators in the largest run of all classes. */
const LARGEST_RUN = Math.max(...Object.values(FITTED_TRAINING.classes).map((each) => each.maxAccelerators));

/** Share of the dense peak that large matrix products reach on chips without a measurement. */
const TYPICAL_MATMUL_SHARE = 0.8;

/** Returns the BF16 TFLOP/s of large matrix products: measured, or a typical share of the peak. `undefined` if the peak is unknown. */
export function reachablePeak(name: unknown): number | undefined {
  const chip = chipNamed(name);
  if (!isKnown(chip?.bf16DenseTflops)) return undefined;
  return chip.measuredMaxBf16Tflops ?? TYPICAL_MATMUL_SHARE * chip.bf16DenseTflops;
}

/** Returns the upper bound in TFLOP/s of the chip in the precision, or `undefined` if the peak is unknown. */
export function matmulBound(run: Pick<TrainingRun, 'chip' | 'precision'>): number | undefined {
  const chip = chipNamed(run.chip);
  const precision = precisionClass(run.precision);
  if (!chip || !precision) return undefined;
  const bf16 = chip.measuredMaxBf16Tflops ?? chip.bf16DenseTflops;
  const fp8 = chip.measuredMaxFp8Tflops ?? chip.fp8DenseTflops;
  const { fp4DenseTflops: fp4 } = chip;
  return { bf16, fp8, fp4, mixed: fp4 ?? fp8 }[precision];
}

/** Returns the loss from more accelerators than in the largest measured run, and from a network without RDMA. */
function scaling(count: number | undefined, maxMeasured: number, rdma: boolean): number {
  if (!isKnown(count)) return 1;
  const beyond = (from: number) => Math.max(0, Math.log2(count / from));
  const further = (1 - SCALING_LOSS.rdma) ** beyond(Math.max(1, maxMeasured));
  const slower = ((1 - SCALING_LOSS.none) / (1 - SCALING_LOSS.rdma)) ** beyond(ACCELERATORS_PER_NODE);
  return rdma ? further : further * slower;
}
