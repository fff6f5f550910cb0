import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const HANDLER = resolve(__dirname, '../../lib/aws/gateway/handler/streamed.mjs');

/** The streamed handler in its own process, behind a server that streams like API Gateway and Lambda. */
export class StreamHost {
  static async start(environment: Readonly<Record<string, string>>): Promise<StreamHost> {
    const child = spawn(process.execPath, [join(__dirname, 'streaming-api.mjs'), HANDLER], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        ...environment,
      },
    });
    const host = new StreamHost(child);
    const port = await new Promise<string>((found, failed) => {
      child.once('exit', () => {
        failed(new Error(host.log));
      });
      child.stderr.on('data', () => {
        const listening = /listening (\d+)/.exec(host.log)?.[1];
        if (listening) found(listening);
      });
    });
    host.url = `http://127.0.0.1:${port}`;
    return host;
  }

  url = '';
  /** Log of the function. */
  log = '';

  private constructor(private readonly child: ChildProcess) {
    for (const output of [child.stdout, child.stderr]) output?.on('data', (chunk) => (this.log += String(chunk)));
  }

  /** Waits up to ten seconds for an entry of the log, which can arrive after the answer. @returns the log */
  async logWith(entry: RegExp): Promise<string> {
    for (let tries = 0; tries < 100 && !entry.test(this.log); tries += 1) await sleep(100);
    return this.log;
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill();
    if (this.child.exitCode === null) await ended;
  }
}
