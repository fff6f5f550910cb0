import type { Machine } from '../catalog/machines';
import type { Problems } from '../errors';
import type { TrainingJob } from '../workload/training-job';
import type { TrainingPlan } from './plan-training-result';
import { trainingPlanner } from './training-planner';

/** Multiples of the fewest nodes that are tried: on spot, or with a slow file system, the fewest may not end in time. */
const STEPS = [1, 1.5, 2, 3, 4];

/** What the number of nodes follows from. */
export interface NodesQuery {
  readonly job: TrainingJob;
  readonly machine: Machine;
  readonly planOn: (nodes: number) => TrainingPlan;
  /** The next number of nodes that is sold. @default - every number is */
  readonly sold?: (nodes: number) => number;
}

/** The fewest nodes that hold a job and end it in time, of the numbers that the machine is sold in; a problem where there are none. */
export function fewestNodes(
  problems: Problems,
  { job, machine, planOn, sold = (n) => n }: NodesQuery,
): number | undefined {
  const found = trainingPlanner().trainingCandidates(job)(machine);
  if (typeof found === 'string') {
    problems.add({
      code: 'JobTooLarge',
      prop: 'nodes',
      allowed: `stated for a job that no number of ${machine.name} does: ${found}`,
      got: undefined,
      fix: "Take another machine, give the job more time, or less to keep in memory (recompute: 'full'), or state nodes.",
    });
    return undefined;
  }
  const counts = [...new Set(STEPS.map((step) => sold(Math.ceil(step * found.nodes))))];
  return counts.find((nodes) => planOn(nodes).contradictions.length === 0) ?? counts[0]!;
}
