import { estimatedShape } from '../memory/estimated-shape';
import type { ModelShape } from '../memory/model-shape';
import type { ChipRow } from '../../catalog/chips';
import { chipNamed } from '../named-chip';
import { reachableShare } from '../reachable-rate';
import { shapeNamed } from '../named-model';
import {
  chipGeneration,
  type ChipGeneration,
  isKnown,
  isText,
  modelKind,
  precisionClass,
  trainingKind,
  trainingStack,
} from './run-classes';
import type { TrainingRun } from './training-rate';

/** What limits the rate of a training run, from the peak, the memory bandwidth and the links of its chip. */
export interface TrainingRoofline {
  /** Model TFLOP/s per accelerator that the limits allow. */
  readonly teraflops: number;
  /** Shares of the computing time: attention, and reads and writes of activations. */
  readonly attention: number;
  readonly memory: number;
  readonly overheads: Overheads;
  /** ln(peak in the precision ÷ peak in bf16). */
  readonly speedup: number;
}

/** ln(1 + time ÷ computing time) of what a step needs beyond computing. */
export interface Overheads {
  /** Exchange of activations between tensor-parallel accelerators, and of tokens between experts. */
  readonly tensor: number;
  readonly expert: number;
  /** Filling and draining of the pipeline. */
  readonly bubble: number;
  /** Launches of kernels for each micro batch. */
  readonly launches: number;
  /** Collectives and kernels whose time does not depend on the tokens of a step. @default - the tokens are unknown */
  readonly latency?: number;
  /** Exchange of gradients between nodes. @default - the tokens are unknown, or all accelerators share a scale-up domain */
  readonly gradients?: number;
}

/** Attention runs below the rate of large matrix products. */
const ATTENTION_TIME = 1.3;
/**
 * The same with the kernels of PyTorch software with FSDP: FlashAttention 2 or Triton. They were written for Ampere and reach about a third of
 * the peak on Hopper (35% in the paper, a factor of 2.3). Both values are fitted: they have the smallest error of suites left out.
 * @see https://arxiv.org/abs/2407.08608
 */
const ATTENTION_TIME_OF_FSDP: Partial<Record<ChipGeneration, number>> = { ampere: 1.8, hopper: 2.8 };
/** Bytes of activations read and written per layer, token and unit of width, forward and backward; and for each active expert. */
const ACTIVATION_BYTES = 150;
const EXPERT_BYTES = 40;
/** Seconds that each layer adds to a step: collectives and kernels that do not depend on the tokens. */
const LAYER_LATENCY = 9e-4;
/** Seconds to launch the kernels of a layer for a micro batch. */
const LAYER_LAUNCH = 6e-4;
/** Part of the FP4 peak beyond FP8 that recipes use, as an exponent: they keep some products in FP8 or BF16. */
const FP4_USE = 0.7;
/** Part of an overhead that is not hidden behind computing. */
const EXPOSED = { bubble: 0.5, expert: 0.3, latency: 0.5 } as const;
/** Stages per pipeline rank if the run does not state them. */
const USUAL_STAGES = 2;

/** Assumed figures for chips whose rows lack them: GB/s in both directions of the scale-up link, and Gbps between nodes. */
const SCALE_UP_GBPS = { TPU: 600, other: 64 } as const;
const SCALE_OUT_GBPS = 200;
const USUAL_SEQUENCE = 4096;

/** Returns the BF16 TFLOP/s of large matrix products: measured, or a typical share of the peak. `undefined` if the peak is unknown. */
export function reachablePeak(name: unknown): number | undefined {
  const chip = chipNamed(name);
  return chip && isKnown(chip.bf16DenseTflops) ? reachableShare(chip) * chip.bf16DenseTflops : undefined;
}

/** Returns the limits of a run, or `undefined` if the peak of the chip or the size of the model is unknown. */
export function trainingRoofline(run: TrainingRun): TrainingRoofline | undefined {
  const chip = chipNamed(run.chip);
  const peak = reachablePeak(run.chip);
  const shape = shapeOfRun(run);
  if (!chip || peak === undefined || !shape) return undefined;
  const speedup = lowPrecisionSpeedup(run, chip);
  const rates = { bf16: peak * 1e12, low: peak * 1e12 * speedup, memory: chip.memoryBandwidthGBps * 1e9 };
  const compute = computeTime(run, shape, rates);
  const total = compute.products + compute.attention + compute.memory;
  const overheads = overheadsOf(run, chip, shape, total);
  const { bubble, expert, latency = 0, launches } = overheads;
  const waits = EXPOSED.bubble * bubble + EXPOSED.expert * expert + EXPOSED.latency * latency;
  const exposed = waits + (isGpu(chip) && isKnown(run.microBatch) ? exposedLaunches(launches) : 0);
  return {
    teraflops: (compute.counted / total / 1e12) * Math.exp(-exposed),
    attention: compute.attention / total,
    memory: compute.memory / total,
    overheads,
    speedup: Math.log(speedup),
  };
}

