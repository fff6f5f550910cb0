#!/usr/bin/env node
import { run } from './run';
import { terminalOf } from './terminal';

// A reader that has seen enough, as `head` has, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = run(process.argv.slice(2), terminalOf(process));
