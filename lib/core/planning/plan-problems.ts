import type { Problem } from '../errors';
import type { Contradiction } from './plan';

/** What a construct calls otherwise than the planner: its props by those of the planner. */
export type OwnNames = Readonly<Record<string, string>>;

/** Names that all constructs share. */
const SHARED: OwnNames = {
  market: 'capacity',
  'storage.throughputMBps': 'storage.requiredThroughputMBps',
  asOf: 'pricesAsOf',
  priceOverrides: 'prices',
};

/** A problem of the planner, with its prop as the construct calls it. */
export function ofPlanner({ prop, ...problem }: Problem, own: OwnNames = {}): Problem {
  return { ...problem, prop: own[prop] ?? SHARED[prop] ?? prop.replace(/^overrides\b/, 'prices') };
}

/** A contradiction as a problem, with the row or the limit behind it, as a finding has it. */
export function ofContradiction(
  { code, prop, allowed, got, fix, evidence }: Contradiction,
  planned = '',
  own: OwnNames = {},
): Problem {
  return ofPlanner({ code, prop, allowed, got, fix: `${fix} (${planned}${evidence})` }, own);
}
