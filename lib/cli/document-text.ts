import type { ReportDocument } from '../core/report/document';
import { headline } from '../core/report/headline';
import { COST_COLUMNS, costRow, levelName } from '../core/report/rows';
import { textTable } from './table';
import { styled, type Terminal } from './terminal';

/** A report for a terminal: what it comes to first, and what is doubtful last, where the eye ends. */
export function documentText(terminal: Pick<Terminal, 'colour'>, report: ReportDocument): string {
  const facts = [...headline(report), ...report.facts];
  const width = Math.max(...facts.map(({ name }) => name.length));
  return [
    `${styled(terminal, 'bold', report.title)}\n`,
    facts.map(({ name, value }) => `${name.padEnd(width)}  ${value}\n`).join(''),
    report.binding === undefined ? '' : `Binds: ${report.binding}\n`,
    textTable(
      terminal,
      COST_COLUMNS.map((name) => ({ name })),
      report.costs.map((cost) => costRow({ ...cost, reason: undefined })),
    ),
    report.costs.map(({ market, reason }) => (reason === undefined ? '' : `${market}: ${reason}\n`)).join(''),
    report.findings
      .map(({ id, level, message, fix }) => `${styled(terminal, 'bold', levelName(level))} [${id}] ${message} ${fix}\n`)
      .join(''),
  ]
    .filter((part) => part !== '')
    .join('\n');
}
