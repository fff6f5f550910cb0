import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** Options for `Processes.start`. */
export interface ProcessOptions {
  /** Environment variables in addition to those of this process. @default - none */
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory. @default - a new folder with the name of the process */
  readonly cwd?: string;
}

/** Programs of one control plane. They end with this process, and write their output to files of one folder. */
export class Processes {
  private readonly children = new Map<string, ChildProcess>();
  private readonly atExit = () => this.end();

  constructor(private readonly folder: string) {
    process.once('exit', this.atExit);
  }

  /** Starts a program. */
  start(name: string, program: string, args: readonly string[], options: ProcessOptions = {}): void {
    const { cwd = join(this.folder, name), env } = options;
    mkdirSync(cwd, { recursive: true });
    const log = openSync(this.logOf(name), 'a');
    const child = spawn(program, args, {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, TMPDIR: cwd, ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.on('error', () => undefined);
    this.children.set(name, child);
  }

  /** Ends one program, for example to start it again with another configuration. */
  async stop(name: string): Promise<void> {
    const child = this.children.get(name);
    this.children.delete(name);
    if (child?.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Throws with the end of its output if a program ended. */
  check(): void {
    for (const [name, child] of this.children) {
      if (child.exitCode === null && child.pid !== undefined) continue;
      throw new Error(`${name} ended with status ${child.exitCode}:\n${this.tailOf(name)}`);
    }
  }

  /** Process IDs of the programs, for measurements. */
  get ids(): number[] {
    return [...this.children.values()].flatMap(({ pid }) => pid ?? []);
  }

  /** Returns the last lines that a program wrote. */
  tailOf(name: string, lines = 15): string {
    return readFileSync(this.logOf(name), 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Ends all programs immediately, and removes the folder. */
  end(): void {
    process.removeListener('exit', this.atExit);
    for (const child of this.children.values()) child.kill('SIGKILL');
    this.children.clear();
    if (process.env.KEEP_KUBERNETES_FILES === undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  private logOf(name: string): string {
    return join(this.folder, `${name}.log`);
  }
}

/** Ports below those that Linux gives to connections. A connection could take such a port before its program starts. */
const PORTS = { from: 20_000, to: 32_000 };

let nextPort = PORTS.from + (process.pid % (PORTS.to - PORTS.from));

/** Returns free ports on the loopback interface. No two calls return the same port. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = nextPort;
    nextPort = port + 1 < PORTS.to ? port + 1 : PORTS.from;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });
}
