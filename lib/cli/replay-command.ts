import { Command } from 'commander';
import { number } from '../core/format';
import { readData } from './data-file';
import { EXIT, type ExitCode } from './exit';
import type { RunKind } from './published-run';
import { byEvidence, bySuite, type ReplaySummary, summary } from './replay-summary';
import { kindsOf, replay, type ReplayedRow, rowsOf } from './replayed-row';
import { type TextColumn, textTable } from './table';
import { styled, type Terminal } from './terminal';

const EXAMPLES = `
The file contains { "rows": [ … ] } or a list. Training rows need chip, paramsB, and tflopsPerChip. Serving rows need chip,
count, model, isl, osl, and outputTokPerSec. More fields improve the prediction. The column "ln error" is
ln(published / predicted), and medians use its absolute value. Of comparable runs, 80% are between p10 and p90. A row without
a prediction shows the reason. The exit code is 1 if no row has a prediction.

Examples:
  ai-infra replay training-runs.json
  ai-infra replay inference-runs.json --json | jq .overall
`;

/** `ai-infra replay`: compares predictions of the planner with published runs. */
export function replayCommand(terminal: Terminal, done: (code: ExitCode) => void): Command {
  return new Command('replay')
    .argument('<runs>', 'file with published runs, as JSON or YAML')
    .option('--json', 'write JSON')
    .addHelpText('after', EXAMPLES)
    .action((file: string, { json }: { readonly json?: boolean }) => {
      const rows = rowsOf(readData(file).value, file);
      const kinds = kindsOf(rows, file);
      const replayed = rows.map(withProgress(terminal, rows.length, (row, at) => replay(row, kinds[at]!, at)));
      terminal.out(json ? jsonOf(replayed) : replayText(terminal, replayed));
      done(replayed.some(({ predicted }) => predicted !== undefined) ? EXIT.OK : EXIT.FAILED);
    });
}

function jsonOf(rows: readonly ReplayedRow[]): string {
  const overall = summary('overall', rows);
  return `${JSON.stringify({ kind: overall.kind ?? 'both', rows, suites: bySuite(rows), evidence: byEvidence(rows), overall }, null, 2)}\n`;
}

const PROGRESS_AFTER_MS = 1000;

/** Shows the progress if the work takes long and the output is a terminal. */
function withProgress<T, R>(terminal: Terminal, total: number, of: (item: T, at: number) => R) {
  let reported = Date.now();
  let shown = false;
  return (item: T, at: number): R => {
    const result = of(item, at);
    const last = at === total - 1;
    if (terminal.watched && (last ? shown : Date.now() - reported > PROGRESS_AFTER_MS)) {
      terminal.err(last ? '\r\u001b[K' : `\r${at + 1} of ${total} rows`);
      reported = Date.now();
      shown = true;
    }
    return result;
  };
}

const ROW_COLUMNS: readonly TextColumn[] = [
  { name: 'Run' },
  { name: 'Predicted', number: true },
  { name: 'p10', number: true },
  { name: 'p90', number: true },
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
function replayText(terminal: Terminal, rows: readonly ReplayedRow[]): string {
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

function rowCells(row: ReplayedRow): readonly string[] {
  const { id, predicted, p10, p90, published, lnError, evidence, class: of, reason } = row;
  const figures = [predicted, p10, p90, published].map(figure);
  return [id, ...figures, fixed(lnError), evidence, of ?? '', reason ?? ''];
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
