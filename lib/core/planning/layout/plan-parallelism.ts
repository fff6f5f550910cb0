import { layoutMemory } from '../memory/plan-memory';
import type { TrainingMemory } from '../memory/training-memory';
import type { PlannedParallelism } from '../plan-training';
import type { TrainingTerms } from '../time/plan-time';
import type { Layout } from './layout';
import { type FastestLayout, fastestLayout, type FoundLayout, smallestLayout } from './layout-search';
import type { PlanHardware } from './plan-hardware';

/** A layout with its replicas and its memory. */
export interface Placement extends FoundLayout {
  readonly memory: TrainingMemory;
  /** Accelerator seconds per token, for comparison with other layouts of the job. @default - the layout does not fit */
  readonly relativeTime?: FastestLayout['relativeTime'];
  /** Why the accelerators do not divide evenly, as the end of "must be …". @default - they do */
  readonly impossible?: string;
}

/**
 * Returns the layout with the least predicted time among those that fit in memory. Parts that the job states stay. If none fits, returns
 * the layout with the least memory, so that a plan can report the difference.
 */
export function placementOf(terms: TrainingTerms, hardware: PlanHardware, accelerators: number): Placement {
  const fitting = fittingPlacement(terms, hardware, accelerators);
  if (fitting) return fitting;
  const smallest = smallestLayout(terms, hardware, accelerators);
  const impossible = divisionProblem(terms, accelerators, smallest.layout);
  return { ...placed(terms, hardware, smallest), ...(impossible !== undefined && { impossible }) };
}

/** Returns the fastest layout that fits on the accelerators, or `undefined`. */
export function fittingPlacement(
  terms: TrainingTerms,
  hardware: PlanHardware,
  accelerators: number,
): Placement | undefined {
  const found = fastestLayout(terms, hardware, accelerators);
  return found && placed(terms, hardware, found);
}

/** Accelerators of the nodes of most published runs. */
const USUAL_NODE = 8;

/**
 * Returns the time of a job on its machine as a multiple of the time on the usual machine with the same chip. A usual machine has full
 * nodes, the whole scale-up domain, and the typical network of the chip. Published runs are from such machines. The result is never
 * less than 1.
 */
export function slowdownOf(
  terms: TrainingTerms,
  hardware: PlanHardware,
  accelerators: number,
  relativeTime: number,
): number {
  const { scaleUpDomain, scaleOutGbpsTypical = 0 } = hardware.chip;
  const { domain, perNode, rdma, fabricBytesPerSecond: network = 0 } = hardware;
  const node = Math.max(perNode, Math.min(USUAL_NODE, scaleUpDomain));
  const typical = (scaleOutGbpsTypical * 1e9) / 8;
  const isUsual = perNode === node && domain >= Math.min(scaleUpDomain, accelerators) && rdma && network >= typical;
  if (isUsual || accelerators === 1) return 1;
  const usual = {
    ...hardware,
    perNode: node,
    domain: Math.max(domain, Math.min(scaleUpDomain, accelerators)),
    rdma: true,
    ...(Math.max(network, typical) > 0 && { fabricBytesPerSecond: Math.max(network, typical) }),
  };
  const found = fastestLayout(terms, usual, accelerators);
  return found ? Math.max(1, relativeTime / found.relativeTime) : 1;
}

function placed<T extends FoundLayout>(
  terms: TrainingTerms,
  { memoryBytes }: PlanHardware,
  found: T,
): T & Pick<Placement, 'memory'> {
  return { ...found, memory: layoutMemory(terms, found.layout, found.data, memoryBytes) };
}

function divisionProblem({ job }: TrainingTerms, accelerators: number, layout: Layout): string | undefined {
  const replica = layout.accelerators;
  if (accelerators % replica !== 0)
    return `a number of nodes whose accelerators are a multiple of ${replica}, the size of a replica`;
  const { parallelism, globalBatch } = job;
  const data = accelerators / replica;
  if (parallelism?.data !== undefined && parallelism.data !== data) {
    return `a number of nodes with ${replica * parallelism.data} accelerators: ${parallelism.data} replicas of ${replica}`;
  }
  if ((data * layout.tensor * layout.context) % layout.expert !== 0) {
    return `a number of nodes whose ${data} replicas can be divided into expert-parallel groups of ${layout.expert}`;
  }
  if (globalBatch === undefined || globalBatch % (data * layout.microBatch) === 0) return undefined;
  return `a number of nodes whose ${data} replicas divide ${globalBatch} sequences into micro batches of ${layout.microBatch}`;
}

/** Returns the layout in the format of a plan. */
export function parallelismOf({ job }: TrainingTerms, { layout, data, globalBatch }: Placement): PlannedParallelism {
  const { tensor, pipeline, virtualPipeline, context, expert, sharding, microBatch } = layout;
  const { recompute, recomputedLayers } = layout;
  return {
    tensor,
    pipeline,
    virtualPipeline,
    context,
    expert,
    data,
    sharding,
    microBatch,
    globalBatch,
    recompute,
    recomputedLayers,
    chosen: chosenParts(job),
  };
}

function chosenParts(job: TrainingTerms['job']): PlannedParallelism['chosen'] {
  const { parallelism } = job;
  const open = {
    split: parallelism === undefined,
    virtualPipeline: parallelism?.virtualPipeline === undefined,
    sharding: job.sharding === undefined,
    microBatch: job.microBatch === undefined,
    globalBatch: job.globalBatch === undefined,
    recompute: job.recompute === undefined,
  };
  return (Object.keys(open) as (keyof typeof open)[]).filter((part) => open[part]);
}
