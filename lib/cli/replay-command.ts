import { Command } from 'commander';
import { EXIT, type ExitCode } from './exit-codes';
import { readData } from './read-file';
import { kindsOf, replay, type ReplayedRow, rowsOf } from './replay-rows';
import { byEvidence, bySuite, summary } from './replay-summary';
import { replayText } from './replay-text';
import type { Terminal } from './terminal';

const EXAMPLES = `
The file contains { "rows": [ … ] } or a list. Training rows need chip, paramsB, and tflopsPerChip. Serving rows need chip,
count, model, isl, osl, and outputTokPerSec. More fields improve the prediction. The column "ln error" is
ln(published / predicted), and medians use its absolute value. A row without a prediction shows the reason. The exit code is 1
if no row has a prediction.

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
