import { layersToRecompute, stageBytes, type Stages } from '../memory/stage-memory';
import { minReserve, NEARLY_FULL, usedShare, usualReserve } from '../memory/training-memory';
import type { TrainingTerms } from '../time/plan-time';
import type { Layout } from './layout';
import { anySplits, evenSplits, microBatchesOf, type Split, usefulBatch } from './layout-splits';
import {
  type PassTerms,
  passSeconds,
  passTerms,
  pipelineFactor,
  recomputeFactor,
  replicaSeconds,
  type ReplicaTerms,
  replicaTerms,
  type TimeTerms,
  timeTerms,
} from './layout-time';
import type { PlanHardware } from './plan-hardware';

/** A layout on a number of accelerators. */
export interface FoundLayout {
  readonly layout: Layout;
  /** Data-parallel replicas. */
  readonly data: number;
  /** Sequences per step. */
  readonly globalBatch: number;
  /** Time of a step with the recomputation of the layout, as a multiple of the time without: 1 to 4/3. */
  readonly recomputeFactor: number;
}

/** The fastest layout. */
export interface FastestLayout extends FoundLayout {
  /** Used share of the memory of the fullest accelerator, with the minimum reserve. */
  readonly memoryUsed: number;
  /** Accelerator seconds per token. Only the ratio between layouts of the same job on the same machine is meaningful. */
  readonly relativeTime: number;
}

/** Slowdown without any of the usual reserve: the allocator frees and allocates blocks in each step. */
const TIGHT = 0.1;

/**
 * Returns the layout with the least predicted time among those that fit on the accelerators, or `undefined` if none fits. Layouts that nearly
 * fill the memory are compared only if no other one fits.
 */
export function fastestLayout(
  terms: TrainingTerms,
  hardware: PlanHardware,
  accelerators: number,
): FastestLayout | undefined {
  const splits = evenSplits(terms, hardware, accelerators);
  for (const maxUsed of [NEARLY_FULL, 1]) {
    const search = new LayoutSearch(terms, hardware, accelerators, maxUsed);
    search.compare(splits, usualShardings);
    if (!search.found && terms.job.parallelism) search.compare(splits, shardingsOf);
    if (search.found) return search.found;
  }
  return undefined;
}

/** Returns whether any layout fits on the accelerators. */
export function anyLayoutFits(terms: TrainingTerms, hardware: PlanHardware, accelerators: number): boolean {
  const available = hardware.memoryBytes - minReserve(hardware.memoryBytes);
  const splits = evenSplits(terms, hardware, accelerators);
  // Larger replicas need less memory, so they fit more often.
  return splits.findLast((split) => leastBytes(terms, split).bytes <= available) !== undefined;
}

/** Returns whether a layout fits on the accelerators only if layers are recomputed in full. */
export function needsRecompute(terms: TrainingTerms, hardware: PlanHardware, accelerators: number): boolean {
  const available = hardware.memoryBytes - minReserve(hardware.memoryBytes);
  const [microBatch] = terms.space.microBatches as [number];
  return evenSplits(terms, hardware, accelerators).every((split) => {
    const states = Math.min(...shardingsOf(terms, split).map((sharding) => terms.memory.states(split, sharding)));
    return states + stageBytes(stagesOf(terms, split, microBatch, split.interleaved.at(-1)!), 0) > available;
  });
}

/** Returns the layout with the least memory, whether or not it fits or divides the accelerators. */
export function smallestLayout(terms: TrainingTerms, hardware: PlanHardware, accelerators: number): FoundLayout {
  const even = evenSplits(terms, hardware, accelerators);
  const splits = even.length > 0 ? even : anySplits(terms, hardware, accelerators);
  const { layers } = terms.shape;
  const all = splits.map((split) => ({ split, ...leastBytes(terms, split) }));
  const { split, sharding, recomputed, microBatch } = all.reduce((min, one) => (one.bytes < min.bytes ? one : min));
  const virtualPipeline = split.interleaved.at(-1)!;
  return {
    layout: layoutOf(terms, split, { sharding, microBatch, virtualPipeline, recomputed }),
    data: split.data,
    globalBatch: terms.job.globalBatch ?? split.data * microBatch * (microBatchesOf(terms, split, microBatch) ?? 1),
    recomputeFactor: recomputeFactor(recomputed / layers),
  };
}

