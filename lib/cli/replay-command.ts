import { Command } from 'commander';
import { EXIT, type ExitCode } from './exit-codes';
import { readData } from './read-file';
import { kindsOf, replay, type ReplayedRow, rowsOf } from './replay-rows';
import { byEvidence, bySuite, summary } from './replay-summary';
import { replayText } from './replay-text';
import type { Terminal } from './terminal';

const EXAMPLES = `
The file holds { "rows": [ … ] } or a list. Rows of training runs tell chip, paramsB and tflopsPerChip, rows of serving
runs chip, count, model, isl, osl and outputTokPerSec; what else they tell makes the prediction better. ln error is
ln(published / predicted); medians are of its size. A row without a prediction says why; the exit code is 1 where no row has one.

Examples:
  ai-infra replay training-runs.json
  ai-infra replay inference-runs.json --json | jq .overall
`;

/** `ai-infra replay`: what the planner would have said of published runs. */
export function replayCommand(terminal: Terminal, done: (code: ExitCode) => void): Command {
  return new Command('replay')
    .argument('<runs>', 'file of published runs, JSON or YAML')
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
