import { colour, memoryBar, rangeBar, timeLine } from './bars';
import type { ReportAlternative, ReportCost, ReportDocument, ReportFinding } from './document';
import { escapeHtml } from './escape';
import { bytes, time } from './format';
import { type Cell, factTable, htmlTable } from './html-table';
import { costHeading, headline } from './headline';
import { ALTERNATIVE_COLUMNS, alternativeRow, COST_COLUMNS, costRow, levelName, withoutEmpty } from './rows';
import { styleCss } from './style';
import { topologySvg } from './topology';

/** Widths that pictures are drawn for: a desk, and a phone. */
const WIDE = 1020;
const NARROW = 350;

/** The report as one page that loads nothing: readable on a phone, in the dark and on paper. */
export function reportHtml(report: ReportDocument): string {
  const title = escapeHtml(report.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${styleCss()}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="muted">Plan of a ${report.work} workload; prices as of ${escapeHtml(report.asOf)}.</p>
<dl class="headline">${headline(report)
    .map(({ name, value }) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`)
    .join('')}</dl>
</header>
<main>
${sections(report).join('\n')}
</main>
<footer><p><small>A plan is an estimate. Ranges run from what is likely to what a quarter of comparable runs exceed.</small></p></footer>
</body>
</html>
`;
}

function sections(report: ReportDocument): string[] {
  const { topology, memory, binding, costs, alternatives, findings, evidence } = report;
  return [
    section('Binding constraint', binding === undefined ? '' : `<p>${escapeHtml(binding)}</p>`),
    section('Findings', findings.map(findingHtml).join('\n')),
    topology
      ? section(
          'Topology',
          both((width, id) => topologySvg(topology, width, `topology-${id}`)),
        )
      : '',
    section('Time', timeHtml(report)),
    section(costHeading(report), costTable(costs)),
    memory
      ? section(
          'Memory of the fullest accelerator',
          both((width, id) => memoryBar(memory, width, `memory-${id}`)) + memoryLegend(memory),
        )
      : '',
    alternatives.length === 0 ? '' : section('Alternatives', alternativeTable(alternatives)),
    section('Work', factTable('Work', report.facts)),
    section(
      'Evidence',
      htmlTable(
        'Evidence',
        [{ name: 'Figure' }, { name: 'Grade' }, { name: 'Source' }],
        evidence.map(({ figure, grade, source }) => [figure, grade, source]),
      ),
    ),
  ].filter((part) => part !== '');
}

/** A part of the page under its heading; nothing where there is nothing to say. */
function section(heading: string, inner: string): string {
  if (inner === '') return '';
  const id = heading.toLowerCase().replace(/[^a-z]+/g, '-');
  return `<section class="keep" aria-labelledby="${id}"><h2 id="${id}">${escapeHtml(heading)}</h2>\n${inner}\n</section>`;
}

function timeHtml(report: ReportDocument): string {
  const { seconds, atLeastSeconds } = report;
  if (seconds) return both((width, id) => timeLine(report, width, `time-${id}`));
  return atLeastSeconds === undefined
    ? ''
    : `<p>At least ${escapeHtml(time(atLeastSeconds))}: nothing was measured.</p>`;
}

/** A picture for a wide screen and one for a narrow screen, of which one is shown. */
function both(draw: (width: number, id: string) => string): string {
  return `<div class="wide">${draw(WIDE, 'wide')}</div><div class="narrow">${draw(NARROW, 'narrow')}</div>`;
}

function findingHtml({ id, level, message, fix, evidence }: ReportFinding): string {
  return `<div class="finding ${level}"><p><span class="level">${levelName(level)}</span> <strong>${escapeHtml(message)}</strong></p>
<p>${escapeHtml(fix)}</p><p class="muted"><code>${escapeHtml(id)}</code>: ${escapeHtml(evidence)}</p></div>`;
}

function costTable(costs: readonly ReportCost[]): string {
  const most = Math.max(0, ...costs.map(({ usd }) => usd?.high ?? 0));
  const [market, cost, hour, price] = COST_COLUMNS;
  return htmlTable(
    'Cost by market',
    [
      { name: market, kind: 'short' },
      { name: cost },
      { name: 'Beside the others', kind: 'bar' },
      { name: hour, kind: 'number' },
      { name: price },
    ],
    costs.map((one): Cell[] => {
      const [first, second, third, fourth] = costRow(one) as [string, string, string, string];
      return [first, second, { html: one.usd ? rangeBar(one.usd, most) : '' }, third, fourth];
    }),
  );
}

function alternativeTable(alternatives: readonly ReportAlternative[]): string {
  const { columns, rows } = withoutEmpty(ALTERNATIVE_COLUMNS, alternatives.map(alternativeRow));
  const heads = columns.map((name) => ({ name, ...(UNBROKEN.has(name) ? { kind: 'short' as const } : {}) }));
  return htmlTable('Alternatives', heads, rows);
}

/** Columns whose cells stay on one line. */
const UNBROKEN: ReadonlySet<string> = new Set(['Market', 'Time', 'Cost']);

function memoryLegend({ capacityBytes, parts }: NonNullable<ReportDocument['memory']>): string {
  const items = parts.map(
    ({ name, bytes: size }, at) =>
      `<li><i style="background:${colour(at)}"></i>${escapeHtml(name)} ${escapeHtml(bytes(size))}</li>`,
  );
  return `<ul class="legend">${items.join('')}<li>of ${escapeHtml(bytes(capacityBytes))}</li></ul>`;
}