/** The choices for a split that need the least memory. */
interface Least extends Pick<Layout, 'sharding' | 'microBatch'> {
  readonly bytes: number;
  readonly recomputed: number;
}

function leastBytes(terms: TrainingTerms, split: Split): Least {
  const { job, memory, shape, space } = terms;
  const microBatch = space.microBatches[0]!;
  const stages = stagesOf(terms, split, microBatch, split.interleaved.at(-1)!);
  const inFull = stageBytes(stages, shape.layers);
  const { recompute = stageBytes(stages, 0) > inFull ? 'full' : 'selective' } = job;
  const recomputed = recompute === 'full' ? shape.layers : 0;
  const active = recompute === 'full' ? inFull : stageBytes(stages, 0);
  const open = shardingsOf(terms, split);
  const states = leastStates(terms, split, open);
  const sharding = open.find((one) => memory.states(split, one) === states)!;
  return { bytes: states + active, sharding, microBatch, recomputed };
}

function usualShardings({ space }: TrainingTerms, { pipeline }: Split): readonly Layout['sharding'][] {
  return pipeline === 1 ? space.shardings : space.pipelineShardings;
}

/** If no usual sharding fits, a split that the job states can have any. */
function shardingsOf(terms: TrainingTerms, split: Split): readonly Layout['sharding'][] {
  return terms.job.parallelism ? terms.space.shardings : usualShardings(terms, split);
}

function leastStates({ memory }: TrainingTerms, split: Split, open: readonly Layout['sharding'][]): number {
  let least = Infinity;
  for (const sharding of open) least = Math.min(least, memory.states(split, sharding));
  return least;
}

function stagesOf({ memory, shape }: TrainingTerms, split: Split, microBatch: number, virtualPipeline: number): Stages {
  const { pipeline, tensor, context } = split;
  const share = microBatch / (tensor * context);
  return {
    pipeline,
    virtualPipeline,
    layers: shape.layers,
    layer: share * memory.layer,
    input: share * memory.input,
    logits: share * memory.logits,
  };
}

interface Choice extends Pick<Layout, 'sharding' | 'microBatch' | 'virtualPipeline'> {
  readonly recomputed: number;
}

function layoutOf({ job }: TrainingTerms, split: Split, { recomputed, ...choice }: Choice): Layout {
  const { tensor, pipeline, context, expert, accelerators } = split;
  const recompute = job.recompute ?? (recomputed > 0 ? 'full' : 'selective');
  return { tensor, pipeline, context, expert, ...choice, recompute, recomputedLayers: recomputed, accelerators };
}

/** Keeps the fastest of the layouts that are added. */
class LayoutSearch {
  private readonly time: TimeTerms;
  private readonly memoryBytes: number;
  /** Memory that a layout can use, and the part of it that leaves the usual reserve. */
  private readonly available: number;
  private readonly comfortable: number;
  private least = Infinity;
  private best?: Choice & { readonly split: Split; readonly microBatches: number };

  constructor(
    private readonly terms: TrainingTerms,
    hardware: PlanHardware,
    private readonly accelerators: number,
    maxUsed: number,
  ) {
    const { memoryBytes } = hardware;
    this.time = timeTerms(terms, hardware);
    this.memoryBytes = memoryBytes;
    this.available = maxUsed * memoryBytes - minReserve(memoryBytes);
    this.comfortable = memoryBytes - usualReserve(memoryBytes);
  }

  /** The fastest layout. */
  public get found(): FastestLayout | undefined {
    if (!this.best) return undefined;
    const { split, microBatches, ...choice } = this.best;
    return {
      layout: layoutOf(this.terms, split, choice),
      data: split.data,
      globalBatch: split.data * choice.microBatch * microBatches,
      recomputeFactor: recomputeFactor(choice.recomputed / this.time.layers),
      memoryUsed: usedShare(this.needed(split, choice), this.memoryBytes),
      relativeTime: (this.least * this.accelerators) / this.time.sequenceLength,
    };
  }

