import { FITTED_TRAINING } from '../catalog/fitted-training';
import { classOf, type Evidence, hasFeature, rangeOf, weigh } from './fitted-model';
import { combined, dividedBy, type PlanRange, rangeAround, scaled, spreadOf } from '../range';
import { chipNamed } from '../named-chip';
import { isKnown, modelKind, precisionClass, precisionName } from './run-classes';
import { trainingRoofline } from './training-roofline';
import { measuredModel, trainingClass, trainingFeatures } from './training-features';
import { checkNumbers } from './inputs';
import { activeParameters, checkShape, type ModelShape } from '../memory/model-shape';
import { shapeNamed } from '../named-model';

/**
 * A training run, with the fields of published benchmark rows. Only the chip and the size of the model are required. A missing value is
 * not guessed: the prediction becomes wider.
 */
export interface TrainingRun {
  /** ID of the chip in the catalog, for example `H100`. */
  readonly chip: string;
  /** Parameters in billions. */
  readonly paramsB: number;
  /** Parameters that process each token, in billions. @default - all: the model is dense */
  readonly activeParamsB?: number;
  /** Hidden size. It affects mixtures of experts, whose matrices are small. */
  readonly hidden?: number;
  /** Layers and attention heads. @default - those of the model, or of models of this size */
  readonly layers?: number;
  readonly heads?: number;
  /** Precision of the matrix products, for example `bf16`, `FP8-CS`, `MXFP8`, `NVFP4`. @default bf16 */
  readonly precision?: string;
  /** Kind of run, for example `benchmark-lora`. Any value without LoRA or SFT is pre-training. @default pre-training */
  readonly kind?: string;
  /** Tokens per sequence. */
  readonly seqLen?: number;
  /** Number of accelerators. */
  readonly count?: number;
  /** Sequences per step, over all accelerators. */
  readonly globalBatchSeqs?: number;
  /** Tokens per step, if the sequences are unknown. */
  readonly globalBatchTokens?: number;
  /** Sequences per accelerator in one forward and backward pass. */
  readonly microBatch?: number;
  /** Tensor, pipeline, context and expert parallelism, and stages per pipeline rank. */
  readonly tp?: number;
  readonly pp?: number;
  readonly cp?: number;
  readonly ep?: number;
  readonly vp?: number;
  /** Fully sharded data parallelism, as a flag or a group size. */
  readonly fsdp?: number;
  readonly parallelism?: string;
  /** `true`, `false`, or a name like `full-recompute`. */
  readonly activationCheckpointing?: boolean | string;
  /** Name of the model, as its publisher writes it. */
  readonly model?: string;
  /** Software or benchmark of the run. */
  readonly suite?: string;
  /** Version of that software, as `year.month`. */
  readonly release?: string;
  /** Network between nodes, as its owner calls it. */
  readonly network?: string;
  /** How the FLOP were counted: `full attention` counts attention without the causal half. @default - the causal half */
  readonly flops?: string;
}

