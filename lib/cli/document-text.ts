import { COST_COLUMNS, costRow } from '../core/report/costs';
import type { ReportWorkload } from '../core/report/document';
import { levelName } from '../core/report/findings';
import { headline } from '../core/report/overview';
import { textTable } from './table';
import { styled, type Terminal } from './terminal';

/** Formats the report of a workload for a terminal: the results first, the findings last. */
export function documentText(terminal: Pick<Terminal, 'color'>, workload: ReportWorkload): string {
  const facts = [...headline(workload), ...workload.facts];
  const width = Math.max(...facts.map(({ name }) => name.length));
  return [
    `${styled(terminal, 'bold', workload.title)}\n`,
    facts.map(({ name, value }) => `${name.padEnd(width)}  ${value}\n`).join(''),
    workload.binding === undefined ? '' : `Binding constraint: ${workload.binding}\n`,
    textTable(
      terminal,
      COST_COLUMNS.map((name) => ({ name })),
      workload.costs.map((cost) => costRow({ ...cost, reason: undefined })),
    ),
    workload.costs.map(({ market, reason }) => (reason === undefined ? '' : `${market}: ${reason}\n`)).join(''),
    workload.findings
      .map(({ id, level, message, fix }) => `${styled(terminal, 'bold', levelName(level))} [${id}] ${message} ${fix}\n`)
      .join(''),
  ]
    .filter((part) => part !== '')
    .join('\n');
}
