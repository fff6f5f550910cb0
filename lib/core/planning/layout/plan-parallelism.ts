import type { PlannedParallelism } from '../plan-training';
import { linkedAccelerators, type PlanHardware } from './plan-hardware';
import type { Layout, TrainingTerms } from '../time/plan-time';
import { layoutMemory, minStateBytes } from '../memory/plan-memory';
import type { TrainingMemory } from '../memory/training-memory';

/** A split with its replicas and its memory. */
export interface Placement {
  readonly layout: Layout;
  readonly data: number;
  readonly memory: TrainingMemory;
  /** Why the accelerators do not divide evenly, as the end of "must be …". @default - they do */
  readonly impossible?: string;
}

/**
 * Returns the smallest split that fits in memory, with tensor parallelism in the scale-up domain. If no split fits, returns the one that
 * needs the least memory, so that a plan can report the difference.
 */
export function placementOf(terms: TrainingTerms, hardware: PlanHardware, accelerators: number): Placement {
  const fitting = fittingPlacement(terms, hardware, accelerators, layoutsOn(terms, hardware));
  if (fitting) return fitting;
  const { layouts, job } = terms;
  const possible = layouts.filter((one) => isLinked(terms, hardware, one) && dividesEvenly(terms, accelerators, one));
  const [first, ...rest] = job.parallelism || possible.length === 0 ? layouts : possible;
  return rest
    .map((layout) => place(terms, hardware, accelerators, layout))
    .reduce(
      (best, one) => (one.memory.total < best.memory.total ? one : best),
      place(terms, hardware, accelerators, first!),
    );
}

/** Returns the splits that fit in the memory of a machine with an unlimited number of replicas. */
export function layoutsOn(terms: TrainingTerms, hardware: PlanHardware): readonly Layout[] {
  const available = terms.availableBytes(hardware.memoryBytes);
  return terms.layouts.filter(
    (layout) =>
      isLinked(terms, hardware, layout) &&
      terms.activeBytes(layout) + minStateBytes(terms, layout, UNLIMITED) <= available,
  );
}

const UNLIMITED = 1e9;

/** Returns the first split that fits on the accelerators, or `undefined`. */
export function fittingPlacement(
  terms: TrainingTerms,
  { memoryBytes }: PlanHardware,
  accelerators: number,
  layouts: readonly Layout[],
): Placement | undefined {
  const available = terms.availableBytes(memoryBytes);
  for (const layout of layouts) {
    if (!dividesEvenly(terms, accelerators, layout)) continue;
    const data = accelerators / layout.accelerators;
    if (terms.activeBytes(layout) + minStateBytes(terms, layout, data) > available) continue;
    const memory = layoutMemory(terms, layout, data, memoryBytes);
    if (memory.fits) return { layout, data, memory };
  }
  return undefined;
}

function place(terms: TrainingTerms, hardware: PlanHardware, accelerators: number, layout: Layout): Placement {
  const data = Math.max(1, Math.floor(accelerators / layout.accelerators));
  const impossible = divisionProblem(terms, accelerators, layout);
  return {
    layout,
    data,
    memory: layoutMemory(terms, layout, data, hardware.memoryBytes),
    ...(impossible !== undefined && { impossible }),
  };
}

/** Returns whether fast links connect the accelerators of a split. A split of the user is always accepted, because a check reports it. */
function isLinked({ job }: TrainingTerms, hardware: PlanHardware, { tensor, expert }: Layout): boolean {
  if (job.parallelism) return true;
  return tensor <= hardware.domain && (hardware.rdma || expert <= linkedAccelerators(hardware));
}

function dividesEvenly({ job }: TrainingTerms, accelerators: number, layout: Layout): boolean {
  if (accelerators % layout.accelerators !== 0) return false;
  const data = accelerators / layout.accelerators;
  if (job.parallelism?.data !== undefined && job.parallelism.data !== data) return false;
  if ((data * layout.tensor * layout.context) % layout.expert !== 0) return false;
  return job.globalBatch === undefined || job.globalBatch % (data * job.microBatch) === 0;
}

function divisionProblem(terms: TrainingTerms, accelerators: number, layout: Layout): string | undefined {
  if (dividesEvenly(terms, accelerators, layout)) return undefined;
  const replica = layout.accelerators;
  if (accelerators % replica !== 0)
    return `a number of nodes whose accelerators are a multiple of ${replica}, the size of a replica`;
  const { parallelism, globalBatch, microBatch } = terms.job;
  if (parallelism?.data !== undefined) {
    return `a number of nodes with ${replica * parallelism.data} accelerators: ${parallelism.data} replicas of ${replica}`;
  }
  const data = accelerators / replica;
  if ((data * layout.tensor * layout.context) % layout.expert !== 0) {
    return `a number of nodes whose ${data} replicas can be divided into expert-parallel groups of ${layout.expert}`;
  }
  return `a number of nodes whose ${data} replicas divide ${globalBatch} sequences into micro batches of ${microBatch}`;
}

const DEFAULT_STEP_TOKENS = 2 ** 22;

/** Returns the split in the format of a plan, with a global batch. */
export function parallelismOf({ job }: TrainingTerms, { layout, data }: Placement): PlannedParallelism {
  const { microBatch, sequenceLength } = job;
  const min = data * microBatch;
  // A pipeline needs at least as many micro batches as stages to be full.
  const passes = Math.max(layout.pipeline, Math.round(DEFAULT_STEP_TOKENS / (min * sequenceLength)));
  const { tensor, pipeline, context, expert, sharding } = layout;
  return {
    tensor,
    pipeline,
    context,
    expert,
    data,
    sharding,
    microBatch,
    globalBatch: job.globalBatch ?? min * passes,
    chosen: job.parallelism === undefined,
  };
}
