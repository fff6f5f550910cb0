import { checkChoice, checkNumbers } from './inputs';

/** What the backward pass computes anew: nothing, the core of attention (or flash attention, which never keeps it), all. */
export const RECOMPUTES = ['none', 'selective', 'full'] as const;
export type Recompute = (typeof RECOMPUTES)[number];

/** What the activations of training take. */
export interface Activations {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly sequenceLength: number;
  /** Sequences that one accelerator takes at once. @default 1 */
  readonly microBatch?: number;
  /** @default 1 */
  readonly tensor?: number;
  /** @default 1 */
  readonly context?: number;
  /** @default 1 */
  readonly pipeline?: number;
  /** Stages that one pipeline rank holds, interleaved. @default 1 */
  readonly virtualStages?: number;
  /** @default selective */
  readonly recompute?: Recompute;
  /** Whether layer norms and dropouts are split by tensor parallelism too. @default true */
  readonly sequenceParallel?: boolean;
}

/**
 * Bytes of activations of one layer and one microbatch, at 2 bytes a value, for the layer of GPT-3 (an MLP of four times
 * the hidden size). Full recompute keeps the layer's input alone.
 * @see https://arxiv.org/abs/2205.05198 (equations 2, 4 and 6, table 2)
 */
export function activationBytesPerLayer(activations: Activations): number {
  checkActivations(activations);
  const { hidden: h, heads: a, microBatch: b = 1, tensor: t = 1, context = 1 } = activations;
  const { recompute = 'selective', sequenceParallel = true } = activations;
  const s = activations.sequenceLength / context;
  if (recompute === 'full') return 2 * s * b * h;
  const linear = sequenceParallel ? 34 / t : 10 + 24 / t;
  const attention = recompute === 'none' ? (5 * a * activations.sequenceLength) / (h * t) : 0;
  return s * b * h * (linear + attention);
}

/**
 * Bytes of activations on the first pipeline stage, which holds most: as many microbatches as there are stages, so about
 * all layers' worth, and 1 + (p−1)/(p·m) times that with m interleaved stages. Full recompute adds the one layer at work.
 */
export function activationBytes(activations: Activations): number {
  const { layers, pipeline: p = 1, virtualStages: m = 1, recompute } = activations;
  const interleaved = m > 1 ? 1 + (p - 1) / (p * m) : 1;
  const atWork = recompute === 'full' ? activationBytesPerLayer({ ...activations, recompute: 'selective' }) : 0;
  return layers * interleaved * activationBytesPerLayer(activations) + atWork;
}

/** Bytes of the logits of one microbatch, in bf16 and again in fp32 for the loss: s·b·V·(2+4)/t. */
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
  });
  checkChoice('recompute', activations.recompute, RECOMPUTES);
}
