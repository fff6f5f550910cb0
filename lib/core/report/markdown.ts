import { bytes } from '../format';
import { alternativeTable } from './alternatives';
import { COST_COLUMNS, costHeading, costRow } from './costs';
import { datedWorkloads, type ReportDocument, type ReportFinding, type ReportWorkload } from './document';
import { escapeMarkdown } from './escape';
import { levelName } from './findings';
import { headline, OVERVIEW_COLUMNS, overallHeadline, overviewRow, prices, RANGE_NOTE } from './overview';
import { describe } from './topology';

/** Renders a report as Markdown, for a pull request or a wiki. */
export function reportMarkdown(report: ReportDocument): string {
  const workloads = datedWorkloads(report);
  const [only, ...more] = workloads;
  const parts =
    only && more.length === 0 ? [...head(only, 1), ...sections(only, 2)] : several({ ...report, workloads });
  return [...parts, RANGE_NOTE].join('\n\n') + '\n';
}

function several({ title, totals, workloads, ...report }: ReportDocument): string[] {
  const links = workloads.map((one, at) => `[${escapeMarkdown(one.title)}](#workload-${at + 1})`);
  const rows = workloads.map(overviewRow);
  return [
    `# ${escapeMarkdown(title)}`,
    prices(report),
    table(
      ['', ''],
      overallHeadline(totals, workloads).map(({ name, value }) => [name, value]),
    ),
    rawTable(
      OVERVIEW_COLUMNS,
      rows.map(([, ...cells], at) => [links[at]!, ...cells.map(escapeMarkdown)]),
    ),
    ...workloads.flatMap((one, at) => [`<a id="workload-${at + 1}"></a>`, ...head(one, 2), ...sections(one, 3)]),
  ].filter((part) => part !== '');
}

function head(workload: ReportWorkload, level: number): string[] {
  const { title, path, work } = workload;
  const where = path === undefined ? '' : ` at ${escapeMarkdown(path)}`;
  return [
    `${'#'.repeat(level)} ${escapeMarkdown(title)}`,
    `Plan of a ${work} workload${where}. ${prices(workload)}`.trim(),
    table(
      ['', ''],
      headline(workload).map(({ name, value }) => [name, value]),
    ),
  ];
}

function sections(workload: ReportWorkload, level: number): string[] {
  return bodies(workload).flatMap(([heading, body]) => (body === '' ? [] : [`${'#'.repeat(level)} ${heading}`, body]));
}

function bodies(workload: ReportWorkload): (readonly [heading: string, body: string])[] {
  const { binding = '', topology, memory, findings, costs, facts, evidence } = workload;
  const alternatives = alternativeTable(workload.alternatives);
  return [
    ['Binding constraint', escapeMarkdown(binding)],
    ['Findings', findings.map(findingLine).join('\n')],
    ['Topology', topology ? escapeMarkdown(describe(topology)) : ''],
    [costHeading(workload), table(COST_COLUMNS, costs.map(costRow))],
    ['Memory of the fullest accelerator', memory ? memoryTable(memory) : ''],
    ['Alternatives', table(alternatives.columns, alternatives.rows)],
    [
      'Work',
      table(
        ['', ''],
        facts.map(({ name, value }) => [name, value]),
      ),
    ],
    [
      'Evidence',
      table(
        ['Value', 'Grade', 'Source'],
        evidence.map(({ figure, grade, source }) => [figure, grade, source]),
      ),
    ],
  ];
}

function findingLine({ id, level, message, fix, evidence, path, acknowledged }: ReportFinding): string {
  const accepted = acknowledged === undefined ? '' : ` Accepted: ${escapeMarkdown(acknowledged)}`;
  const where = path === undefined ? '' : `, at ${escapeMarkdown(path)}`;
  const text = [message, fix].map(escapeMarkdown).join(' ');
  return `- **${levelName(level)}** ${text}${accepted} (${escapeMarkdown(id)}: ${escapeMarkdown(evidence)}${where})`;
}

function memoryTable({ parts, capacityBytes }: NonNullable<ReportWorkload['memory']>): string {
  return table(
    ['Part', 'Memory'],
    [...parts.map((part) => [part.name, bytes(part.bytes)]), ['Capacity', bytes(capacityBytes)]],
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return rawTable(
    head,
    rows.map((cells) => cells.map(escapeMarkdown)),
  );
}

/** Returns a table whose cells are Markdown already. */
function rawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'-|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
