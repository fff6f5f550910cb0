import type { Problem } from '../errors';
import type { Contradiction } from './plan';

/** Names of the planner's props that a cluster has by another name. */
const PROPS: Readonly<Record<string, string>> = {
  market: 'capacity',
  'storage.throughputMBps': 'storage.requiredThroughputMBps',
  asOf: 'pricesAsOf',
  priceOverrides: 'prices',
};

/** A problem of the planner, with its prop as a training cluster calls it. */
export function ofPlanner({ prop, ...problem }: Problem): Problem {
  return { ...problem, prop: PROPS[prop] ?? prop.replace(/^overrides\b/, 'prices') };
}

/** A contradiction as a problem, with the row or the limit behind it, as a finding has it. */
export function ofContradiction({ code, prop, allowed, got, fix, evidence }: Contradiction, planned = ''): Problem {
  return ofPlanner({ code, prop, allowed, got, fix: `${fix} (${planned}${evidence})` });
}
