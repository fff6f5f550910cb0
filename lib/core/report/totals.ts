import type { ReportCost, ReportRange, ReportTotal, ReportWorkload } from './document';

/** Returns the total cost by kind of workload. Training is paid once and serving each month, so they are never added. */
export function totalsOf(workloads: readonly ReportWorkload[]): readonly ReportTotal[] {
  return (['training', 'serving'] as const).flatMap((work) => {
    const costs = workloads.filter((one) => one.work === work).map(({ costs: all }) => mainCost(all));
    return costs.length === 0 ? [] : [totalOf(work, costs)];
  });
}

function totalOf(work: ReportTotal['work'], costs: readonly (ReportCost | undefined)[]): ReportTotal {
  const known = costs.flatMap((cost) => cost?.usd ?? []);
  const bounds = costs.flatMap((cost) => (cost?.usd === undefined ? (cost?.atLeastUsd ?? []) : []));
  return {
    work,
    workloads: costs.length,
    ...(known.length > 0 && { usd: sum(known) }),
    ...(bounds.length > 0 && { atLeastUsd: bounds.reduce((total, usd) => total + usd, 0) }),
    unpriced: costs.length - known.length - bounds.length,
  };
}

/** Adds the likely values, and the high values. */
function sum(ranges: readonly ReportRange[]): ReportRange {
  return ranges.reduce((total, { likely, high }) => ({ likely: total.likely + likely, high: total.high + high }));
}

/** Returns the cost in the market of the plan or, if it is unknown, the lowest cost. */
export function mainCost(costs: readonly ReportCost[]): ReportCost | undefined {
  const known = costs.filter(({ usd, atLeastUsd }) => usd !== undefined || atLeastUsd !== undefined);
  const amount = ({ usd, atLeastUsd = Infinity }: ReportCost) => usd?.likely ?? atLeastUsd;
  return known.find(({ chosen }) => chosen) ?? [...known].sort((a, b) => amount(a) - amount(b))[0];
}