/** Model TFLOP/s per accelerator during steps. */
export interface TrainingRate extends PlanRange {
  readonly evidence: Evidence;
  /** Class of the run: chip, precision, kind of model and kind of training. */
  readonly class: string;
  /** Number of published runs in the class. */
  readonly runs: number;
  /** Upper bound: the highest measured rate of matrix products, or else the dense peak of the vendor. */
  readonly bound: number;
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
 * Returns the rate of a training run, fitted to published runs, or `undefined` if the chip, the precision or the peak is unknown. The rate
 * of a class without a run follows from the nearest classes, with a wider range.
 */
export function trainingRate(run: TrainingRun, { rdma = true }: Network = {}): TrainingRate | undefined {
  const fitted = fittedRate(run, rdma);
  if (!fitted) return undefined;
  const { bound, class: name, runs } = fitted;
  const median = Math.min(bound, medianWithinPeaks(run, fitted, rdma));
  const evidence = evidenceOf(run, classOf(FITTED_TRAINING, name) !== undefined);
  const range = rangeOf(FITTED_TRAINING, evidence, modelKind(run), { median, bound });
  return { evidence, class: name, runs, ...range, bound };
}

/** The rate of a run by the fit alone. */
type FittedRate = Pick<TrainingRate, 'class' | 'runs' | 'median' | 'bound'>;

function fittedRate(run: TrainingRun, rdma: boolean): FittedRate | undefined {
  const bound = matmulBound(run);
  const complete = completeTraining(run);
  const limits = isKnown(run.paramsB) ? trainingRoofline(complete) : undefined;
  if (bound === undefined || limits === undefined) return undefined;
  const name = trainingClass(run);
  const measured = classOf(FITTED_TRAINING, name);
  const max = measured?.maxAccelerators ?? LARGEST_RUN;
  const fitted = limits.teraflops * Math.exp(weigh(FITTED_TRAINING, trainingFeatures(complete, max)));
  const median = Math.min(bound, fitted * scaling(run.count, max, rdma));
  return { class: name, runs: measured?.rows ?? 0, median, bound };
}

/** Returns the rate of a run that was taken from another class, without contradiction to the other precisions of its own class. */
export function withinPeaks(run: TrainingRun, rate: TrainingRate, { rdma = true }: Network = {}): TrainingRate {
  const median = Math.min(rate.bound, medianWithinPeaks(run, { ...rate, runs: 0 }, rdma));
  return { ...rate, ...scaled(rate, median / rate.median) };
}

/** Precisions from many to few bits. */
const PRECISIONS = ['bf16', 'fp8', 'fp4'] as const;

/**
 * Returns the median of a rate. No precision is faster than another one of the same chip by more than the ratio of their peaks. The fit
 * treats them separately. If they contradict each other, the one whose class has fewer runs is corrected.
 */
function medianWithinPeaks(run: TrainingRun, own: FittedRate, rdma: boolean): number {
  const precision = precisionClass(run.precision);
  const at = PRECISIONS.indexOf(precision as (typeof PRECISIONS)[number]);
  // The peak in 8-bit integers differs from the one in fp8.
  if (at === -1 || precisionName(run.precision).includes('int8')) return own.median;
  return PRECISIONS.reduce((median, other, position) => {
    const ratio = peakOf(run.chip, precision) / peakOf(run.chip, other);
    if (position === at || !(ratio > 0)) return median;
    const otherRun = { ...run, precision: other };
    const runs = classOf(FITTED_TRAINING, trainingClass(otherRun))?.rows ?? 0;
    const hasFewerBits = position < at;
    if (hasFewerBits ? own.runs > runs : own.runs >= runs) return median;
    const limit = fittedRate(otherRun, rdma)!.median * ratio;
    return hasFewerBits ? Math.min(median, limit) : Math.max(median, limit);
  }, own.median);
}

/** Returns the dense peak of a chip in a precision. NaN if it is unknown. */
function peakOf(name: string, precision: string | undefined): number {
  const chip = chipNamed(name);
  const { bf16DenseTflops: bf16 = NaN, fp8DenseTflops: fp8 = NaN, fp4DenseTflops: fp4 = NaN } = chip ?? {};
  return { bf16, fp8, fp4 }[precision as (typeof PRECISIONS)[number]] ?? NaN;
}

function evidenceOf(run: TrainingRun, hasRuns: boolean): Evidence {
  if (!hasRuns) return 'nearest';
  return hasFeature(FITTED_TRAINING, measuredModel(run)) ? 'measured' : 'modelled';
}

/** Accelerators in the largest run of all classes. */
const LARGEST_RUN = Math.max(...Object.values(FITTED_TRAINING.classes).map((each) => each.maxAccelerators));

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
  return rdma ? further : further * lossWithoutRdma(count);
}

/** Returns the rate without RDMA between nodes as a share of the rate with RDMA. */
export function lossWithoutRdma(count: number): number {
  const doublingsOfNodes = Math.max(0, Math.log2(count / ACCELERATORS_PER_NODE));
  return ((1 - SCALING_LOSS.none) / (1 - SCALING_LOSS.rdma)) ** doublingsOfNodes;
}

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

/** Inputs for the duration of a run. */
export interface TrainingTimeInput {
  /** Total tokens to train on. */
  readonly tokens: number;
  readonly flopsPerToken: number;
  readonly accelerators: number;
  /** TFLOP/s per accelerator: see `trainingRate`. */
  readonly rate: PlanRange;
  /** Share of the step rate that the run keeps over all hours. */
  readonly goodput: PlanRange;
}

/**
 * Returns the seconds of a run, T = F·D / (n·rate·goodput), as a range that includes the spread of the step rate and of the goodput.
 */
export function trainingTime(input: TrainingTimeInput): PlanRange {
  checkNumbers(input, { tokens: 'positive', flopsPerToken: 'positive', accelerators: 'count' });
  checkNumbers(input.rate, { p10: 'positive', median: 'positive', p90: 'positive' });
  checkNumbers(input.goodput, { p10: 'share', median: 'share', p90: 'share' });
  const { tokens, flopsPerToken, accelerators, rate, goodput } = input;
  const spread = combined(spreadOf(rate), spreadOf(goodput));
  const amount = (tokens * flopsPerToken) / (accelerators * 1e12);
  return dividedBy(amount, rangeAround(rate.median * goodput.median, spread));
}

/** Returns whether a sequence is too long for one accelerator. With 1M tokens, an H100 ran at 26 TFLOP/s, and at 536 with the sequence split. */
export function needsContextParallelism(sequenceLength: number, context: number): boolean {
  return sequenceLength >= 65_536 && context <= 1;
}

/** Returns a run with the hidden size of its model, if the run lacks it and the model is in the table. */
export function completeTraining(run: TrainingRun): TrainingRun {
  const hidden = run.hidden ?? shapeNamed(run.model)?.hidden;
  return hidden === undefined ? run : { ...run, hidden };
}
