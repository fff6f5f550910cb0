import { checkNumbers, checkChoice } from '../time/inputs';
import { checkShape, type ModelShape } from './model-shape';

/** Inputs for the memory of a training job. */
export interface TrainingMemoryInput
  extends Omit<TrainingStates, 'parameters' | 'largestLayer'>, Omit<Activations, 'layers' | 'hidden' | 'heads'> {
  readonly shape: ModelShape;
  /** Memory per accelerator that a program can allocate. */
  readonly memoryBytes: number;
}

/** Bytes on the fullest accelerator, by part. */
export interface TrainingMemory {
  readonly states: number;
  /** Embeddings in the fullest stage, in addition to its share of the parameters. */
  readonly embeddings: number;
  readonly activations: number;
  readonly logits: number;
  /** Reserve for fragmentation, communication buffers and the driver. Smaller if memory is short, down to the minimum. */
  readonly reserve: number;
  /** Sum of the parts. */
  readonly total: number;
  /** The parts with the minimum reserve, as a share of the memory. The job fits up to 1. */
  readonly used: number;
  readonly fits: boolean;
  /** The largest part, which to reduce first. */
  readonly binds: 'states' | 'activations' | 'embeddings' | 'logits';
}

/**
 * Reserve as a share of the memory, plus bytes. Measured for a precursor of BLOOM: buffers, embeddings and CUDA used about 10 GB of an
 * A100 with 80 GB.
 * @see https://github.com/bigscience-workshop/bigscience/blob/master/train/tr11-176B-ml/chronicles-prequel.md
 */
const RESERVE = { share: 0.1, bytes: 4e9 } as const;

/**
 * Minimum reserve: the CUDA context and the communication buffers. The allocator returns cached blocks when memory is short, so published
 * runs with the largest possible micro batch leave less than the usual reserve.
 * @see https://github.com/mosaicml/llm-foundry/blob/main/scripts/train/benchmarking/README.md
 */
const MIN_RESERVE = { share: 0.01, bytes: 1e9 } as const;

/** Returns the usual reserve of an accelerator. */
export function usualReserve(memoryBytes: number): number {
  return RESERVE.share * memoryBytes + RESERVE.bytes;
}

/** Returns the smallest reserve with which a job runs. */
export function minReserve(memoryBytes: number): number {
  return MIN_RESERVE.share * memoryBytes + MIN_RESERVE.bytes;
}

/** Used share of the memory above which a plan warns that the job may not fit. */
export const NEARLY_FULL = 0.92;

/** Adds the reserve to the bytes that a job needs: the usual one, or less if memory is short. */
export function withReserve(needed: number, memoryBytes: number): number {
  return Math.max(needed + minReserve(memoryBytes), Math.min(needed + usualReserve(memoryBytes), memoryBytes));
}

/** Returns the share of the memory that a job uses with the minimum reserve. */
export function usedShare(needed: number, memoryBytes: number): number {
  return (needed + minReserve(memoryBytes)) / memoryBytes;
}

/** Calculates the memory per accelerator of a training job, on the fullest pipeline stage. */
export function trainingMemory(input: TrainingMemoryInput): TrainingMemory {
  checkNumbers(input, { memoryBytes: 'positive' });
  checkShape(input.shape);
  const { shape, memoryBytes, pipeline = 1, tensor = 1 } = input;
  const { layers, hidden, heads, vocabulary, parameters } = shape;

  const states = stateBytes({ ...input, parameters, largestLayer: parameters / layers });
  const table = Math.min(vocabulary * hidden, parameters);
  const embeddings =
    pipeline === 1
      ? 0
      : stateBytes({ ...input, parameters: table / tensor, tensor: 1, pipeline: 1 }) * (1 - 1 / pipeline);
  const atFirst = activationBytes({ ...input, layers, hidden, heads });
  const logitsAtLast = logitBytes({ ...input, vocabulary });
  const first = { activations: atFirst, logits: pipeline === 1 ? logitsAtLast : 0 };
  const last = { activations: atFirst / pipeline, logits: logitsAtLast };
  const fullest = first.activations + first.logits >= last.activations + last.logits ? first : last;

  const parts = { states, embeddings, ...fullest };
  const needed = states + embeddings + fullest.activations + fullest.logits;
  const total = withReserve(needed, memoryBytes);
  const reserve = total - needed;
  const used = usedShare(needed, memoryBytes);
  return { ...parts, reserve, total, used, fits: used <= 1, binds: largest(parts) };
}

function largest<K extends string>(parts: Readonly<Record<K, number>>): K {
  return (Object.entries(parts) as [K, number][]).reduce((max, part) => (part[1] > max[1] ? part : max))[0];
}

/** ZeRO stage: data-parallel ranks share nothing, optimizer states, also gradients, or also weights. */
export const SHARDINGS = ['none', 'zero-1', 'zero-2', 'zero-3'] as const;
export type Sharding = (typeof SHARDINGS)[number];

/** Inputs for the memory of training states. */
export interface TrainingStates {
  readonly parameters: number;
  /** @default 1 */
  readonly tensor?: number;
  /** @default 1 */
  readonly pipeline?: number;
  /** Data-parallel ranks. @default 1 */
  readonly data?: number;
  /** ZeRO stage. `zero-3` is FSDP in PyTorch. @default none */
  readonly sharding?: Sharding;
  /** Bytes per gradient: 4 in Megatron, 2 in bf16. @default 4 */
  readonly gradientBytes?: number;
  /** Bytes of the optimizer per parameter. Adam has an fp32 copy and two moments. @default 12 */
  readonly optimizerBytes?: number;
  /** Parameters of the largest layer. `zero-3` gathers two layers: the current and the next one. @default 0 */
  readonly largestLayer?: number;
}

