#!/usr/bin/env node
import { EXIT } from './exit';
import { runToEnd } from './program';
import { terminalOf } from './terminal';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // A reader that closes early, such as `head`, is not an error. A full disk is.
    if (code === 'EPIPE') return;
    process.exitCode = EXIT.FAILED;
    if (stream === process.stdout) process.stderr.write(`error: the output cannot be written: ${message}\n`);
  });
}

void runToEnd(process.argv.slice(2), terminalOf(process)).then((code) => {
  // An output error can have set it already.
  process.exitCode ??= code;
});
