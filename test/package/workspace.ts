import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');
export const NAME = 'ai-infra-constructs';

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** The entry point that registers matchers with the test runner. */
export const MATCHERS = `${NAME}/testing/jest`;

/** All other public entry points, by their public name. */
export const ENTRY_POINTS = Object.keys(manifestOf(ROOT).exports)
  .filter((subpath) => subpath !== './package.json')
  .map((subpath) => NAME + subpath.slice(1))
  .filter((name) => name !== MATCHERS);

/** The compilers that must resolve the package, by their alias in the temporary app. */
export const COMPILERS = { 'typescript-5.9': '~5.9.0', 'typescript-6': '^6.0.0', 'typescript-7': '^7.0.0' } as const;
export type Compiler = keyof typeof COMPILERS;

const PROOF = 'AI_INFRA_PACKAGE_PROOF';

/** The temporary folder: the tarball, `app` with the SDKs of all clouds and the compilers, and `core-app` without them. */
export function proofFolder(): string {
  const folder = process.env[PROOF];
  if (!folder) throw new Error('global setup made no folder');
  return folder;
}

export const setProofFolder = (folder: string) => void (process.env[PROOF] = folder);
export const appFolder = () => join(proofFolder(), 'app');
export const coreAppFolder = () => join(proofFolder(), 'core-app');
export const tarball = () => join(proofFolder(), 'package.tgz');

interface Ran {
  readonly status: number | null;
  readonly output: string;
}

export function run(folder: string, command: string, ...args: string[]): Ran {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status, output: `${stdout}${stderr}${error ? String(error) : ''}` };
}

/** Runs a command that must succeed. @returns its output */
export function must(folder: string, command: string, ...args: string[]): string {
  const { status, output } = run(folder, command, ...args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status ?? 'no code'}:\n${output}`);
  return output;
}

/** A development dependency of this package. */
export const tool = (name: string) => join(ROOT, 'node_modules/.bin', name);

export function write(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  }
}

/** The script of a compiler in the app. */
export function compilerOf(compiler: Compiler): string {
  const folder = join(appFolder(), 'node_modules', compiler);
  return join(folder, manifestOf(folder).bin!.tsc!);
}

/** The run-time exports of an entry point. */
export function valuesOf(entryPoint: string): string[] {
  const script = `process.stdout.write(JSON.stringify(Object.keys(require('${entryPoint}'))))`;
  return JSON.parse(must(appFolder(), process.execPath, '-e', script)) as string[];
}
