import type { Machine } from '../../core/catalog/machines';
import type { Problems } from '../../core/errors';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import type { TrainingJob } from '../../core/workload/training-job';
import type { AwsMachine } from '../machine/machine';
import { trainingPlanner } from './planner';

/** Multiples of the fewest nodes that are tried: on spot, or with a slow file system, the fewest may not end in time. */
const STEPS = [1, 1.5, 2, 3, 4];

/** What the number of nodes follows from. */
export interface NodesQuery {
  readonly job: TrainingJob;
  readonly machine: AwsMachine;
  /** The machine in the words of the planner. */
  readonly view: Machine;
  readonly planOn: (nodes: number) => TrainingPlan;
}

/** The fewest nodes that hold a job and end it in time, of the numbers that the machine is sold in; a problem where there are none. */
export function nodesFor(problems: Problems, { job, machine, view, planOn }: NodesQuery): number | undefined {
  const found = trainingPlanner().trainingCandidates(job)(view);
  if (typeof found === 'string') {
    problems.add({
      code: 'JobTooLarge',
      prop: 'nodes',
      allowed: `stated for a job that no number of ${machine.name} does: ${found}`,
      got: undefined,
      fix: 'Take another machine, give the job more time, or state nodes.',
    });
    return undefined;
  }
  const counts = [...new Set(STEPS.map((step) => soldNodes(machine, Math.ceil(step * found.nodes))))];
  return counts.find((nodes) => planOn(nodes).contradictions.length === 0) ?? counts[0]!;
}

/** The next number of nodes that is sold: GB200 comes as whole UltraServers, everything else by the node. */
export function soldNodes({ spec, isNeuron }: AwsMachine, nodes: number): number {
  const sizes = isNeuron ? undefined : spec.ultraServerNodes;
  return sizes?.find((size) => size >= nodes) ?? sizes?.at(-1) ?? nodes;
}
