import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lib/cli/program';

/** What a command line gave back. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export function cli(...args: readonly string[]): Outcome {
  let [out, err] = ['', ''];
  const code = run(args, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    color: false,
    watched: false,
  });
  return { code, out, err };
}

const ROOT = join(__dirname, '../..');

/** Runs a command line as a process of its own, its output piped. */
export function cliProcess(args: readonly string[], env: Readonly<Record<string, string>> = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', 'tsx/cjs', join(ROOT, 'lib/cli/main.ts'), ...args],
    { cwd: ROOT, encoding: 'utf8', env: { ...process.env, ...env } },
  );
  return { code: status, out: stdout, err: stderr };
}

let folder: string | undefined;

/** A folder that lasts as long as a test. */
export function scratch(): string {
  folder ??= mkdtempSync(join(tmpdir(), 'ai-infra-cli-'));
  return folder;
}

/** A file in that folder. */
export function fileOf(name: string, text: string): string {
  const path = join(scratch(), name);
  writeFileSync(path, text);
  return path;
}

afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

/** Holds that a command failed on its input with one clear message, and nothing else. */
export function expectUsage({ code, out, err }: Outcome, message: string | RegExp): void {
  expect(err).toMatch(message);
  expect(err).not.toMatch(/\n\s+at .*:\d+|bug in ai-infra/);
  expect({ code, out }).toEqual({ code: 2, out: '' });
}
