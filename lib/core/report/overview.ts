import { dollars, duration, range, times } from '../format';
import { mainCost } from './costs';
import type { ReportDocument, ReportFact, ReportTotal, ReportWorkload } from './document';
import { escapeHtml, phrase } from './escape';
import { countBadges, countsText } from './findings';
import { htmlTable } from './html-table';

/** The note about ranges in every report. */
export const RANGE_NOTE =
  'A plan is an estimate. A range in parentheses has a probability of 80%: a tenth of comparable runs are below it, and a tenth above.';

/** Returns the date of the prices as a sentence, if there is one. */
export function prices({ asOf }: { readonly asOf?: string }): string {
  return asOf === undefined ? '' : `Prices as of ${asOf}.`;
}

/** Returns the values that a reader looks for first. */
export function headline({ topology, seconds, costs, work, findings }: ReportWorkload): ReportFact[] {
  const main = mainCost(costs);
  return [
    ...(topology ? [{ name: 'Machines', value: times(topology.nodes.count, topology.nodes.machine) }] : []),
    ...(seconds ? [{ name: 'Time', value: range(seconds, duration) }] : []),
    ...(main?.usd
      ? [{ name: `Cost${work === 'serving' ? ' per month' : ''}, ${main.market}`, value: range(main.usd, dollars) }]
      : []),
    { name: 'Findings', value: countsText(findings) },
  ];
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

/** Formats a total: `$1.2 M ($1.1 M to $1.4 M), 1 unpriced`. */
function totalText({ usd, unpriced }: ReportTotal): string {
  return [usd ? range(usd, dollars) : '', unpriced > 0 ? `${unpriced} unpriced` : '']
    .filter((part) => part !== '')
    .join(', ');
}

/** Columns of the workload table. */
export const OVERVIEW_COLUMNS = ['Workload', 'Machines', 'Time', 'Cost', 'Findings'] as const;

/** Returns a workload as a table row. */
export function overviewRow(workload: ReportWorkload): readonly string[] {
  const { title, topology, seconds, costs, work, findings } = workload;
  const main = mainCost(costs);
  const cost = main?.usd ? range(main.usd, dollars) : '';
  return [
    title,
    topology ? times(topology.nodes.count, topology.nodes.machine) : '',
    seconds ? range(seconds, duration) : '',
    cost === '' ? 'unknown' : `${cost}${work === 'serving' ? ' per month' : ''}`,
    countsText(findings),
  ];
}

/** Returns the totals of all workloads. */
export function overallCards({ workloads, totals }: ReportDocument): string {
  const all = workloads.flatMap(({ findings }) => findings);
  return workloads.length === 0 ? '' : cards(overallHeadline(totals, workloads), countBadges(all));
}

/** Returns a table with a link to each workload. */
export function overviewHtml({ workloads }: ReportDocument): string {
  if (workloads.length === 0) return '<section><h2>No workloads</h2><p>The app declares no workload.</p></section>';
  const columns = OVERVIEW_COLUMNS.map((name) => ({ name }));
  const rows = workloads.map((workload, at) => {
    const [title = '', machines = '', time = '', cost = ''] = overviewRow(workload);
    const path = workload.path === undefined ? '' : `<br><small><code>${escapeHtml(workload.path)}</code></small>`;
    const link = { html: `<span><a href="#workload-${at + 1}">${phrase(title)}</a>${path}</span>` };
    return { cells: [link, machines, time, cost, { html: countBadges(workload.findings) }] };
  });
  return `<section id="overview" aria-labelledby="overview-title"><h2 id="overview-title">Workloads</h2>
${htmlTable('Workloads', columns, rows)}</section>`;
}

/** Returns the main values as cards. The last card has the findings. */
export function cards(facts: readonly ReportFact[], findings: string): string {
  const all = [
    ...facts.slice(0, -1).map(({ name, value }) => ({ name, html: phrase(value) })),
    { name: 'Findings', html: findings },
  ];
  const items = all.map(({ name, html }) => `<div><dt>${escapeHtml(name)}</dt><dd>${html}</dd></div>`);
  return `<dl class="headline">${items.join('')}</dl>`;
}
