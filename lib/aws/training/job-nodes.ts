import type { Machine } from '../../core/catalog/machines';
import type { Problems } from '../../core/errors';
import { fewestNodes, type NodesQuery as Query } from '../../core/planning/job-nodes';
import type { AwsMachine } from '../machine/machine';

/** What the number of nodes follows from. */
export interface NodesQuery extends Pick<Query, 'job' | 'planOn'> {
  readonly machine: AwsMachine;
  /** The machine in the words of the planner. */
  readonly view: Machine;
}

/** The fewest nodes that hold a job and end it in time, of the numbers that the machine is sold in; a problem where there are none. */
export function nodesFor(problems: Problems, { job, machine, view, planOn }: NodesQuery): number | undefined {
  return fewestNodes(problems, { job, machine: view, planOn, sold: (nodes) => soldNodes(machine, nodes) });
}

/** The next number of nodes that is sold: GB200 comes as whole UltraServers, everything else by the node. */
export function soldNodes({ spec, isNeuron }: AwsMachine, nodes: number): number {
  const sizes = isNeuron ? undefined : spec.ultraServerNodes;
  return sizes?.find((size) => size >= nodes) ?? sizes?.at(-1) ?? nodes;
}
