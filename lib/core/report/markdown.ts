import type { ReportDocument } from './document';
import { escapeMarkdown } from './escape';
import { bytes } from './format';
import { costHeading, headline } from './headline';
import { ALTERNATIVE_COLUMNS, alternativeRow, COST_COLUMNS, costRow, levelName, withoutEmpty } from './rows';
import { describe } from './topology';

/** The report as Markdown: what stands in a pull request or a wiki. */
export function reportMarkdown(report: ReportDocument): string {
  return (
    [
      `# ${escapeMarkdown(report.title)}`,
      `Plan of a ${report.work} workload; prices as of ${report.asOf}.`,
      table(
        ['', ''],
        headline(report).map(({ name, value }) => [name, value]),
      ),
      ...sections(report).flatMap(([heading, body]) => (body === '' ? [] : [`## ${heading}`, body])),
      'A plan is an estimate. Ranges run from what is likely to what a quarter of comparable runs exceed.',
    ].join('\n\n') + '\n'
  );
}

function sections(report: ReportDocument): (readonly [heading: string, body: string])[] {
  const { binding = '', topology, memory } = report;
  const alternatives = withoutEmpty(ALTERNATIVE_COLUMNS, report.alternatives.map(alternativeRow));
  return [
    ['Binding constraint', escapeMarkdown(binding)],
    ['Findings', findingList(report)],
    ['Topology', topology ? escapeMarkdown(describe(topology)) : ''],
    [costHeading(report), table(COST_COLUMNS, report.costs.map(costRow))],
    ['Memory of the fullest accelerator', memory ? memoryTable(memory) : ''],
    ['Alternatives', table(alternatives.columns, alternatives.rows)],
    [
      'Work',
      table(
        ['', ''],
        report.facts.map(({ name, value }) => [name, value]),
      ),
    ],
    [
      'Evidence',
      table(
        ['Figure', 'Grade', 'Source'],
        report.evidence.map(({ figure, grade, source }) => [figure, grade, source]),
      ),
    ],
  ];
}

function findingList({ findings }: ReportDocument): string {
  return findings
    .map(
      ({ id, level, message, fix, evidence }) =>
        `- **${levelName(level)}** ${[message, fix].map(escapeMarkdown).join(' ')} (${escapeMarkdown(id)}: ${escapeMarkdown(evidence)})`,
    )
    .join('\n');
}

function memoryTable({ parts, capacityBytes }: NonNullable<ReportDocument['memory']>): string {
  return table(
    ['Part', 'Memory'],
    [...parts.map((part) => [part.name, bytes(part.bytes)]), ['of', bytes(capacityBytes)]],
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [line(head), `|${'-|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
