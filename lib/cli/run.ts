import { Command, CommanderError } from 'commander';
import { AiInfraError } from '../core/errors';
import { COMMANDS } from './commands';
import { EXIT, type ExitCode } from './exit-codes';
import type { Terminal } from './terminal';
import { UsageError } from './usage-error';
import { packageVersion } from './version';

const AFTER = `
Examples:
  ai-infra catalog --cloud aws --chip H100
  ai-infra plan --model Llama-3.1-70B --tokens 300e9 --finish-within-days 40
  ai-infra replay training-runs.json
  ai-infra report cdk.out

Exit codes: 0 success, 1 the plan contradicts itself or nothing was found, 2 invalid usage.
Help for a command, with examples: ai-infra <command> --help
`;

/** Runs a command line, without the paths of node and the script, and returns the exit code. It never throws. */
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
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showHelpAfterError('(use --help to see all options)')
      .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
  }
  return program;
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
