import type { Command } from 'commander';
import type * as Catalog from './catalog-command';
import type { ExitCode } from './exit-codes';
import type * as Plan from './plan-command';
import type * as Replay from './replay-command';
import type * as Report from './report-command';
import type { Terminal } from './terminal';

/** A command that is not loaded yet, as the list of commands shows it. */
export interface CommandEntry {
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
    load: (terminal) => (require('./catalog-command') as typeof Catalog).catalogCommand(terminal),
  },
  {
    name: 'plan',
    description: 'Rank the machines for a workload, or plan the workload on one machine.',
    load: (terminal, done) => (require('./plan-command') as typeof Plan).planCommand(terminal, done),
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
