import { alternativesHtml } from './alternatives';
import { alternativesFigure } from './alternatives-chart';
import { costHeading, costTable } from './costs';
import { datedWorkloads, type ReportDocument, type ReportFact, type ReportWorkload } from './document';
import { escapeHtml, phrase } from './escape';
import { countBadges, findingList } from './findings';
import { htmlTable } from './html-table';
import { memoryFigure } from './memory-chart';
import { cards, headline, overallCards, overviewHtml, prices, RANGE_NOTE } from './overview';
import { styleCss } from './style';
import { figure } from './svg';
import { timeFigure } from './time-chart';
import { topologySvg } from './topology';

/** Renders a report as one self-contained page, for phones, dark mode, and print. */
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
${bodyHtml(report)}
<footer><p><small>${RANGE_NOTE} This page makes no network requests.</small></p></footer>
</body>
</html>
`;
}

function bodyHtml(report: ReportDocument): string {
  const workloads = datedWorkloads(report);
  const [only, ...more] = workloads;
  if (only && more.length === 0) {
    return `<header>\n${workloadHeader(only, 1)}\n</header>
<main>\n${workloadSections(only, 2, 'w1').join('\n')}\n</main>`;
  }
  const articles = workloads.map(
    (workload, at) => `<article id="workload-${at + 1}" aria-labelledby="w${at + 1}-title">
<header>\n<p><a href="#overview">All workloads</a></p>\n${workloadHeader(workload, 2, `w${at + 1}-title`)}\n</header>
${workloadSections(workload, 3, `w${at + 1}`).join('\n')}
</article>`,
  );
  return `<header>\n<h1>${phrase(report.title)}</h1>\n<p class="muted">${phrase(prices(report))}</p>\n${overallCards(report)}\n</header>
<main>\n${overviewHtml(report)}\n${articles.join('\n')}\n</main>`;
}

/** Widths of pictures on a wide screen: the full page, and half of it. */
const WIDE = 982;
const HALF = 462;

/** Returns the title of a workload, its construct path, and its main values. */
function workloadHeader(workload: ReportWorkload, level: 1 | 2, id = 'title'): string {
  const { title, path, work, findings } = workload;
  const where = path === undefined ? '' : ` at <code>${escapeHtml(path)}</code>`;
  return `<h${level} id="${id}">${phrase(title)}</h${level}>
<p class="muted">Plan of a ${work} workload${where}. ${phrase(prices(workload))}</p>
${cards(headline(workload), countBadges(findings))}`;
}

/** Returns the sections of a workload. `level` is the heading level, and `prefix` the start of element IDs. */
function workloadSections(workload: ReportWorkload, level: 2 | 3, prefix: string): string[] {
  const { topology, memory, binding, findings, alternatives, facts, evidence } = workload;
  const section = (heading: string, inner: string, kind = 'keep') =>
    sectionHtml({ heading, inner, kind, level, id: `${prefix}-${slug(heading)}` });
  const time = section('Time', timeFigure(workload, HALF, `${prefix}-time-picture`));
  const fill = memory ? memoryFigure(memory, HALF, `${prefix}-memory-picture`) : '';
  const chart = alternativesFigure(workload, WIDE, `${prefix}-alternatives-picture`);
  const draw = (width: number, view: string) => topologySvg(topology!, width, `${prefix}-topology-${view}`);
  return [
    section('Binding constraint', binding === undefined ? '' : `<p>${phrase(binding)}</p>`, 'keep binding'),
    section('Findings', findingList(findings), ''),
    section('Topology', topology ? figure(WIDE, '', draw) : ''),
    pair(time, section('Memory of the fullest accelerator', fill)),
    section(costHeading(workload), costTable(workload)),
    section('Alternatives', alternatives.length === 0 ? '' : `${chart}${alternativesHtml(alternatives)}`, ''),
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
