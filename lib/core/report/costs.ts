import { dollars, hourly, number, range } from '../format';
import type { ReportCost, ReportRange, ReportTotal, ReportWorkload } from './document';
import { escapeHtml, isShort, phrase } from './escape';
import { htmlTable } from './html-table';
import { element } from './svg';

/** Returns the total cost by kind of workload. Training is paid once and serving each month, so they are never added. */
export function totalsOf(workloads: readonly ReportWorkload[]): readonly ReportTotal[] {
  return (['training', 'serving'] as const).flatMap((work) => {
    const costs = workloads.filter((one) => one.work === work).map(({ costs: all }) => mainCost(all));
    return costs.length === 0 ? [] : [totalOf(work, costs)];
  });
}

function totalOf(work: ReportTotal['work'], costs: readonly (ReportCost | undefined)[]): ReportTotal {
  const known = costs.flatMap((cost) => cost?.usd ?? []);
  return {
    work,
    workloads: costs.length,
    ...(known.length > 0 && { usd: sum(known) }),
    unpriced: costs.length - known.length,
  };
}

/** Adds the low, the likely, and the high values. */
function sum(ranges: readonly ReportRange[]): ReportRange {
  return ranges.reduce((total, { low, likely, high }) => ({
    low: total.low + low,
    likely: total.likely + likely,
    high: total.high + high,
  }));
}

/** Returns the cost in the market of the plan or, if it is unknown, the lowest cost. */
export function mainCost(costs: readonly ReportCost[]): ReportCost | undefined {
  const known = costs.filter(({ usd }) => usd !== undefined);
  const amount = ({ usd }: ReportCost) => usd!.likely;
  return known.find(({ chosen }) => chosen) ?? [...known].sort((a, b) => amount(a) - amount(b))[0];
}

/** Returns the heading of the cost table. */
export function costHeading({ work }: ReportWorkload): string {
  return work === 'training' ? 'Cost of the run' : 'Cost per month';
}

/** Columns of the cost table. */
export const COST_COLUMNS = ['Market', 'Cost', 'Machine-hour', 'Price'] as const;

/** Returns a market as a table row. */
export function costRow(cost: ReportCost): readonly string[] {
  const { market, usd, usdPerMillionTokens, usdPerMachineHour, reason = 'unknown' } = cost;
  const perTokens = usdPerMillionTokens === undefined ? '' : `, $${number(usdPerMillionTokens)} per million tokens`;
  return [
    market,
    usd ? range(usd, dollars) + perTokens : reason,
    usdPerMachineHour === undefined ? '' : hourly(usdPerMachineHour),
    [cost.source, cost.priceDate, cost.priceRegion && `price of ${cost.priceRegion}`].filter(Boolean).join(', '),
  ];
}

/** Returns the cost in each market as a table with a bar in each row. */
export function costTable(workload: ReportWorkload): string {
  const { costs, budgetUsd } = workload;
  const known = costs.flatMap(({ usd }) => usd?.high ?? []);
  const max = 1.02 * Math.max(...known, known.length > 0 ? (budgetUsd ?? 0) : 0, 0);
  const [market, cost, hour, price] = COST_COLUMNS;
  const bars = max > 0 ? [{ name: 'Comparison', kind: 'bar' as const }] : [];
  const columns = [
    { name: market, kind: 'short' as const },
    { name: cost },
    ...bars,
    { name: hour, kind: 'number' as const },
    { name: price },
  ];
  const rows = costs.map((one) => {
    const [first = '', second = '', ...rest] = costRow(one);
    const name = one.chosen
      ? { html: `<span>${phrase(first)}<br><small>this plan</small></span>`, long: !isShort(first) }
      : first;
    const bar = max > 0 ? [{ html: costBar(one, max, budgetUsd) }] : [];
    return { cells: [name, second, ...bar, ...rest], chosen: one.chosen };
  });
  return htmlTable(costHeading(workload), columns, rows) + (max > 0 ? legend(workload) : '');
}

const BAR = { width: 100, height: 14 } as const;

/** A bar to the likely cost in full color, with the range in a pale color. */
function costBar({ usd }: ReportCost, max: number, budgetUsd: number | undefined): string {
  if (!usd) return '';
  const x = (value: number) => (value / max) * BAR.width;
  const bar = (value: number, fill: string) => element('rect', { width: x(value), height: BAR.height, fill });
  return element(
    'svg',
    {
      viewBox: `0 0 ${BAR.width} ${BAR.height}`,
      preserveAspectRatio: 'none',
      width: '100%',
      height: BAR.height,
      'aria-hidden': 'true',
    },
    [
      bar(max, 'var(--inset)'),
      bar(usd.high, 'var(--high)'),
      bar(usd.likely, 'var(--accent)'),
      budgetUsd === undefined
        ? ''
        : element('rect', { x: x(budgetUsd) - 0.5, width: 1, height: BAR.height, fill: 'var(--text)' }),
    ].join(''),
  );
}

function legend({ costs, budgetUsd }: ReportWorkload): string {
  const items = [
    ...(costs.some(({ usd }) => usd && usd.high > usd.likely)
      ? [
          ['accent', 'likely'],
          ['high', 'up to the value that a tenth of comparable runs exceed'],
        ]
      : []),
    ...(budgetUsd === undefined ? [] : [['text', `budget of ${dollars(budgetUsd)}`]]),
  ];
  const marks = items.map(([color, text]) => `<li><i style="background:var(--${color})"></i>${escapeHtml(text!)}</li>`);
  return marks.length === 0 ? '' : `<ul class="legend">${marks.join('')}</ul>`;
}
