import type { Sharding, TrainingJob } from '../workload/training-job';
import { activationBytes, logitBytes } from './activations';
import type { Layout } from './plan-layouts';
import type { TrainingTerms } from './plan-terms';
import { type TrainingMemory, trainingMemory } from './training-memory';
import { stateBytes } from './training-states';

/** Bytes on the fullest accelerator of a split, routed experts included. */
export function layoutMemory(terms: TrainingTerms, layout: Layout, data: number, memoryBytes: number): TrainingMemory {
  const { job, shape, common, gradientBytes, optimizerBytes } = terms;
  const { tensor, pipeline, context, sharding } = layout;
  const memory = trainingMemory({
    shape: { ...shape, parameters: common, activeParameters: common },
    memoryBytes,
    tensor,
    pipeline,
    context,
    // Ranks that share a sequence hold the same weights, so states are split over them, too.
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
 * Experts are dealt out over expert parallelism, and each is split by tensor parallelism as far as there are accelerators
 * for both; what is left of the replicas shares the states of an expert.
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

/** What a split takes besides states: the same however many replicas there are. */
export type ActiveBytes = (layout: Layout) => number;

/**
 * Activations and logits of the fuller of the first and the last stage of a pipeline. The first holds as many micro batches
 * as there are stages, so its activations are those of the whole model; they are computed once for each degree of the rest.
 */
export function activeBytesOf(job: TrainingJob): ActiveBytes {
  const known = new Map<number, { readonly activations: number; readonly logits: number }>();
  return ({ tensor, pipeline, context }) => {
    const key = tensor * MOST_CONTEXT + context;
    let whole = known.get(key);
    if (!whole) {
      const { layers, hidden, heads, vocabulary } = job.model;
      const { sequenceLength, microBatch, recompute } = job;
      const split = { sequenceLength, microBatch, recompute, tensor, context };
      const activations = activationBytes({ ...split, layers, hidden, heads });
      known.set(key, (whole = { activations, logits: logitBytes({ ...split, vocabulary }) }));
    }
    return Math.max(whole.activations, whole.activations / pipeline + whole.logits);
  };
}

const MOST_CONTEXT = 2 ** 20;

/** Bytes of states that a split needs at least, in a few operations: most splits need not be looked at closely. */
export function leastStateBytes(terms: TrainingTerms, layout: Layout, data: number): number {
  const { common, routed } = terms;
  const { tensor, pipeline, context, expert, sharding } = layout;
  const ranks = tensor * context * data;
  const shards = Math.min(tensor * expert, ranks);
  const each = (replicas: number) => leastBytesEach(terms, sharding, replicas);
  return (common * each(data * context)) / (tensor * pipeline) + (routed * each(ranks / shards)) / (shards * pipeline);
}

function leastBytesEach(
  { gradientBytes, optimizerBytes }: TrainingTerms,
  sharding: Sharding,
  replicas: number,
): number {
  if (sharding === 'none') return 2 + gradientBytes + optimizerBytes;
  if (sharding === 'zero-1') return 2 + gradientBytes + optimizerBytes / replicas;
  const split = (gradientBytes + optimizerBytes) / replicas;
  return sharding === 'zero-2' ? 2 + split : 2 / replicas + split;
}
