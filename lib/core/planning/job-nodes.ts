import type { Machine } from '../catalog/machines';
import type { ProblemCollector } from '../errors';
import type { TrainingJob } from '../workload/training-job';
import type { TrainingPlan } from './plan-training-result';
import { trainingPlanner } from './training-planner';

/** Multiples of the minimum to try. On spot, or with a slow file system, the minimum can miss the deadline. */
const STEPS = [1, 1.5, 2, 3, 4];

/** Inputs for the number of nodes. */
export interface NodesQuery {
  readonly job: TrainingJob;
  readonly machine: Machine;
  readonly planOn: (nodes: number) => TrainingPlan;
  /** Rounds up to a number of nodes that is sold. @default - every number is sold */
  readonly sold?: (nodes: number) => number;
}

/** Returns the smallest number of nodes that fits a job and meets its deadline. Adds a problem and returns `undefined` if no number does. */
export function minNodesFor(
  problems: ProblemCollector,
  { job, machine, planOn, sold = (n) => n }: NodesQuery,
): number | undefined {
  const found = trainingPlanner().trainingCandidates(job)(machine);
  if (typeof found === 'string') {
    problems.add({
      code: 'JobTooLarge',
      prop: 'nodes',
      allowed: `set, because no number of ${machine.name} can run the job: ${found}`,
      got: undefined,
      fix: "Use another machine, a later deadline, or less memory (recompute: 'full'), or set nodes.",
    });
    return undefined;
  }
  const counts = [...new Set(STEPS.map((step) => sold(Math.ceil(step * found.nodes))))];
  return counts.find((nodes) => planOn(nodes).contradictions.length === 0) ?? counts[0]!;
}