  private needed(split: Split, { sharding, microBatch, virtualPipeline, recomputed }: Choice): number {
    const stages = stagesOf(this.terms, split, microBatch, virtualPipeline);
    return this.terms.memory.states(split, sharding) + stageBytes(stages, recomputed);
  }

  /** Compares the layouts of splits, starting with those that can be fastest. */
  public compare(splits: readonly Split[], shardings: typeof shardingsOf): void {
    const { terms, time, available } = this;
    const bounded: Bounded[] = [];
    for (const split of splits) {
      const open = shardings(terms, split);
      if (leastStates(terms, split, open) > available) continue;
      const pass = passTerms(time, split, split.data);
      bounded.push({ split, open, pass, bound: this.boundOf(split, pass) });
    }
    for (const one of bounded.sort((a, b) => a.bound - b.bound)) {
      if (one.bound >= this.least) return;
      this.add(one);
    }
  }

  /** Returns a lower bound of the seconds per sequence: the largest micro batch, the shortest idle time and no exchange between replicas. */
  private boundOf(split: Split, pass: PassTerms): number {
    const largest = this.terms.space.microBatches.at(-1)!;
    const most = microBatchesOf(this.terms, split, this.terms.space.microBatches[0]!) ?? Infinity;
    const idle = (split.pipeline - 1) / (most * split.interleaved[0]!);
    return (passSeconds(this.time, pass, largest, 1, 0) * (1 + idle)) / (largest * split.data);
  }

  private add({ split, open, pass }: Bounded): void {
    const { terms, time, available } = this;
    for (const sharding of open) {
      const states = terms.memory.states(split, sharding);
      if (states > available) continue;
      const replicas = replicaTerms(time, split, split.data, sharding);
      for (const microBatch of terms.space.microBatches) {
        const microBatches = microBatchesOf(terms, split, microBatch);
        if (microBatches !== undefined)
          this.addBatch(split, { sharding, states, replicas, pass }, microBatch, microBatches);
      }
    }
  }

  private addBatch(split: Split, prepared: Prepared, microBatch: number, microBatches: number): void {
    const { terms, available, comfortable } = this;
    const { sharding, states } = prepared;
    const useful = usefulBatch(terms, split.data * microBatch * microBatches, this.accelerators);
    for (const virtualPipeline of split.interleaved) {
      if (split.interleaved.length > 1 && virtualPipeline > 1 && microBatches % split.pipeline !== 0) continue;
      const choice = { microBatch, microBatches, virtualPipeline };
      if (this.step(prepared, choice, 0) / useful >= this.least) continue;
      const stages = stagesOf(terms, split, microBatch, virtualPipeline);
      for (const limit of [comfortable, available]) {
        const recomputed = layersToRecompute(stages, limit - states, terms.job.recompute);
        if (recomputed === undefined) continue;
        const shortage = (states + stageBytes(stages, recomputed) - comfortable) / (available - comfortable);
        const seconds = (this.step(prepared, choice, recomputed) * (1 + TIGHT * Math.max(0, shortage))) / useful;
        if (seconds < this.least) {
          this.least = seconds;
          this.best = { split, sharding, recomputed, ...choice };
        }
        if (recomputed === 0) break;
      }
    }
  }

  private step(
    { pass, replicas, sharding }: Prepared,
    { microBatch, microBatches, virtualPipeline }: Batches,
    recomputed: number,
  ): number {
    const { time } = this;
    const seconds = passSeconds(time, pass, microBatch, virtualPipeline, recomputed / time.layers);
    const factor = pipelineFactor(time, pass.pipeline, virtualPipeline, microBatches);
    return seconds * factor * microBatches + replicaSeconds(replicas, sharding, seconds, microBatches);
  }
}

interface Batches extends Pick<Layout, 'microBatch' | 'virtualPipeline'> {
  readonly microBatches: number;
}

/** A split that may fit, and a lower bound of its time. */
interface Bounded {
  readonly split: Split;
  readonly open: readonly Layout['sharding'][];
  readonly pass: PassTerms;
  readonly bound: number;
}

interface Prepared {
  readonly sharding: Layout['sharding'];
  readonly states: number;
  readonly replicas: ReplicaTerms;
  readonly pass: PassTerms;
}
