import type { PlannedParallelism } from './plan-training-result';
import { joined, type PlanHardware } from './plan-hardware';
import type { Layout } from './plan-layouts';
import { layoutMemory, leastStateBytes } from './plan-memory';
import type { TrainingTerms } from './plan-terms';
import type { TrainingMemory } from './training-memory';

/** A split with its replicas, and what it takes. */
export interface Placement {
  readonly layout: Layout;
  readonly data: number;
  readonly memory: TrainingMemory;
  /** Why the accelerators cannot be dealt out so. @default - they can */
  readonly impossible?: string;
}

/**
 * The smallest split that fits the memory, with tensor parallelism within the scale-up domain; if none does, the one that
 * comes closest, so that a plan can say by how much it misses.
 */
export function placementOf(terms: TrainingTerms, hardware: PlanHardware, accelerators: number): Placement {
  const fitting = fittingPlacement(terms, hardware, accelerators, layoutsOn(terms, hardware));
  if (fitting) return fitting;
  const { layouts, job } = terms;
  const dealt = layouts.filter((one) => isJoined(terms, hardware, one) && dealsOut(terms, accelerators, one));
  const [first, ...rest] = job.parallelism || dealt.length === 0 ? layouts : dealt;
  return rest
    .map((layout) => place(terms, hardware, accelerators, layout))
    .reduce(
      (best, one) => (one.memory.total < best.memory.total ? one : best),
      place(terms, hardware, accelerators, first!),
    );
}

/** The splits that a machine could hold if it came without end: those that many replicas leave room for. */
export function layoutsOn(terms: TrainingTerms, hardware: PlanHardware): readonly Layout[] {
  const room = terms.roomOf(hardware.memoryBytes);
  return terms.layouts.filter(
    (layout) =>
      isJoined(terms, hardware, layout) && terms.activeBytes(layout) + leastStateBytes(terms, layout, ENDLESS) <= room,
  );
}

const ENDLESS = 1e9;

/** The first of these splits that fits so many accelerators; nothing where none does. */
export function fittingPlacement(
  terms: TrainingTerms,
  { memoryBytes }: PlanHardware,
  accelerators: number,
  layouts: readonly Layout[],
): Placement | undefined {
  const room = terms.roomOf(memoryBytes);
  for (const layout of layouts) {
    if (!dealsOut(terms, accelerators, layout)) continue;
    const data = accelerators / layout.accelerators;
    if (terms.activeBytes(layout) + leastStateBytes(terms, layout, data) > room) continue;
    const memory = layoutMemory(terms, layout, data, memoryBytes);
    if (memory.fits) return { layout, data, memory };
  }
  return undefined;
}

function place(terms: TrainingTerms, hardware: PlanHardware, accelerators: number, layout: Layout): Placement {
  const data = Math.max(1, Math.floor(accelerators / layout.accelerators));
  const impossible = whyNot(terms, accelerators, layout);
  return {
    layout,
    data,
    memory: layoutMemory(terms, layout, data, hardware.memoryBytes),
    ...(impossible !== undefined && { impossible }),
  };
}

/** A stated split may reach beyond the domain: that is a contradiction of its own, told by a check. */
function isJoined({ job }: TrainingTerms, hardware: PlanHardware, { tensor, expert }: Layout): boolean {
  if (job.parallelism) return true;
  return tensor <= hardware.domain && (hardware.rdma || expert <= joined(hardware));
}

function dealsOut({ job }: TrainingTerms, accelerators: number, layout: Layout): boolean {
  if (accelerators % layout.accelerators !== 0) return false;
  const data = accelerators / layout.accelerators;
  if (job.parallelism?.data !== undefined && job.parallelism.data !== data) return false;
  if ((data * layout.tensor * layout.context) % layout.expert !== 0) return false;
  return job.globalBatch === undefined || job.globalBatch % (data * job.microBatch) === 0;
}

function whyNot(terms: TrainingTerms, accelerators: number, layout: Layout): string | undefined {
  if (dealsOut(terms, accelerators, layout)) return undefined;
  const replica = layout.accelerators;
  if (accelerators % replica !== 0)
    return `so many that their accelerators are a multiple of the ${replica} of one replica`;
  const { parallelism, globalBatch, microBatch } = terms.job;
  if (parallelism?.data !== undefined) {
    return `so many that they have ${replica * parallelism.data} accelerators: data × the ${replica} of one replica`;
  }
  const data = accelerators / replica;
  if ((data * layout.tensor * layout.context) % layout.expert !== 0) {
    return `so many that its ${data} replicas hold the experts in groups of ${layout.expert}`;
  }
  return `such that ${globalBatch} sequences are dealt out to its ${data} replicas in micro batches of ${microBatch}`;
}

const USUAL_TOKENS = 2 ** 22;

/** The split as the plan states it, with a global batch. */
export function parallelismOf({ job }: TrainingTerms, { layout, data }: Placement): PlannedParallelism {
  const { microBatch, sequenceLength } = job;
  const least = data * microBatch;
  // A pipeline runs full only with as many micro batches as it has stages.
  const passes = Math.max(layout.pipeline, Math.round(USUAL_TOKENS / (least * sequenceLength)));
  const { tensor, pipeline, context, expert, sharding } = layout;
  return {
    tensor,
    pipeline,
    context,
    expert,
    data,
    sharding,
    microBatch,
    globalBatch: job.globalBatch ?? least * passes,
    chosen: job.parallelism === undefined,
  };
}
