import type { Sharding } from '../../workload/training-job';
import type { Layout } from '../layout/layout';
import type { TrainingTerms } from '../time/plan-time';
import { layerActivationBytes } from './layer-activations';
import {
  activationBytesPerLayer,
  logitBytes,
  stateBytes,
  type TrainingMemory,
  trainingMemory,
  usedShare,
  withReserve,
} from './training-memory';

/** Returns the bytes on the fullest accelerator of a layout, including routed experts. */
export function layoutMemory(terms: TrainingTerms, layout: Layout, data: number, memoryBytes: number): TrainingMemory {
  const { job, shape, common, gradientBytes, optimizerBytes } = terms;
  const { tensor, pipeline, context, sharding, virtualPipeline, microBatch, recompute, recomputedLayers } = layout;
  const memory = trainingMemory({
    shape: { ...shape, parameters: common, activeParameters: common },
    memoryBytes,
    tensor,
    pipeline,
    virtualStages: virtualPipeline,
    context,
    // Ranks that share a sequence hold the same weights, so states are also split over them.
    data: data * context,
    sharding,
    gradientBytes,
    optimizerBytes,
    sequenceLength: job.sequenceLength,
    microBatch,
    recompute,
    ...(recompute === 'full' && { recomputedLayers }),
    layerBytes: layerActivationBytes(job.model),
  });
  const experts = expertBytes(terms, layout, data);
  if (experts === 0) return memory;
  const states = memory.states + experts;
  const { embeddings, activations, logits } = memory;
  const needed = states + embeddings + activations + logits;
  const total = withReserve(needed, memoryBytes);
  const reserve = total - needed;
  const binds = states >= Math.max(embeddings, activations, logits) ? 'states' : memory.binds;
  const used = usedShare(needed, memoryBytes);
  return { ...memory, states, reserve, total, used, fits: used <= 1, binds };
}

/** Returns the number of ranks that share the experts of a layer: expert parallelism, and tensor parallelism within each expert. */
export function expertShards({ tensor, context, expert }: Pick<Layout, 'tensor' | 'context' | 'expert'>, data: number) {
  return Math.min(tensor * expert, tensor * context * data);
}

/** Returns the states of the experts. The replicas that hold the same part of an expert share its states. */
function expertBytes(terms: TrainingTerms, layout: Layout, data: number): number {
  const { routed, shape, gradientBytes, optimizerBytes } = terms;
  if (routed === 0) return 0;
  const { tensor, pipeline, context, sharding } = layout;
  const shards = expertShards(layout, data);
  return stateBytes({
    parameters: routed,
    tensor: shards,
    pipeline,
    data: Math.max(1, Math.floor((tensor * context * data) / shards)),
    sharding,
    gradientBytes,
    optimizerBytes,
    largestLayer: routed / shape.layers,
  });
}

/** The memory of the layouts of a job, in a few operations each. It equals `layoutMemory`, without the reserve and the checks. */
export interface JobMemory {
  /** Returns the bytes of weights, gradients, optimizer states and embeddings on the first stage. */
  readonly states: (split: Split, sharding: Sharding) => number;
  /** Bytes of a layer and a sequence on one accelerator: with the recomputation of the job, or selective. */
  readonly layer: number;
  /** Bytes of a layer and a sequence with full recomputation. */
  readonly input: number;
  /** Bytes of the logits of a sequence. */
  readonly logits: number;
}

interface Split extends Pick<Layout, 'tensor' | 'pipeline' | 'context' | 'expert'> {
  readonly data: number;
}

/** Prepares the memory of the layouts of a job. */
export function jobMemoryOf(terms: Omit<TrainingTerms, 'memory'>): JobMemory {
  const { job, shape, common, routed } = terms;
  const { layers, hidden, heads, vocabulary } = shape;
  const { sequenceLength } = job;
  const layer = { layers, hidden, heads, sequenceLength, layerBytes: layerActivationBytes(job.model) };
  const table = Math.min(vocabulary * hidden, common);
  return {
    layer: activationBytesPerLayer({ ...layer, recompute: job.recompute === 'none' ? 'none' : 'selective' }),
    input: activationBytesPerLayer({ ...layer, recompute: 'full' }),
    logits: logitBytes({ sequenceLength, vocabulary }),
    states: (split, sharding) => {
      const { tensor, pipeline, context, data } = split;
      const ranks = tensor * context * data;
      const each = bytesEach(terms, sharding, context * data);
      const embeddings = (table / tensor) * (1 - 1 / pipeline) * each;
      const gathered = sharding === 'zero-3' ? 4 / layers : 0;
      const outside = (common / (tensor * pipeline)) * each + (common * gathered) / tensor;
      if (routed === 0) return outside + embeddings;
      const shards = expertShards(split, data);
      const experts = bytesEach(terms, sharding, Math.max(1, Math.floor(ranks / shards)));
      return outside + embeddings + (routed / (shards * pipeline)) * experts + (routed * gathered) / shards;
    },
  };
}

function bytesEach(
  { gradientBytes, optimizerBytes }: Pick<TrainingTerms, 'gradientBytes' | 'optimizerBytes'>,
  sharding: Sharding,
  replicas: number,
): number {
  if (sharding === 'none') return 2 + gradientBytes + optimizerBytes;
  if (sharding === 'zero-1') return 2 + gradientBytes + optimizerBytes / replicas;
  if (sharding === 'zero-2') return 2 + (gradientBytes + optimizerBytes) / replicas;
  return (2 + gradientBytes + optimizerBytes) / replicas;
}
