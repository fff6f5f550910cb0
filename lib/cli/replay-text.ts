import { number } from '../core/format';
import type { RunKind } from './replay-fields';
import type { ReplayedRow } from './replay-rows';
import { byEvidence, bySuite, type ReplaySummary, summary } from './replay-summary';
import { type TextColumn, textTable } from './table';
import { styled, type Terminal } from './terminal';

const ROW_COLUMNS: readonly TextColumn[] = [
  { name: 'Run' },
  { name: 'Predicted', number: true },
  { name: 'Published', number: true },
  { name: 'ln error', number: true },
  { name: 'Evidence' },
  { name: 'Class' },
  { name: 'Note' },
];

const columnsOf = (name: string): readonly TextColumn[] => [
  { name },
  { name: 'Rows', number: true },
  { name: 'Compared', number: true },
  { name: 'Median |ln|', number: true },
  { name: 'Mean |ln|', number: true },
  { name: 'No prediction', number: true },
  { name: 'Unpublished', number: true },
];

const UNITS = { training: 'TFLOP/s per chip', serving: 'output tokens per second' } as const;

/** Formats rows with their predictions, then the summaries of suites, for each kind of run. */
export function replayText(terminal: Terminal, rows: readonly ReplayedRow[]): string {
  const kinds = (['training', 'serving'] as const).filter((kind) => rows.some((row) => row.kind === kind));
  return kinds
    .map((kind) =>
      textOf(
        terminal,
        kind,
        rows.filter((row) => row.kind === kind),
      ),
    )
    .join('\n');
}

function textOf(terminal: Terminal, kind: RunKind, rows: readonly ReplayedRow[]): string {
  return [
    `${styled(terminal, 'dim', `Runs of ${kind}, in ${UNITS[kind]}. ln error = ln(published ÷ predicted).`)}\n`,
    textTable(terminal, ROW_COLUMNS, rows.map(rowCells)),
    textTable(terminal, columnsOf('Suite'), [...bySuite(rows), summary('overall', rows)].map(suiteCells)),
    textTable(terminal, columnsOf('Evidence'), byEvidence(rows).map(suiteCells)),
    ignoredText(rows),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Lists the ignored fields. Predictions without them are less exact. */
function ignoredText(rows: readonly ReplayedRow[]): string {
  const counts = new Map<string, number>();
  for (const field of rows.flatMap(({ ignored = [] }) => ignored)) counts.set(field, (counts.get(field) ?? 0) + 1);
  const fields = [...counts].map(([field, count]) => `${field} of ${count} ${count === 1 ? 'row' : 'rows'}`);
  return fields.length === 0 ? '' : `Ignored because of invalid values: ${fields.join(', ')}.\n`;
}

function rowCells({ id, predicted, published, lnError, evidence, class: of, reason }: ReplayedRow): readonly string[] {
  return [id, figure(predicted), figure(published), fixed(lnError), evidence, of ?? '', reason ?? ''];
}

function suiteCells(group: ReplaySummary): readonly string[] {
  const { suite, rows, compared, medianError, meanError, unpredicted, unpublished } = group;
  return [
    suite,
    String(rows),
    String(compared),
    fixed(medianError),
    fixed(meanError),
    String(unpredicted),
    String(unpublished),
  ];
}

function figure(value: number | undefined): string {
  return value === undefined ? '' : number(value);
}

function fixed(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(3);
}
