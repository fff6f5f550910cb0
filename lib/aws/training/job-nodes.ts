import type { Machine } from '../../core/catalog/machines';
import type { ProblemCollector } from '../../core/errors';
import { minNodesFor, type NodesQuery as Query } from '../../core/planning/job-nodes';
import type { AwsMachine } from '../machine/machine';

/** What the number of nodes depends on. */
export interface NodesQuery extends Pick<Query, 'job' | 'planOn'> {
  /** The machine of the nodes. */
  readonly machine: AwsMachine;
  /** The same machine, as the type of the planner. */
  readonly view: Machine;
}

/** The minimum number of nodes that fits a job and finishes it in time, in a size that AWS sells. Adds a problem if no number is enough. */
export function nodesFor(problems: ProblemCollector, { job, machine, view, planOn }: NodesQuery): number | undefined {
  return minNodesFor(problems, { job, machine: view, planOn, sold: (nodes) => soldNodes(machine, nodes) });
}

/** Rounds up to a number of nodes that AWS sells: whole UltraServers for GB200, single nodes for other machines. */
export function soldNodes({ spec, isNeuron }: AwsMachine, nodes: number): number {
  const sizes = isNeuron ? undefined : spec.ultraServerNodes;
  return sizes?.find((size) => size >= nodes) ?? sizes?.at(-1) ?? nodes;
}
