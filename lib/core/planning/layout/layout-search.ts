import { minReserve, usualReserve } from '../memory/training-memory';
import type { TrainingTerms } from '../time/plan-time';
import type { Layout } from './layout';
import { layoutClock, recomputeFactor } from './layout-time';
import { linkedAccelerators, type PlanHardware } from './plan-hardware';

/** A layout on a number of accelerators. */
export interface FoundLayout {
  readonly layout: Layout;
  /** Data-parallel replicas. */
  readonly data: number;
  readonly globalBatch: number;
  /** Time per token and accelerator, as a multiple of the time at the peak. Only the ratio between layouts of a job is meaningful. */
  readonly relativeTime: number;
  /** Time of a step with the recomputation of the layout, as a multiple of the time without: 1 to 4/3. */
  readonly recomputeFactor: number;
}

/** Tokens per step if the job does not set them: at least this number, and as many for each accelerator. */
const DEFAULT_STEP_TOKENS = 2 ** 22;
const STEP_TOKENS_PER_ACCELERATOR = 1024;
/** A batch that is this many times as large teaches the model no more. */
const LARGE_BATCH = 2;
/** Loss of time without any of the usual reserve: the allocator frees and allocates blocks in each step. */
const TIGHT = 0.1;

/** Returns the fastest layout that fits on the accelerators, or `undefined`. */
export function fastestLayout(
  terms: TrainingTerms,
  hardware: PlanHardware,
  accelerators: number,
): FoundLayout | undefined {
  const { memory, job, shape } = terms;
  const { layers } = shape;
  const { memoryBytes, fraction, chip } = hardware;
  const min = memoryBytes - minReserve(memoryBytes);
  const usual = memoryBytes - usualReserve(memoryBytes);
  const clock = layoutClock(terms, hardware);
  let best: (Omit<FoundLayout, 'recomputeFactor' | 'relativeTime'> & { readonly recomputed: number }) | undefined;
  let least = Infinity;

  for (const split of splitsOn(terms, hardware, accelerators)) {
    const { tensor, pipeline, context, data } = split;
    const parts = tensor * context;
    for (const sharding of terms.space.shardings) {
      if (pipeline > 1 && isSlowWithPipeline(sharding) && isOpen(terms)) continue;
      const one = { ...split, sharding };
      const states = memory.states(one, data);
      if (states > min) continue;
      const timeOf = clock.of(one, data);
      for (const microBatch of terms.space.microBatches) {
        const batch = batchOf(terms, split, microBatch, accelerators);
        if (!batch) continue;
        const use = (microBatch * memory.layer) / parts;
        const input = (microBatch * memory.input) / parts;
        const logits = (microBatch * memory.logits) / parts;
        for (const virtualPipeline of split.interleaved) {
          if (virtualPipeline > 1 && batch.microBatches % pipeline !== 0) continue;
          const stages = { pipeline, virtualPipeline, layers, use, input, logits };
          for (const reserved of [usual, min]) {
            const recomputed = recomputedLayers(stages, reserved - states, job.recompute);
            if (recomputed === undefined) continue;
            const needed = states + activeBytes(stages, recomputed);
            const tight = Math.max(0, needed - usual) / (min - usual);
            const seconds = timeOf.step(microBatch, batch.microBatches, virtualPipeline, recomputed / layers);
            const time = (seconds * (1 + TIGHT * tight)) / batch.counted;
            if (time < least) {
              least = time;
              const { expert } = split;
              const degrees = { tensor, pipeline, virtualPipeline, context, expert, sharding, microBatch };
              const recompute = job.recompute ?? (recomputed > 0 ? 'full' : 'selective');
              const layout = { ...degrees, recompute, recomputedLayers: recomputed, accelerators: parts * pipeline };
              best = { layout, data, globalBatch: batch.globalBatch, recomputed };
            }
            if (recomputed === 0) break;
          }
        }
      }
    }
  }
  if (!best) return undefined;
  const { recomputed, ...found } = best;
  const peak = (chip[`${job.precision}DenseTflops`] ?? chip.bf16DenseTflops ?? 100) * 1e12 * fraction;
  const ideal = (job.sequenceLength * terms.flopsPerToken) / (accelerators * peak);
  return { ...found, relativeTime: least / ideal, recomputeFactor: recomputeFactor(recomputed / layers) };
}

/** Returns the layout with the least memory, whether or not it fits or divides the accelerators. */
export function smallestLayout(
  terms: TrainingTerms,
  hardware: PlanHardware,
  accelerators: number,
): Omit<FoundLayout, 'relativeTime'> {
  const { memory, job, shape, space } = terms;
  const { layers } = shape;
  const even = splitsOn(terms, hardware, accelerators);
  const microBatch = space.microBatches[0]!;
  const all = even.length > 0 ? even : splitsOn(terms, hardware, undefined).filter((one) => one.parts <= accelerators);
  let least = Infinity;
  let found: Omit<FoundLayout, 'relativeTime' | 'globalBatch' | 'recomputeFactor'> | undefined;
  for (const split of all.length > 0 ? all : splitsOn(terms, hardware, undefined)) {
    const { tensor, pipeline, context, expert } = split;
    const data = Math.max(1, Math.floor(accelerators / split.parts));
    for (const sharding of space.shardings) {
      for (const virtualPipeline of split.interleaved) {
        const parts = tensor * context;
        const use = (microBatch * memory.layer) / parts;
        const input = (microBatch * memory.input) / parts;
        const logits = (microBatch * memory.logits) / parts;
        const full = job.recompute === undefined || job.recompute === 'full';
        const stages = { pipeline, virtualPipeline, layers, use, input, logits };
        const recomputed = full ? layers : 0;
        const bytes = memory.states({ ...split, sharding }, data) + activeBytes(stages, recomputed);
        if (bytes >= least) continue;
        least = bytes;
        const recompute = job.recompute ?? 'full';
        const degrees = { tensor, pipeline, virtualPipeline, context, expert, sharding, microBatch };
        found = { layout: { ...degrees, recompute, recomputedLayers: recomputed, accelerators: split.parts }, data };
      }
    }
  }
  const { layout, data } = found!;
  const globalBatch = job.globalBatch ?? data * layout.microBatch * layout.pipeline;
  return { layout, data, globalBatch, recomputeFactor: recomputeFactor(layout.recomputedLayers / layers) };
}

