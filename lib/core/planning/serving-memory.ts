import { checkChoice, checkNumbers } from './inputs';
import { checkShape, isMixture, kvBytesPerToken, kvShare, type ModelShape } from './model-shape';

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
