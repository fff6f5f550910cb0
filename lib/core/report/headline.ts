import type { ReportFact, ReportFinding, ReportTotal, ReportWorkload } from './document';
import { dollars, estimate, time, times } from './format';
import { levelName } from './rows';
import { mainCost } from './totals';

/** Returns the values that a reader looks for first. */
export function headline({ topology, seconds, atLeastSeconds, costs, work, findings }: ReportWorkload): ReportFact[] {
  const main = mainCost(costs);
  const duration = estimate(seconds, atLeastSeconds, time);
  return [
    ...(topology ? [{ name: 'Machines', value: times(topology.nodes.count, topology.nodes.machine) }] : []),
    ...(duration === '' ? [] : [{ name: 'Time', value: duration }]),
    ...(main
      ? [
          {
            name: `Cost${work === 'serving' ? ' per month' : ''}, ${main.market}`,
            value: estimate(main.usd, main.atLeastUsd, dollars),
          },
        ]
      : []),
    { name: 'Findings', value: countsText(findings) },
  ];
}

/** Counts open findings by level, and accepted findings: `1 contradiction, 2 warnings, 1 accepted`. */
export function countsText(findings: readonly ReportFinding[]): string {
  const open = levelCounts(findings).map(levelCountText);
  const accepted = findings.filter(({ acknowledged }) => acknowledged !== undefined).length;
  return [...open, ...(accepted > 0 ? [`${accepted} accepted`] : [])].join(', ') || 'none';
}

/** Counts open findings by level, most severe first. Levels without findings are left out. */
export function levelCounts(
  findings: readonly ReportFinding[],
): readonly (readonly [ReportFinding['level'], number])[] {
  return (['contradiction', 'warning', 'info'] as const).flatMap((level) => {
    const count = findings.filter((one) => one.level === level && one.acknowledged === undefined).length;
    return count === 0 ? [] : [[level, count] as const];
  });
}

/** Returns the totals of several workloads. */
export function overallHeadline(totals: readonly ReportTotal[], workloads: readonly ReportWorkload[]): ReportFact[] {
  return [
    { name: 'Workloads', value: String(workloads.length) },
    ...totals.map((total) => ({ name: TOTALS[total.work], value: totalText(total) })),
    { name: 'Findings', value: countsText(workloads.flatMap(({ findings }) => findings)) },
  ];
}

const TOTALS = { training: 'All training runs', serving: 'Serving, per month' } as const;

/** Formats a total: `$1.2 M to $1.4 M, plus at least $290 k, 1 unpriced`. */
function totalText({ usd, atLeastUsd, unpriced }: ReportTotal): string {
  const bound = estimate(undefined, atLeastUsd, dollars);
  return [
    estimate(usd, undefined, dollars),
    usd && bound !== '' ? `plus ${bound}` : bound,
    unpriced > 0 ? `${unpriced} unpriced` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** Returns the heading of the cost table. */
export function costHeading({ work }: ReportWorkload): string {
  return work === 'training' ? 'Cost of the run' : 'Cost per month';
}

/** Formats a count of findings: `2 warnings`. */
export function levelCountText([level, count]: readonly [ReportFinding['level'], number]): string {
  return `${count} ${levelName(level).toLowerCase()}${count === 1 ? '' : 's'}`;
}
