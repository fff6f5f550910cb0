import { Command } from 'commander';
import { number } from '../core/report/format';
import { EXIT, type ExitCode } from './exit-codes';
import { readData } from './read-file';
import { kindOf, replay, type ReplayedRow, rowsOf, type RunKind } from './replay-rows';
import { bySuite, type ReplaySummary, summary } from './replay-summary';
import { type TextColumn, textTable } from './table';
import { styled, type Terminal } from './terminal';

const EXAMPLES = `
The file holds { "rows": [ … ] } or a list. Rows of training runs tell chip, paramsB and tflopsPerChip, rows of serving
runs chip, model, isl, osl and outputTokPerSec; what else they tell makes the prediction better.

Examples:
  ai-infra replay training-runs.json
  ai-infra replay inference-runs.json --json | jq .overall
`;

/** `ai-infra replay`: what the planner would have said of published runs. */
export function replayCommand(terminal: Terminal, done: (code: ExitCode) => void): Command {
  return new Command('replay')
    .description('Set the planner beside published runs of training or serving.')
    .argument('<runs>', 'file of published runs, JSON or YAML')
    .option('--json', 'write JSON')
    .addHelpText('after', EXAMPLES)
    .action((file: string, { json }: { readonly json?: boolean }) => {
      const rows = rowsOf(readData(file).value, file);
      const kind = kindOf(rows, file);
      const replayed = rows.map(withProgress(terminal, rows.length, (row, at) => replay(row, kind, at)));
      const overall = summary('overall', replayed);
      const suites = bySuite(replayed);
      if (json) terminal.out(`${JSON.stringify({ kind, rows: replayed, suites, overall }, null, 2)}\n`);
      else terminal.out(textOf(terminal, kind, replayed, [...suites, overall]));
      done(overall.compared > 0 ? EXIT.OK : EXIT.FAILED);
    });
}

const PATIENCE_MS = 1000;

/** Tells how far it is, once it takes long and somebody watches. */
function withProgress<T, R>(terminal: Terminal, total: number, of: (item: T, at: number) => R) {
  let told = Date.now();
  let shown = false;
  return (item: T, at: number): R => {
    const result = of(item, at);
    const last = at === total - 1;
    if (terminal.watched && (last ? shown : Date.now() - told > PATIENCE_MS)) {
      terminal.err(last ? '\r\u001b[K' : `\r${at + 1} of ${total} rows`);
      told = Date.now();
      shown = true;
    }
    return result;
  };
}

const ROW_COLUMNS: readonly TextColumn[] = [
  { name: 'Run' },
  { name: 'Predicted', number: true },
  { name: 'Published', number: true },
  { name: 'ln error', number: true },
  { name: 'Evidence' },
  { name: 'Class' },
];

const SUITE_COLUMNS: readonly TextColumn[] = [
  { name: 'Suite' },
  { name: 'Rows', number: true },
  { name: 'Compared', number: true },
  { name: 'Median |ln|', number: true },
  { name: 'Mean |ln|', number: true },
  { name: 'No measurement', number: true },
  { name: 'Unpublished', number: true },
];

const UNITS = { training: 'TFLOP/s of a chip', serving: 'output tokens a second' } as const;

function textOf(
  terminal: Terminal,
  kind: RunKind,
  rows: readonly ReplayedRow[],
  groups: readonly ReplaySummary[],
): string {
  return [
    styled(terminal, 'dim', `Runs of ${kind}, in ${UNITS[kind]}; ln error = ln(published ÷ predicted).`),
    '',
    textTable(terminal, ROW_COLUMNS, rows.map(rowCells)),
    textTable(terminal, SUITE_COLUMNS, groups.map(suiteCells)),
  ].join('\n');
}

function rowCells({ id, predicted, published, lnError, evidence, class: of, reason }: ReplayedRow): readonly string[] {
  return [id, figure(predicted), figure(published), fixed(lnError), evidence, of ?? reason ?? ''];
}

function suiteCells(group: ReplaySummary): readonly string[] {
  const { suite, rows, compared, medianError, meanError, withoutMeasurement, unpublished } = group;
  return [
    suite,
    String(rows),
    String(compared),
    fixed(medianError),
    fixed(meanError),
    String(withoutMeasurement),
    String(unpublished),
  ];
}

function figure(value: number | undefined): string {
  return value === undefined ? '' : number(value);
}

function fixed(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(3);
}
