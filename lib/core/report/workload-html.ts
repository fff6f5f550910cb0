import { costTable } from './cost-html';
import type { ReportAlternative, ReportFact, ReportWorkload } from './document';
import { escapeHtml, phrase } from './escape';
import { countBadges, findingList } from './finding-html';
import { costHeading, headline } from './headline';
import { htmlTable } from './html-table';
import { memoryFigure } from './memory-chart';
import { prices } from './overview';
import { cards } from './overview-html';
import { ALTERNATIVE_COLUMNS, alternativeRow, withoutEmpty } from './rows';
import { figure } from './svg';
import { timeFigure } from './time-chart';
import { topologySvg } from './topology';

/** Widths of pictures on a wide screen: the full page, and half of it. */
const WIDE = 982;
const HALF = 462;

/** Returns the title of a workload, its construct path, and its main values. */
export function workloadHeader(workload: ReportWorkload, level: 1 | 2, id = 'title'): string {
  const { title, path, work, findings } = workload;
  const where = path === undefined ? '' : ` at <code>${escapeHtml(path)}</code>`;
  return `<h${level} id="${id}">${phrase(title)}</h${level}>
<p class="muted">Plan of a ${work} workload${where}. ${phrase(prices(workload))}</p>
${cards(headline(workload), countBadges(findings))}`;
}

/** Returns the sections of a workload. `level` is the heading level, and `prefix` the start of element IDs. */
export function workloadSections(workload: ReportWorkload, level: 2 | 3, prefix: string): string[] {
  const { topology, memory, binding, findings, alternatives, facts, evidence } = workload;
  const section = (heading: string, inner: string, kind = 'keep') =>
    sectionHtml({ heading, inner, kind, level, id: `${prefix}-${slug(heading)}` });
  const time = section('Time', timeFigure(workload, HALF, `${prefix}-time-picture`));
  const fill = memory ? memoryFigure(memory, HALF, `${prefix}-memory-picture`) : '';
  const draw = (width: number, view: string) => topologySvg(topology!, width, `${prefix}-topology-${view}`);
  return [
    section('Binding constraint', binding === undefined ? '' : `<p>${phrase(binding)}</p>`, 'keep binding'),
    section('Findings', findingList(findings), ''),
    section('Topology', topology ? figure(WIDE, '', draw) : ''),
    pair(time, section('Memory of the fullest accelerator', fill)),
    section(costHeading(workload), costTable(workload)),
    section('Alternatives', alternatives.length === 0 ? '' : alternativeTable(alternatives), ''),
    section('Work', factList(facts)),
    section(
      'Evidence',
      htmlTable(
        'Evidence',
        [{ name: 'Value' }, { name: 'Grade' }, { name: 'Source' }],
        evidence.map(({ figure: of, grade, source }) => ({ cells: [of, grade, source] })),
      ),
    ),
  ].filter((part) => part !== '');
}

interface Section {
  readonly heading: string;
  readonly inner: string;
  readonly kind: string;
  readonly level: 2 | 3;
  readonly id: string;
}

/** Returns a section with its heading, or nothing if it is empty. */
function sectionHtml({ heading, inner, kind, level, id }: Section): string {
  if (inner === '') return '';
  const name = kind === '' ? '' : ` class="${kind}"`;
  // With several workloads, sections are not landmarks: there would be dozens with the same names.
  const landmark = level === 2 ? ` aria-labelledby="${id}"` : '';
  return `<section${name}${landmark}><h${level} id="${id}">${escapeHtml(heading)}</h${level}>\n${inner}\n</section>`;
}

function slug(heading: string): string {
  return heading.toLowerCase().replace(/[^a-z]+/g, '-');
}

/** Returns two sections side by side if there is room. */
function pair(...sections: readonly string[]): string {
  const shown = sections.filter((one) => one !== '');
  return shown.length === 0 ? '' : `<div class="pair">${shown.join('\n')}</div>`;
}

function factList(facts: readonly ReportFact[]): string {
  const items = facts.map(({ name, value }) => `<dt>${escapeHtml(name)}</dt><dd>${phrase(value)}</dd>`);
  return items.length === 0 ? '' : `<dl class="facts">${items.join('\n')}</dl>`;
}

function alternativeTable(alternatives: readonly ReportAlternative[]): string {
  const { columns, rows } = withoutEmpty(ALTERNATIVE_COLUMNS, alternatives.map(alternativeRow));
  const heads = columns.map((name) => ({ name, ...(UNBROKEN.has(name) ? { kind: 'short' as const } : {}) }));
  return htmlTable(
    'Alternatives',
    heads,
    rows.map((cells) => ({ cells })),
  );
}

/** Columns whose cells stay on one line. */
const UNBROKEN: ReadonlySet<string> = new Set(['Market', 'Time', 'Cost']);
