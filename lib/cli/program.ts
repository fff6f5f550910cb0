import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { AiInfraError } from '../core/errors';
import type * as Catalog from './catalog-command';
import { EXIT, type ExitCode, UsageError } from './exit';
import type * as Plan from './plan-command';
import type * as Prices from './prices/prices-command';
import type * as Replay from './replay-command';
import type * as Report from './report-command';
import type { Terminal } from './terminal';

/** A command that is not loaded yet, as the list of commands shows it. */
interface CommandEntry {
  readonly name: string;
  readonly description: string;
  /** Loads the command and its tables. The list of commands does not need them. */
  readonly load: (terminal: Terminal, done: (code: ExitCode) => void) => Command;
}

/** All commands, in the order of the list. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'catalog',
    description: 'List the machines of every cloud.',
    load: (terminal, done) => (require('./catalog-command') as typeof Catalog).catalogCommand(terminal, done),
  },
  {
    name: 'plan',
    description: 'Rank the machines for a workload, or plan the workload on one machine.',
    load: (terminal, done) => (require('./plan-command') as typeof Plan).planCommand(terminal, done),
  },
  {
    name: 'prices',
    description: "Fetch today's prices from the price lists of the clouds.",
    load: (terminal, done) => (require('./prices/prices-command') as typeof Prices).pricesCommand(terminal, done),
  },
  {
    name: 'replay',
    description: 'Compare the planner with published training or serving runs.',
    load: (terminal, done) => (require('./replay-command') as typeof Replay).replayCommand(terminal, done),
  },
  {
    name: 'report',
    description: 'Write the report of a plan or of a synthesized app.',
    load: (terminal) => (require('./report-command') as typeof Report).reportCommand(terminal),
  },
];

const AFTER = `
Examples:
  ai-infra catalog --cloud aws --chip H100
  ai-infra plan --model Llama-3.1-70B --tokens 300e9 --finish-within-days 40
  ai-infra prices update --out prices.json
  ai-infra replay training-runs.json
  ai-infra report cdk.out

Exit codes: 0 success, 1 the plan contradicts itself, nothing was found, or a price list failed, 2 invalid usage.
Help for a command, with examples: ai-infra <command> --help
`;

/** Runs a command line, without the paths of node and the script, and returns the exit code when it ends. It never throws. */
export async function runToEnd(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.OK;
  try {
    await programFor(args, terminal, (outcome) => (code = outcome)).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return failure(error, terminal);
  }
}

/** Runs a command line of a command that reads nothing from the network, and returns the exit code. It never throws. */
export function run(args: readonly string[], terminal: Terminal): ExitCode {
  let code: ExitCode = EXIT.OK;
  try {
    programFor(args, terminal, (outcome) => (code = outcome)).parse(args, { from: 'user' });
    return code;
  } catch (error) {
    return failure(error, terminal);
  }
}

/** Creates the program. Only the requested command is loaded, because loading all of them takes longer than running one. */
function programFor(args: readonly string[], terminal: Terminal, done: (code: ExitCode) => void): Command {
  const requested = args[0] === 'help' ? args[1] : args.find((arg) => !arg.startsWith('-'));
  const program = new Command('ai-infra')
    .description('Plan infrastructure for AI workloads: machines, time, cost, and the source of each value.')
    .version(packageVersion(), '-V, --version', 'show the version')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText('after', AFTER);
  for (const { name, description, load } of COMMANDS) {
    program.addCommand((name === requested ? load(terminal, done) : new Command(name)).description(description));
  }
  for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])]) {
    command
      .exitOverride()
      .showHelpAfterError('(use --help to see all options)')
      .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
  }
  return program;
}

/** Returns the version of this package from its package.json. */
function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

function failure(error: unknown, terminal: Terminal): ExitCode {
  // Commander has already written its message. Requested help is not an error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
  if (error instanceof UsageError || AiInfraError.isAiInfraError(error)) {
    terminal.err(`error: ${printable(error.message)}\n`);
    return EXIT.USAGE;
  }
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`error: this is a bug in ai-infra, please report it: ${printable(message)}\n`);
  return EXIT.FAILED;
}

/** Removes control characters, because a message can quote a file. */
function printable(message: string): string {
  return message.replace(/[^\P{Cc}\n]/gu, ' ');
}
