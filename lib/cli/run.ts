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

Exit codes: 0 all is well, 1 the plan contradicts itself or nothing was found, 2 bad usage.
Help of a command, with examples: ai-infra <command> --help
`;

/** Runs one command line, without the names of node and of the script, and tells what to exit with. It never throws. */
export function run(args: readonly string[], terminal: Terminal): ExitCode {
  let code: ExitCode = EXIT.OK;
  try {
    programFor(args, terminal, (outcome) => (code = outcome)).parse(args, { from: 'user' });
    return code;
  } catch (error) {
    return failure(error, terminal);
  }
}

/** All commands by name, and that one whole which is asked for: to load the others would take longer than it runs. */
function programFor(args: readonly string[], terminal: Terminal, done: (code: ExitCode) => void): Command {
  const asked = args[0] === 'help' ? args[1] : args.find((arg) => !arg.startsWith('-'));
  const program = new Command('ai-infra')
    .description('Plan infrastructure for AI workloads: machines, time, cost, and what each figure rests on.')
    .version(packageVersion(), '-V, --version', 'display the version')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText('after', AFTER);
  for (const { name, description, load } of COMMANDS) {
    program.addCommand((name === asked ? load(terminal, done) : new Command(name)).description(description));
  }
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showHelpAfterError('(--help shows what there is)')
      .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
  }
  return program;
}

function failure(error: unknown, terminal: Terminal): ExitCode {
  // Commander has written its message itself; help that was asked for is none.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
  if (error instanceof UsageError || AiInfraError.isAiInfraError(error)) {
    terminal.err(`error: ${printable(error.message)}\n`);
    return EXIT.USAGE;
  }
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`error: this is a fault of ai-infra, please report it: ${printable(message)}\n`);
  return EXIT.FAILED;
}

/** A message may quote a file: signs that would move the cursor are left out of it. */
function printable(message: string): string {
  return message.replace(/[^\P{Cc}\n]/gu, ' ');
}
