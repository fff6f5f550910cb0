import { reachableShare } from '../reachable-rate';
import { checkShape, type ModelShape, isMixture, kvBytesPerToken, kvShare } from '../memory/model-shape';
import { chipNamed } from '../named-chip';
import { shapeNamed } from '../named-model';
import { isKnown, isText, precisionName } from '../time/run-classes';
import type { RooflineInput } from './serving-roofline';
import { layoutsOf, linkOf } from './serving-layout';
import type { ServingRun } from './serving-rate';
import { checkChoice, checkNumbers } from '../time/inputs';
import type { ChipRow, ChipVendor } from '../../catalog/chips';

/** A serving run in base units: bytes, FLOP and seconds. */
export interface ServingContext extends RooflineInput {
  readonly vendor: ChipVendor;
}

/** Vendors whose published runs split a model over all chips of a replica. */
const WHOLE_SPLIT: readonly ChipVendor[] = ['AWS', 'Google'];

/** Converts a run, or returns `undefined` if the chip, the model or the precision is unknown, or if a number is invalid. */
export function servingContext(run: ServingRun): ServingContext | undefined {
  const chip = chipNamed(run.chip);
  const shape = run.shape ?? shapeNamed(run.model);
  if (!chip || !shape || ![run.count, run.isl, run.osl].every(isWhole)) return undefined;
  checkShape(shape);
  const arithmetic = servingArithmetic(run.precision, chip, shape);
  if (!arithmetic) return undefined;
  const { weightBytes, kvBytes, weightPeak, attentionPeak, fourBit } = arithmetic;
  const { fraction = 1, memoryBytes = (chip.usableMemoryMiB ?? chip.memoryGiB * 1024) * 2 ** 20 } = run.part ?? {};
  const batch = batchOf(run);
  return {
    shape,
    vendor: chip.vendor,
    hardware: {
      accelerators: run.count,
      ...(chip.logicalCores !== undefined && { cores: chip.logicalCores }),
      memoryBytes,
      memoryBytesPerSecond: chip.memoryBandwidthGBps * 1e9 * fraction,
      peakFlops: weightPeak * fraction,
      attentionFlops: attentionPeak * fraction,
      reachable: reachableShare(chip),
      linkOf: (accelerators) => linkOf(chip, accelerators, run.part),
    },
    request: {
      inputTokens: run.isl,
      outputTokens: run.osl,
      weightBytes,
      kvBytes: run.kvBytes ?? kvBytes,
      ...(fourBit && { fourBit }),
      ...(batch !== undefined && { batch }),
    },
    layouts: layoutsOf({ ...run, tuned: batch === undefined && !WHOLE_SPLIT.includes(chip.vendor) }, chip, shape),
  };
}

/** Scenarios with one request at a time. */
const SINGLE = /single|^batch-?1$|latency-only/i;

/** Returns the concurrent sequences that a run states. */
function batchOf({ batch, concurrency, scenario }: ServingRun): number | undefined {
  if (isKnown(batch)) return Math.max(1, batch);
  if (isKnown(concurrency)) return Math.max(1, concurrency);
  return isText(scenario) && SINGLE.test(scenario) ? 1 : undefined;
}

/** Returns whether the weights fit on the accelerators of a replica. */
export function holdsWeights({ shape, hardware, request }: ServingContext): boolean {
  return shape.parameters * request.weightBytes < hardware.accelerators * hardware.memoryBytes;
}

const isWhole = (value: unknown) => isKnown(value) && value >= 1;

/** Inputs for the memory of a replica. */
export interface ServingMemoryInput {
  readonly shape: ModelShape;
  /** Accelerators per replica. */
  readonly accelerators: number;
  /** Memory per accelerator that a program can allocate. */
  readonly memoryBytes: number;
  /** Input and output tokens per sequence. */
  readonly contextTokens: number;
  /** Bytes per weight: 2 in bf16, 1 in fp8, 0.5625 in fp4 with its scales. @default 2 */
  readonly weightBytes?: number;
  /** Bytes per cached value. @default 2 */
  readonly kvBytes?: number;
  /** Required number of concurrent sequences. @default 1 */
  readonly concurrency?: number;
  /** Share of the memory for the server. The default is that of vLLM. @default 0.9 */
  readonly utilization?: number;
  /** Memory of the server itself, by kind of model. @default - `mixture` for a mixture of experts, else `dense` */
  readonly overhead?: ServingOverhead;
}

/**
 * GiB of activations and CUDA graphs per accelerator, measured with vLLM on H100 by llm-d-planner: Llama, Qwen 3, mixtures
 * of experts, multimodal models.
 * @see https://github.com/llm-d-incubation/llm-d-planner
 */
const ACTIVATION_GIB = { dense: 4.8, qwen3: 5.6, mixture: 8, multimodal: 2.5 } as const;
/** GiB outside of the framework per accelerator, alone and with tensor parallelism, from the same source. */
const OUTSIDE_GIB = { alone: 0.15, together: 0.6 } as const;

/** Kind of model that determines the overhead of a server. */
export type ServingOverhead = keyof typeof ACTIVATION_GIB;

