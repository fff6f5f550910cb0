import type { Problem } from '../errors';
import type { Contradiction } from './plan';

/** Props of a construct, by the name of the planner prop that they correspond to. */
export type PropNames = Readonly<Record<string, string>>;

/** Names that all constructs have in common. */
const SHARED: PropNames = {
  market: 'capacity',
  'storage.throughputMBps': 'storage.requiredThroughputMBps',
};

/** Returns a problem of the planner with the prop name of the construct. */
export function plannerProblem({ prop, ...problem }: Problem, names: PropNames = {}): Problem {
  return { ...problem, prop: names[prop] ?? SHARED[prop] ?? prop };
}

/** Returns a contradiction as a problem, with its evidence in the fix. @param planned text before the evidence, with a separator */
export function contradictionProblem(
  { code, prop, allowed, got, fix, evidence }: Contradiction,
  planned = '',
  names: PropNames = {},
): Problem {
  return plannerProblem({ code, prop, allowed, got, fix: `${fix} (${planned}${evidence})` }, names);
}
