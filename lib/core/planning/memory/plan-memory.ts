import type { Sharding, TrainingJob } from '../../workload/training-job';
import { activationBytes, logitBytes, type TrainingMemory, trainingMemory, stateBytes } from './training-memory';
import type { Layout, TrainingTerms } from '../time/plan-time';

/** Returns the bytes on the fullest accelerator of a split, including routed experts. */
export function layoutMemory(terms: TrainingTerms, layout: Layout, data: number, memoryBytes: number): TrainingMemory {
  const { job, shape, common, gradientBytes, optimizerBytes } = terms;
  const { tensor, pipeline, context, sharding } = layout;
  const memory = trainingMemory({
    shape: { ...shape, parameters: common, activeParameters: common },
    memoryBytes,
    tensor,
    pipeline,
    context,
    // Ranks that share a sequence hold the same weights, so states are also split over them.
    data: data * context,
    sharding,
    gradientBytes,
    optimizerBytes,
    sequenceLength: job.sequenceLength,
    microBatch: job.microBatch,
    recompute: job.recompute,
  });
  const experts = expertBytes(terms, layout, data);
  if (experts === 0) return memory;
  const states = memory.states + experts;
  const total = memory.total + experts;
  const { embeddings, activations, logits } = memory;
  const binds = states >= Math.max(embeddings, activations, logits) ? 'states' : memory.binds;
  return { ...memory, states, total, used: total / memoryBytes, fits: total <= memoryBytes, binds };
}

/**
 * Experts are distributed over expert parallelism, and tensor parallelism splits each expert, up to the number of accelerators. The
 * remaining replicas share the states of an expert.
 */
function expertBytes({ routed, shape, gradientBytes, optimizerBytes }: TrainingTerms, layout: Layout, data: number) {
  if (routed === 0) return 0;
  const { tensor, pipeline, context, expert, sharding } = layout;
  const ranks = tensor * context * data;
  const shards = Math.min(tensor * expert, ranks);
  return stateBytes({
    parameters: routed,
    tensor: shards,
    pipeline,
    data: Math.max(1, Math.floor(ranks / shards)),
    sharding,
    gradientBytes,
    optimizerBytes,
    largestLayer: routed / shape.layers,
  });
}

/** Returns the memory of a split without its states. It does not depend on the number of replicas. */
export type ActiveBytes = (layout: Layout) => number;

/**
 * Returns the activations and logits of the first or the last pipeline stage, the larger of the two. The first stage holds as many micro
 * batches as there are stages, so its activations equal those of the whole model. They are calculated once for each other degree.
 */
export function activeBytesOf(job: TrainingJob): ActiveBytes {
  const cache = new Map<number, { readonly activations: number; readonly logits: number }>();
  return ({ tensor, pipeline, context }) => {
    const key = tensor * MAX_CONTEXT + context;
    let model = cache.get(key);
    if (!model) {
      const { layers, hidden, heads, vocabulary } = job.model;
      const { sequenceLength, microBatch, recompute } = job;
      const split = { sequenceLength, microBatch, recompute, tensor, context };
      const activations = activationBytes({ ...split, layers, hidden, heads });
      cache.set(key, (model = { activations, logits: logitBytes({ ...split, vocabulary }) }));
    }
    return Math.max(model.activations, model.activations / pipeline + model.logits);
  };
}

const MAX_CONTEXT = 2 ** 20;

/** Returns a lower bound for the states of a split, in a few operations. It excludes most splits early. */
export function minStateBytes(terms: TrainingTerms, layout: Layout, data: number): number {
  const { common, routed } = terms;
  const { tensor, pipeline, context, expert, sharding } = layout;
  const ranks = tensor * context * data;
  const shards = Math.min(tensor * expert, ranks);
  const each = (replicas: number) => minBytesEach(terms, sharding, replicas);
  return (common * each(data * context)) / (tensor * pipeline) + (routed * each(ranks / shards)) / (shards * pipeline);
}

function minBytesEach({ gradientBytes, optimizerBytes }: TrainingTerms, sharding: Sharding, replicas: number): number {
  if (sharding === 'none') return 2 + gradientBytes + optimizerBytes;
  if (sharding === 'zero-1') return 2 + gradientBytes + optimizerBytes / replicas;
  const split = (gradientBytes + optimizerBytes) / replicas;
  return sharding === 'zero-2' ? 2 + split : 2 / replicas + split;
}
