import { checkChoice, checkNumbers } from './inputs';
import { checkShape, isMixture, kvBytesPerToken, kvShare, type ModelShape } from './model-shape';

/** What is served, and on what. */
export interface ServingMemoryInput {
  readonly shape: ModelShape;
  /** Accelerators of one replica. */
  readonly accelerators: number;
  /** Memory of one accelerator that a program can allocate. */
  readonly memoryBytes: number;
  /** Tokens of a sequence, prompt and answer. */
  readonly contextTokens: number;
  /** Bytes of a weight: 2 in bf16, 1 in fp8, 0.5625 in fp4 with its scales. @default 2 */
  readonly weightBytes?: number;
  /** Bytes of a cached value. @default 2 */
  readonly kvBytes?: number;
  /** Sequences that must run at once. @default 1 */
  readonly concurrency?: number;
  /** Share of the memory that the server may take. @default 0.9, as of vLLM */
  readonly utilisation?: number;
  /** What the server keeps for itself. @default `mixture` for a mixture of experts, else `dense` */
  readonly overhead?: ServingOverhead;
}

/**
 * GiB of activations and CUDA graphs per accelerator, measured with vLLM on H100 by llm-d-planner: Llama, Qwen 3, mixtures
 * of experts, multimodal models.
 * @see https://github.com/llm-d-incubation/llm-d-planner
 */
const ACTIVATION_GIB = { dense: 4.8, qwen3: 5.6, mixture: 8, multimodal: 2.5 } as const;
/** GiB outside of the framework per accelerator, alone and with tensor parallelism; the same source. */
const OUTSIDE_GIB = { alone: 0.15, together: 0.6 } as const;

/** Which model's overhead a server has. */
export type ServingOverhead = keyof typeof ACTIVATION_GIB;

/** Bytes per accelerator of one replica. */
export interface ServingMemory {
  readonly weights: number;
  readonly overhead: number;
  /** What is left for keys and values; negative where not even the weights fit. */
  readonly kvRoom: number;
  /** Keys and values of one sequence. */
  readonly kvPerSequence: number;
  /** Sequences that run at once at most. */
  readonly maxConcurrency: number;
  readonly fits: boolean;
  /** What fails, or would fail first. */
  readonly binds: 'weights' | 'kv';
}

const GIB = 2 ** 30;

/** What a replica takes of each accelerator's memory, and how many sequences it holds. */
export function servingMemory(input: ServingMemoryInput): ServingMemory {
  checkServing(input);
  const { shape, accelerators, memoryBytes, contextTokens, concurrency = 1 } = input;
  const { weightBytes = 2, kvBytes = 2, utilisation = 0.9 } = input;

  const weights = (shape.parameters * weightBytes) / accelerators;
  const overhead = overheadBytes(input);
  const kvRoom = utilisation * memoryBytes - weights - overhead;
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
    utilisation: '?share',
  });
  checkChoice('overhead', input.overhead, Object.keys(ACTIVATION_GIB) as ServingOverhead[]);
  checkShape(input.shape);
}
