import { ProblemCollector } from '../../errors';
import { checkParallelism, completeParallelism, isEvenlyStaged, type Parallelism } from '../../workload/parallelism';
import type { Recompute, Sharding, TrainingJob } from '../../workload/training-job';

/** How a model and a micro batch are split, without the number of data-parallel replicas. */
export interface Layout {
  readonly tensor: number;
  readonly pipeline: number;
  /** Interleaved stages per pipeline rank. */
  readonly virtualPipeline: number;
  readonly context: number;
  readonly expert: number;
  readonly sharding: Sharding;
  readonly microBatch: number;
  readonly recompute: Recompute;
  /** Layers that are recomputed in full, over all stages. */
  readonly recomputedLayers: number;
  /** Accelerators per replica: tensor × pipeline × context. */
  readonly accelerators: number;
}

/** The degrees to try for a job. Each list has one value if the job states it. */
export interface LayoutSpace {
  readonly tensors: readonly number[];
  /** Pipeline stages, each with its possible numbers of interleaved stages. */
  readonly pipelines: readonly PipelineChoice[];
  readonly contexts: readonly number[];
  readonly experts: readonly number[];
  readonly shardings: readonly Sharding[];
  /** The same with a pipeline, in whose many micro batches gradients and weights would be exchanged each time. */
  readonly pipelineShardings: readonly Sharding[];
  readonly microBatches: readonly number[];
}

/** A number of pipeline stages. */
export interface PipelineChoice {
  readonly pipeline: number;
  /** Interleaved stages per rank, most first. */
  readonly interleaved: readonly number[];
}

const MAX_TENSOR = 64;
const CONTEXTS = [1, 2, 4, 8, 16, 32, 64];
/** A shorter part of a sequence makes the exchange of keys and values slower than the attention itself. */
const MIN_TOKENS_IN_CONTEXT = 4096;
const EXPERTS = [64, 32, 16, 8, 4, 1];
const MICRO_BATCHES = [1, 2, 4, 8, 16, 32, 64];
/** A larger micro batch uses more memory without making matrix products faster. */
const MAX_MICRO_TOKENS = 32_768;
const INTERLEAVED = [12, 10, 8, 6, 5, 4, 3, 2];

/** Returns the degrees to try for a job. Weights and gradients are sharded only without a pipeline, unless the job states both. */
export function layoutSpaceOf(job: TrainingJob): LayoutSpace {
  const { parallelism, sharding, microBatch, sequenceLength, model } = job;
  const shardings: readonly Sharding[] = sharding === undefined ? ['zero-1', 'zero-2', 'zero-3'] : [sharding];
  const batches = MICRO_BATCHES.filter((size) => size === 1 || size * sequenceLength <= MAX_MICRO_TOKENS);
  const pipelineShardings = shardings.slice(0, 1);
  const rest = { shardings, pipelineShardings, microBatches: microBatch === undefined ? batches : [microBatch] };
  if (parallelism) {
    const { tensor, pipeline, virtualPipeline, context, expert } = parallelism;
    const interleaved = virtualPipeline === undefined ? interleavedFor(model.layers, pipeline) : [virtualPipeline];
    return {
      tensors: [tensor],
      pipelines: [{ pipeline, interleaved }],
      contexts: [context],
      experts: [expert],
      ...rest,
    };
  }
  const possible = (split: Partial<Parallelism>) => isPossible(job, split);
  const longEnough = (context: number) => context === 1 || sequenceLength / context >= MIN_TOKENS_IN_CONTEXT;
  return {
    tensors: upTo(Math.min(MAX_TENSOR, model.heads)).filter((tensor) => possible({ tensor })),
    pipelines: upTo(model.layers)
      .filter((pipeline) => isEvenlyStaged(model.layers, pipeline))
      .map((pipeline) => ({ pipeline, interleaved: interleavedFor(model.layers, pipeline) })),
    contexts: CONTEXTS.filter((context) => longEnough(context) && possible({ context })),
    experts: EXPERTS.filter((expert) => possible({ expert })),
    ...rest,
  };
}

/** Returns the largest possible interleaving first, and none last. Others in between need more memory and have more idle time. */
function interleavedFor(layers: number, pipeline: number): readonly number[] {
  if (pipeline === 1) return [1];
  const most = INTERLEAVED.find((stages) => isEvenlyStaged(layers, pipeline * stages));
  return most === undefined ? [1] : [most, 1];
}

function isPossible({ model, sequenceLength }: TrainingJob, split: Partial<Parallelism>): boolean {
  const problems = new ProblemCollector();
  checkParallelism(problems, completeParallelism(split), { model, sequenceLength, microBatch: 1 });
  return problems.all.length === 0;
}

function upTo(max: number): number[] {
  return Array.from({ length: max }, (_, index) => index + 1);
}