/** Gradients and weights are exchanged in every micro batch, and a pipeline needs many of them. */
function isSlowWithPipeline(sharding: Layout['sharding']): boolean {
  return sharding === 'zero-2' || sharding === 'zero-3';
}

function isOpen({ job }: TrainingTerms): boolean {
  return job.parallelism === undefined && job.sharding === undefined;
}

interface SplitOn extends Pick<Layout, 'tensor' | 'pipeline' | 'context' | 'expert'> {
  readonly interleaved: readonly number[];
  readonly data: number;
  /** Accelerators of a replica. */
  readonly parts: number;
}

/** Returns the splits that divide the accelerators, or all splits without a number of accelerators. */
function splitsOn(
  { space, job }: TrainingTerms,
  hardware: PlanHardware,
  accelerators: number | undefined,
): readonly SplitOn[] {
  const { parallelism, globalBatch } = job;
  const linked = hardware.rdma ? Infinity : linkedAccelerators(hardware);
  const found: SplitOn[] = [];
  for (const tensor of space.tensors) {
    if (!parallelism && tensor > hardware.domain) continue;
    for (const context of space.contexts) {
      for (const { pipeline, interleaved } of space.pipelines) {
        const parts = tensor * context * pipeline;
        const data = accelerators === undefined ? 1 : accelerators / parts;
        if (accelerators !== undefined && !isEven(data, parallelism?.data, globalBatch)) continue;
        for (const expert of space.experts) {
          if (accelerators !== undefined && (tensor * context * data) % expert !== 0) continue;
          if (!parallelism && expert > linked) continue;
          found.push({ tensor, context, pipeline, expert, interleaved, data, parts });
        }
      }
    }
  }
  return found;
}

function isEven(data: number, stated: number | undefined, globalBatch: number | undefined): boolean {
  if (!Number.isInteger(data) || (stated !== undefined && stated !== data)) return false;
  return globalBatch === undefined || globalBatch % data === 0;
}

interface Batch {
  /** Micro batches per replica and step. */
  readonly microBatches: number;
  readonly globalBatch: number;
  /** Sequences that teach the model something. */
  readonly counted: number;
}

/** Returns the batch of a split, or `undefined` if micro batches do not divide it. */
function batchOf(
  { job }: TrainingTerms,
  { data, pipeline }: Pick<SplitOn, 'data' | 'pipeline'>,
  microBatch: number,
  accelerators: number,
): Batch | undefined {
  const { globalBatch, sequenceLength } = job;
  const pass = data * microBatch;
  if (globalBatch !== undefined) {
    if (globalBatch % pass !== 0) return undefined;
    return { microBatches: globalBatch / pass, globalBatch, counted: globalBatch };
  }
  // A pipeline needs at least as many micro batches as stages to be full, and a multiple to be interleaved.
  const wanted = DEFAULT_STEP_TOKENS / sequenceLength / pass;
  const microBatches = pipeline * Math.max(1, Math.round(wanted / pipeline));
  const max = (LARGE_BATCH * Math.max(DEFAULT_STEP_TOKENS, STEP_TOKENS_PER_ACCELERATOR * accelerators)) / sequenceLength;
  const all = microBatches * pass;
  return { microBatches, globalBatch: all, counted: Math.min(all, Math.max(1, max)) };
}

interface Stages {
  readonly pipeline: number;
  readonly virtualPipeline: number;
  readonly layers: number;
  /** Bytes of a layer and a micro batch. */
  readonly use: number;
  /** The same with full recomputation. */
  readonly input: number;
  readonly logits: number;
}

/** Returns the activations and logits of the first or the last stage, the larger of the two. */
function activeBytes({ pipeline, virtualPipeline, layers, use, input, logits }: Stages, recomputed: number): number {
  const held = interleaving(pipeline, virtualPipeline) * ((layers - recomputed) * use + recomputed * input);
  const first = held + (recomputed > 0 ? use : 0);
  return pipeline === 1 ? first + logits : Math.max(first, first / pipeline + logits);
}

function interleaving(pipeline: number, virtualPipeline: number): number {
  return virtualPipeline > 1 ? 1 + (pipeline - 1) / (pipeline * virtualPipeline) : 1;
}

/** Returns the smallest number of layers to recompute so that the activations fit, or `undefined` if even all are too few. */
function recomputedLayers(stages: Stages, available: number, stated: Layout['recompute'] | undefined) {
  const { pipeline, virtualPipeline, layers, use, input, logits } = stages;
  if (stated === undefined || stated !== 'full') {
    if (activeBytes(stages, 0) <= available) return 0;
    if (stated !== undefined) return undefined;
  }
  if (activeBytes(stages, layers) > available) return undefined;
  if (stated === 'full') return layers;
  // The first stage holds the most activations, and the last one the logits.
  const onFirst = available - (pipeline === 1 ? logits : 0);
  const onLast = pipeline === 1 ? Infinity : (available - logits) * pipeline;
  const held = (Math.min(onFirst, onLast) - use) / interleaving(pipeline, virtualPipeline);
  return Math.min(layers, Math.max(1, Math.ceil((layers * use - held) / (use - input))));
}