/** Returns what launches add if they overlap with computing. A step takes about as long as the longer of both. */
function exposedLaunches(launches: number): number {
  return Math.log1p(Math.expm1(launches) ** 2) / 2;
}

/** Shape of a model, with its parameters as in the run. */
type RunShape = Pick<ModelShape, 'layers' | 'hidden' | 'vocabulary'>;

const MAX_CACHED = 1000;
const shapes = new Map<string, RunShape | undefined>();

/** Returns the shape of the model in the table, or else a shape estimated from its size. */
function shapeOfRun({ model, paramsB, activeParamsB, layers, hidden, heads }: TrainingRun): RunShape | undefined {
  const key = [model, paramsB, activeParamsB, layers, hidden, heads].map(keyOf).join('|');
  if (!shapes.has(key)) {
    if (shapes.size >= MAX_CACHED) shapes.clear();
    shapes.set(key, shapeNamed(model) ?? estimatedShape({ paramsB, activeParamsB, layers, hidden, heads })?.shape);
  }
  return shapes.get(key);
}

const keyOf = (value: unknown) => (isText(value) || isKnown(value) ? value : '');

/** Returns the peak in the precision of a run, divided by the peak in bf16. */
function lowPrecisionSpeedup(
  { precision }: TrainingRun,
  { bf16DenseTflops: bf16 = 1, fp8DenseTflops, fp4DenseTflops }: ChipRow,
): number {
  const fp8 = fp8DenseTflops ?? bf16;
  const fp4 = fp4DenseTflops === undefined ? fp8 : fp8 * (fp4DenseTflops / fp8) ** FP4_USE;
  return { bf16, fp8, fp4, mixed: fp4 }[precisionClass(precision) ?? 'bf16'] / bf16;
}

/** Seconds per token and accelerator, and the FLOP that a publisher counts. */
interface ComputeTime {
  readonly products: number;
  readonly attention: number;
  readonly memory: number;
  readonly counted: number;
}

function computeTime(
  run: TrainingRun,
  shape: RunShape,
  rates: { bf16: number; low: number; memory: number },
): ComputeTime {
  const { layers, hidden, vocabulary } = shape;
  const active = activeOf(run);
  const perWeight = trainingKind(run.kind) === 'lora' ? 4 : 6;
  const head = active > 2 * vocabulary * hidden ? vocabulary * hidden : active * 0.1;
  const attention = 6 * layers * hidden * sequenceOf(run);
  const again = isRecomputed(run) ? 1 : 0;
  const products = (perWeight * (active - head) * (1 + (2 * again) / perWeight)) / rates.low;
  const bytes = layers * hidden * (ACTIVATION_BYTES + expertsOf(run) * EXPERT_BYTES);
  return {
    products: products + (perWeight * head) / rates.bf16,
    attention: (attention * attentionTime(run) * (1 + again / 3)) / rates.bf16,
    memory: (bytes * (1 + again / 4)) / rates.memory,
    counted: perWeight * active + attention * (run.flops === FULL_ATTENTION ? 2 : 1),
  };
}

/** Returns the time of attention, relative to large matrix products with the same FLOP. */
function attentionTime(run: TrainingRun): number {
  const era = chipGeneration(run.chip);
  return (trainingStack(run) === 'fsdp' ? ATTENTION_TIME_OF_FSDP[era] : undefined) ?? ATTENTION_TIME;
}

/** Value of `flops` if the publisher counts attention without the causal half. */
const FULL_ATTENTION = 'full attention';

const activeOf = ({ paramsB, activeParamsB }: TrainingRun) =>
  1e9 * (isKnown(activeParamsB) ? Math.min(activeParamsB, paramsB) : paramsB);
const sequenceOf = ({ seqLen }: TrainingRun) => (isKnown(seqLen) ? seqLen : USUAL_SEQUENCE);

