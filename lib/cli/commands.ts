import type { Command } from 'commander';
import type * as Catalog from './catalog-command';
import type { ExitCode } from './exit-codes';
import type * as Plan from './plan-command';
import type * as Replay from './replay-command';
import type * as Report from './report-command';
import type { Terminal } from './terminal';

/** A command before it is loaded: what the list of commands shows of it. */
export interface CommandEntry {
  readonly name: string;
  readonly description: string;
  /** Loads it, with the tables that it needs: the list of commands needs none of them. */
  readonly load: (terminal: Terminal, done: (code: ExitCode) => void) => Command;
}

/** Every command, in the order of the list. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'catalog',
    description: 'List the machines of every cloud.',
    load: (terminal) => (require('./catalog-command') as typeof Catalog).catalogCommand(terminal),
  },
  {
    name: 'plan',
    description: 'Rank the machines for a workload, or plan it on one of them.',
    load: (terminal, done) => (require('./plan-command') as typeof Plan).planCommand(terminal, done),
  },
  {
    name: 'replay',
    description: 'Set the planner beside published runs of training or serving.',
    load: (terminal, done) => (require('./replay-command') as typeof Replay).replayCommand(terminal, done),
  },
  {
    name: 'report',
    description: 'Write the report of a plan, or that of a synthesized app.',
    load: (terminal) => (require('./report-command') as typeof Report).reportCommand(terminal),
  },
];