const WEIGHT_BYTES = 2;

/**
 * Returns the bytes of weights, gradients and optimizer states per accelerator.
 * @see https://arxiv.org/abs/1910.02054 (ZeRO, section 3) and https://arxiv.org/abs/2205.05198 (18 bytes with Adam)
 */
export function stateBytes(states: TrainingStates): number {
  checkStates(states);
  const { parameters, tensor = 1, pipeline = 1, data = 1, sharding = 'none' } = states;
  const { gradientBytes = 4, optimizerBytes = 12, largestLayer = 0 } = states;
  const share = parameters / (tensor * pipeline);
  const split = (stage: Sharding) => (SHARDINGS.indexOf(sharding) >= SHARDINGS.indexOf(stage) ? share / data : share);
  const gathered = sharding === 'zero-3' ? (2 * largestLayer * WEIGHT_BYTES) / tensor : 0;
  return WEIGHT_BYTES * split('zero-3') + gradientBytes * split('zero-2') + optimizerBytes * split('zero-1') + gathered;
}

function checkStates(states: TrainingStates): void {
  checkNumbers(states, {
    parameters: 'positive',
    tensor: '?count',
    pipeline: '?count',
    data: '?count',
    gradientBytes: '?notNegative',
    optimizerBytes: '?notNegative',
    largestLayer: '?notNegative',
  });
  checkChoice('sharding', states.sharding, SHARDINGS);
}

/** Activations that the backward pass recomputes: none, the attention core (as flash attention always does), or all. */
export const RECOMPUTES = ['none', 'selective', 'full'] as const;
export type Recompute = (typeof RECOMPUTES)[number];

/** Inputs for the memory of activations. */
export interface Activations {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly sequenceLength: number;
  /** Sequences per accelerator in one forward and backward pass. @default 1 */
  readonly microBatch?: number;
  /** @default 1 */
  readonly tensor?: number;
  /** @default 1 */
  readonly context?: number;
  /** @default 1 */
  readonly pipeline?: number;
  /** Interleaved stages per pipeline rank. @default 1 */
  readonly virtualStages?: number;
  /** @default selective */
  readonly recompute?: Recompute;
  /** Layers that are recomputed, if `recompute` is full. The others are recomputed selectively. @default - all layers */
  readonly recomputedLayers?: number;
  /** Whether tensor parallelism also splits layer norms and dropouts. @default true */
  readonly sequenceParallel?: boolean;
  /** Bytes per token of a layer with selective recomputation, before tensor parallelism. @default - 34 × hidden, as in GPT-3 */
  readonly layerBytes?: number;
}

/**
 * Returns the bytes of activations per layer and micro batch, with 2 bytes per value. The default layer is that of GPT-3, with an MLP of
 * four times the hidden size. Full recomputation keeps only the input of the layer, which sequence parallelism splits too.
 * @see https://arxiv.org/abs/2205.05198 (equations 2, 4 and 6, table 2)
 */
export function activationBytesPerLayer(activations: Activations): number {
  checkActivations(activations);
  const { hidden: h, heads: a, microBatch: b = 1, tensor: t = 1, context = 1 } = activations;
  const { recompute = 'selective', sequenceParallel = true, layerBytes = 34 * h } = activations;
  const tokens = (activations.sequenceLength / context) * b;
  if (recompute === 'full') return (2 * tokens * h) / (sequenceParallel ? t : 1);
  const unsplit = sequenceParallel ? 0 : 10 * h;
  const attention = recompute === 'none' ? (5 * a * activations.sequenceLength) / t : 0;
  return tokens * (unsplit + (layerBytes - unsplit) / t + attention);
}

/**
 * Returns the bytes of activations on the first pipeline stage, which is the fullest. It holds as many micro batches as there are stages,
 * about as much as all layers together. With m interleaved stages, it is 1 + (p−1)/(p·m) times that. Full recomputation adds the layer in
 * progress.
 */
export function activationBytes(activations: Activations): number {
  const { layers, pipeline: p = 1, virtualStages: m = 1, recompute } = activations;
  const interleaved = m > 1 ? 1 + (p - 1) / (p * m) : 1;
  const inFull = recompute === 'full' ? Math.min(layers, activations.recomputedLayers ?? layers) : 0;
  const whole = activationBytesPerLayer(inFull > 0 ? { ...activations, recompute: 'selective' } : activations);
  const inputs = inFull > 0 ? activationBytesPerLayer({ ...activations, recompute: 'full' }) : 0;
  return interleaved * ((layers - inFull) * whole + inFull * inputs) + (inFull > 0 ? whole : 0);
}

/** Returns the bytes of the logits of a micro batch, in bf16 and also in fp32 for the loss: s·b·V·(2+4)/t. */
export function logitBytes(
  logits: Pick<Activations, 'sequenceLength' | 'microBatch' | 'tensor' | 'context'> & { readonly vocabulary: number },
): number {
  checkNumbers(logits, {
    vocabulary: 'count',
    sequenceLength: 'count',
    microBatch: '?count',
    tensor: '?count',
    context: '?count',
  });
  const { sequenceLength, microBatch = 1, tensor = 1, context = 1, vocabulary } = logits;
  return (sequenceLength * microBatch * vocabulary * (2 + 4)) / (tensor * context);
}

function checkActivations(activations: Activations): void {
  checkNumbers(activations, {
    layers: 'count',
    hidden: 'count',
    heads: 'count',
    sequenceLength: 'count',
    microBatch: '?count',
    tensor: '?count',
    context: '?count',
    pipeline: '?count',
    virtualStages: '?count',
    recomputedLayers: '?count',
    layerBytes: '?positive',
  });
  checkChoice('recompute', activations.recompute, RECOMPUTES);
}
