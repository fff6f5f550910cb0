import type { ReportDocument, ReportFact } from './document';
import { escapeHtml, phrase } from './escape';
import { countBadges } from './finding-html';
import { overallHeadline } from './headline';
import { htmlTable } from './html-table';
import { OVERVIEW_COLUMNS, overviewRow } from './overview';

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