/** Returns whether the whole forward pass is repeated in the backward pass: a third more work. */
export function isRecomputed({ activationCheckpointing: recompute }: TrainingRun): boolean {
  return recompute === true || recompute === 'full-recompute';
}

/** Returns the typical number of experts that process a token: mixtures of few large experts use two, the others eight. */
function expertsOf(run: TrainingRun): number {
  if (modelKind(run) === 'dense') return 0;
  return (run.paramsB * 1e9) / activeOf(run) > 8 ? 8 : 2;
}

const orOne = (value: number | undefined) => (isKnown(value) ? Math.max(1, value) : 1);

/** An overhead is at most a few times the computing time: above that, the run would have another layout. */
const MAX_OVERHEAD = 4;
const overhead = (share: number, max = MAX_OVERHEAD) => Math.log1p(Math.min(max, share));

function overheadsOf(run: TrainingRun, chip: ChipRow, shape: RunShape, perToken: number): Overheads {
  const { layers, hidden } = shape;
  const tp = isGpu(chip) ? orOne(run.tp) : 1;
  const experts = expertsOf(run);
  const ep = experts === 0 ? 1 : isKnown(run.ep) ? orOne(run.ep) : Math.min(8, chip.scaleUpDomain);
  const up =
    ((chip.scaleUpGBpsBidirectional ?? (chip.vendor === 'Google' ? SCALE_UP_GBPS.TPU : SCALE_UP_GBPS.other)) / 2) * 1e9;
  const out = ((chip.scaleOutGbpsTypical ?? SCALE_OUT_GBPS) / 8) * 1e9;
  const tensorBytes = 16 * hidden * layers * (tp - 1);
  const expertBytes = (8 * hidden * layers * experts * (ep - 1)) / ep;
  const microTokens = (orOne(run.microBatch) * sequenceOf(run)) / orOne(run.cp);
  const launches = (LAYER_LAUNCH * layers * (experts === 0 ? 1 : 1.5) * tp) / (microTokens * perToken);
  return {
    tensor: overhead(tensorBytes / (tp <= chip.scaleUpDomain ? up : out) / perToken),
    // Tokens that leave the scale-up domain are sent once per node, not once per expert.
    expert: overhead(expertBytes / (ep * tp <= chip.scaleUpDomain ? up : 2 * out) / perToken),
    bubble: overhead(bubbleOf(run), MAX_BUBBLE),
    launches: overhead(launches),
    ...stepOverheads(run, { layers, perToken, ep, tp, out, domain: chip.scaleUpDomain }),
  };
}

const isGpu = ({ vendor }: ChipRow) => vendor === 'NVIDIA' || vendor === 'AMD';

const MAX_BUBBLE = 3;

/** Returns the time to fill and drain a pipeline, divided by the time that it is full: (p−1)/(micro batches × stages per rank). */
function bubbleOf(run: TrainingRun): number {
  const { count, pp, vp, tp, cp } = run;
  const sequences = stepSequences(run);
  if (!isKnown(count) || sequences === undefined || !isKnown(pp) || pp <= 1) return 0;
  const replicas = Math.max(1, count / (orOne(tp) * pp * orOne(cp)));
  const microBatches = Math.max(1, sequences / replicas / orOne(run.microBatch));
  return (pp - 1) / microBatches / (isKnown(vp) ? orOne(vp) : USUAL_STAGES);
}

/** Returns the sequences per step over all accelerators. */
function stepSequences(run: TrainingRun): number | undefined {
  if (isKnown(run.globalBatchSeqs)) return run.globalBatchSeqs;
  return isKnown(run.globalBatchTokens) ? run.globalBatchTokens / sequenceOf(run) : undefined;
}

const LATENCY_MAX = 10;

function stepOverheads(
  run: TrainingRun,
  { layers, perToken, ep, tp, out, domain }: Record<'layers' | 'perToken' | 'ep' | 'tp' | 'out' | 'domain', number>,
): Pick<Overheads, 'latency' | 'gradients'> {
  const sequences = stepSequences(run);
  if (!isKnown(run.count) || sequences === undefined) return {};
  const computing = (sequences * sequenceOf(run) * perToken) / run.count;
  const gradientBytes = (6 * run.paramsB * 1e9) / (tp * orOne(run.pp) * ep);
  return {
    latency: overhead((LAYER_LATENCY * layers) / computing, LATENCY_MAX),
    ...(run.count > domain && { gradients: overhead(gradientBytes / out / computing) }),
  };
}
