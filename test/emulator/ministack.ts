import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** Version of the emulator. */
const VERSION = '1.5.33';

// Inside the repository, so that unpacked functions find the AWS SDK in node_modules, like in the Lambda runtime.
const CACHE = join(ROOT, '.cache/emulator');
const VENV = join(CACHE, `ministack-${VERSION}`);

/** The Python of the emulator's environment. */
export const PYTHON = join(VENV, 'bin/python');

/** Installs the emulator from PyPI, once. @returns the error, or `undefined` if it is installed */
export function install(): string | undefined {
  if (existsSync(join(VENV, 'bin/ministack'))) return undefined;
  mkdirSync(CACHE, { recursive: true });
  rmSync(VENV, { recursive: true, force: true });
  return run('python3', '-m', 'venv', VENV) ?? run(PYTHON, '-m', 'pip', 'install', '--quiet', `ministack==${VERSION}`);
}

/** Runs a command. @returns its output if it fails */
export function run(command: string, ...args: string[]): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? undefined : `${command} ${args.join(' ')}: ${error ? String(error) : `${stdout}${stderr}`}`;
}

/** A running emulator of AWS, without resources. */
export class Emulator {
  static async start(): Promise<Emulator> {
    const port = await freePort();
    const folder = mkdtempSync(join(CACHE, 'run-'));
    const log = openSync(join(folder, 'emulator.log'), 'w');
    const child = spawn(join(VENV, 'bin/ministack'), [], {
      cwd: folder,
      stdio: ['ignore', log, log],
      env: { PATH: process.env.PATH, TMPDIR: folder, GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1' },
    });
    const emulator = new Emulator(`http://127.0.0.1:${port}`, folder, child);
    await emulator.ready();
    return emulator;
  }

  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  /** Log of the emulator and of its functions. */
  get log(): string {
    return readFileSync(join(this.folder, 'emulator.log'), 'utf8');
  }

  /** Stops the emulator, and deletes its data. */
  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    const killed = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    if (this.child.exitCode === null) await ended;
    clearTimeout(killed);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Calls an API of AWS. Throws for a status of 400 or above. @returns the body */
  async call(
    service: string,
    method: string,
    path: string,
    body?: string | Buffer,
    type = 'application/json',
  ): Promise<string> {
    const answer = await fetch(this.url + path, {
      method,
      body,
      headers: { authorization: signature(service), 'content-type': type },
    });
    const text = await answer.text();
    if (answer.status >= 400) throw new Error(`${service} ${method} ${path}: ${answer.status} ${text}`);
    return text;
  }

  /** Calls a JSON API of AWS. */
  async json(service: string, target: string, body: object): Promise<unknown> {
    const answer = await fetch(this.url, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        authorization: signature(service),
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': target,
      },
    });
    if (!answer.ok) throw new Error(`${target}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  private async ready(): Promise<void> {
    for (let tries = 0; tries < 120; tries += 1) {
      if (this.child.exitCode !== null) break;
      const answer = await fetch(`${this.url}/_ministack/health`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((done) => setTimeout(done, 250));
    }
    const { log } = this;
    await this.stop();
    throw new Error(`the emulator does not start:\n${log}`);
  }
}

/** A signature with the name of a service. The emulator does not verify it. */
export function signature(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=test/20261125/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=unverified`;
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => {
        found(port);
      });
    });
  });
}
