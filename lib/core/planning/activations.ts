import { checkChoice, checkNumbers } from './inputs';

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
  /** Whether tensor parallelism also splits layer norms and dropouts. @default true */
  readonly sequenceParallel?: boolean;
}

/**
 * Returns the bytes of activations per layer and micro batch, with 2 bytes per value. The layer is that of GPT-3, with an MLP of four times
 * the hidden size. Full recomputation keeps only the input of the layer.
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
 * Returns the bytes of activations on the first pipeline stage, which is the fullest. It holds as many micro batches as there are stages,
 * about as much as all layers together. With m interleaved stages, it is 1 + (p−1)/(p·m) times that. Full recomputation adds the layer in
 * progress.
 */
export function activationBytes(activations: Activations): number {
  const { layers, pipeline: p = 1, virtualStages: m = 1, recompute } = activations;
  const interleaved = m > 1 ? 1 + (p - 1) / (p * m) : 1;
  const atWork = recompute === 'full' ? activationBytesPerLayer({ ...activations, recompute: 'selective' }) : 0;
  return layers * interleaved * activationBytesPerLayer(activations) + atWork;
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
  });
  checkChoice('recompute', activations.recompute, RECOMPUTES);
}
