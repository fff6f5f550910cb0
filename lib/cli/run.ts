import { Command, CommanderError } from 'commander';
import { AiInfraError } from '../core/errors';
import { catalogCommand } from './catalog-command';
import { EXIT, type ExitCode } from './exit-codes';
import { planCommand } from './plan-command';
import { replayCommand } from './replay-command';
import { reportCommand } from './report-command';
import type { Terminal } from './terminal';
import { UsageError } from './usage-error';

const AFTER = `
Exit codes: 0 all is well, 1 the plan contradicts itself or nothing was found, 2 bad usage.
Help of a command: ai-infra <command> --help
`;

/** Runs one command line, without the names of node and of the script, and tells what to exit with. It never throws. */
export function run(args: readonly string[], terminal: Terminal): ExitCode {
  let code: ExitCode = EXIT.OK;
  const done = (outcome: ExitCode) => void (code = outcome);
  const program = new Command('ai-infra')
    .description('Plan infrastructure for AI workloads: machines, time, cost, and what each figure rests on.')
    .addHelpText('after', AFTER)
    .addCommand(catalogCommand(terminal))
    .addCommand(planCommand(terminal, done))
    .addCommand(replayCommand(terminal, done))
    .addCommand(reportCommand(terminal));
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showHelpAfterError('(--help shows what there is)')
      .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
  }
  try {
    program.parse(args, { from: 'user' });
    return code;
  } catch (error) {
    return failure(error, terminal);
  }
}

function failure(error: unknown, terminal: Terminal): ExitCode {
  // Commander has written its message itself; help that was asked for is none.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
  if (error instanceof UsageError || AiInfraError.isAiInfraError(error)) {
    terminal.err(`error: ${error.message}\n`);
    return EXIT.USAGE;
  }
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`error: this is a fault of ai-infra, please report it: ${message}\n`);
  return EXIT.FAILED;
}
