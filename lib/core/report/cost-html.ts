import type { ReportCost, ReportWorkload } from './document';
import { escapeHtml, isShort, phrase } from './escape';
import { dollars } from './format';
import { htmlTable } from './html-table';
import { costHeading } from './headline';
import { COST_COLUMNS, costRow } from './rows';
import { element } from './svg';

/** Returns the cost in each market as a table with a bar in each row. */
export function costTable(workload: ReportWorkload): string {
  const { costs, budgetUsd } = workload;
  const known = costs.flatMap(({ usd, atLeastUsd }) => usd?.high ?? atLeastUsd ?? []);
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

/** A bar with the likely cost in full color and the high end in a pale color. A lower bound is gray. */
function costBar({ usd, atLeastUsd }: ReportCost, max: number, budgetUsd: number | undefined): string {
  const full = usd?.likely ?? atLeastUsd;
  if (full === undefined) return '';
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
      usd ? bar(usd.high, 'var(--high)') : '',
      bar(full, usd ? 'var(--accent)' : 'var(--five)'),
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
          ['high', 'exceeded by a quarter of comparable runs'],
        ]
      : []),
    ...(costs.some(({ usd, atLeastUsd }) => !usd && atLeastUsd !== undefined) ? [['five', 'at least']] : []),
    ...(budgetUsd === undefined ? [] : [['text', `budget of ${dollars(budgetUsd)}`]]),
  ];
  const marks = items.map(([color, text]) => `<li><i style="background:var(--${color})"></i>${escapeHtml(text!)}</li>`);
  return marks.length === 0 ? '' : `<ul class="legend">${marks.join('')}</ul>`;
}