/** Bytes per accelerator of a replica. */
export interface ServingMemory {
  readonly weights: number;
  readonly overhead: number;
  /** Memory that remains for the KV cache. Negative if the weights do not fit. */
  readonly kvRoom: number;
  /** KV cache per sequence. */
  readonly kvPerSequence: number;
  /** Maximum number of concurrent sequences. */
  readonly maxConcurrency: number;
  readonly fits: boolean;
  /** The part that limits concurrency. */
  readonly binds: 'weights' | 'kv';
}

const GIB = 2 ** 30;

/** Calculates the memory per accelerator of a replica, and the sequences that fit. */
export function servingMemory(input: ServingMemoryInput): ServingMemory {
  checkServing(input);
  const { shape, accelerators, memoryBytes, contextTokens, concurrency = 1 } = input;
  const { weightBytes = 2, kvBytes = 2, utilization = 0.9 } = input;

  const weights = (shape.parameters * weightBytes) / accelerators;
  const overhead = overheadBytes(input);
  const kvRoom = utilization * memoryBytes - weights - overhead;
  const kvPerSequence = contextTokens * kvBytesPerToken(shape, kvBytes) * kvShare(shape, accelerators);
  const maxConcurrency = Math.max(0, Math.floor(kvRoom / kvPerSequence));
  const fits = maxConcurrency >= concurrency;
  return {
    weights,
    overhead,
    kvRoom,
    kvPerSequence,
    maxConcurrency,
    fits,
    binds: kvRoom < kvPerSequence ? 'weights' : 'kv',
  };
}

function overheadBytes({ shape, accelerators, overhead }: ServingMemoryInput): number {
  const activation = ACTIVATION_GIB[overhead ?? (isMixture(shape) ? 'mixture' : 'dense')];
  return (activation + (accelerators === 1 ? OUTSIDE_GIB.alone : OUTSIDE_GIB.together)) * GIB;
}

function checkServing(input: ServingMemoryInput): void {
  checkNumbers(input, {
    accelerators: 'count',
    memoryBytes: 'positive',
    contextTokens: 'count',
    weightBytes: '?positive',
    kvBytes: '?positive',
    concurrency: '?count',
    utilization: '?share',
  });
  checkChoice('overhead', input.overhead, Object.keys(ACTIVATION_GIB) as ServingOverhead[]);
  checkShape(input.shape);
}

/** Number formats and peaks of a served model. */
export interface ServingArithmetic {
  readonly weightBytes: number;
  readonly kvBytes: number;
  /** Dense peak of weight products and of attention, in FLOP per second and accelerator. */
  readonly weightPeak: number;
  readonly attentionPeak: number;
  /** Which factors of products have 4 bits: both, or only the weights. @default - no 4-bit products */
  readonly fourBit?: 'both' | 'weights';
}

/** Bytes of weights and cached values for a publisher's name of a precision. */
interface Stored {
  readonly multiplies: 'bf16' | 'fp8' | 'fp4';
  readonly weightBytes: number;
  readonly kvBytes: number;
}

const STORED: readonly (readonly [name: RegExp, stored: Stored])[] = [
  [/^(bf16|fp16)/, { multiplies: 'bf16', weightBytes: 2, kvBytes: 2 }],
  [/^(int8w|w8a16)/, { multiplies: 'bf16', weightBytes: 1, kvBytes: 2 }],
  [/^(int4|w4a16|awq|gptq)/, { multiplies: 'bf16', weightBytes: 0.5625, kvBytes: 2 }],
  [/w4a8/, { multiplies: 'fp8', weightBytes: 0.5625, kvBytes: 1 }],
  [/fp4/, { multiplies: 'fp4', weightBytes: 0.5625, kvBytes: 1 }],
  [/fp8|int8|w8a8/, { multiplies: 'fp8', weightBytes: 1, kvBytes: 1 }],
];

/**
 * Returns how a model computes in a precision on a chip, or `undefined` if the precision or every peak is unknown. A chip multiplies in the
 * narrowest precision that it supports and the values allow. Weights that are published in 4 bits stay in 4 bits. Their activations have
 * 8 bits if the chip supports 4-bit products, and 16 bits otherwise. Attention uses at least 8 bits.
 */
export function servingArithmetic(
  precision: string | undefined,
  chip: ChipRow,
  { publishedWeightBytes = 2 }: ModelShape,
): ServingArithmetic | undefined {
  const name = precisionName(precision);
  const stored = STORED.find(([pattern]) => pattern.test(name))?.[1];
  const { bf16DenseTflops: bf16, fp8DenseTflops: fp8, fp4DenseTflops: fp4 } = chip;
  if (!stored || !isKnown(bf16)) return undefined;
  const published = publishedWeightBytes < 1;
  const sixteen = published && fp4 === undefined;
  const peaks = { bf16, fp8: fp8 ?? bf16, fp4: fp4 ?? fp8 ?? bf16 };
  const multiplies = sixteen ? 'bf16' : stored.multiplies;
  const fourBit = multiplies === 'fp4' && fp4 !== undefined;
  const weightPeak = (fourBit && published ? peaks.fp8 : peaks[multiplies]) * 1e12;
  return {
    weightBytes: Math.min(stored.weightBytes, publishedWeightBytes),
    kvBytes: sixteen ? 2 : stored.kvBytes,
    weightPeak,
    attentionPeak: Math.min(weightPeak, peaks.fp8 * 1e12),
    ...(fourBit && { fourBit: published ? 'weights' : 'both' }),
  };
}
