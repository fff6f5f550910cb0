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

/** The entry point that registers matchers with the runner of the tests that it is loaded in. */
export const MATCHERS = `${NAME}/testing/jest`;

/** Every other public entry point, by the name that users import. */
export const ENTRY_POINTS = Object.keys(manifestOf(ROOT).exports)
  .filter((subpath) => subpath !== './package.json')
  .map((subpath) => NAME + subpath.slice(1))
  .filter((name) => name !== MATCHERS);

/** Compilers that must resolve the package, by the alias under which the throw-away app installs them. */
export const COMPILERS = { 'typescript-5.9': '~5.9.0', 'typescript-6': '^6.0.0', 'typescript-7': '^7.0.0' } as const;
export type Compiler = keyof typeof COMPILERS;

const PROOF = 'AI_INFRA_PACKAGE_PROOF';

/** The throw-away folder: the tarball, `app` with the SDKs of all clouds and the compilers, `core-app` with neither. */
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

/** Runs what must succeed. @returns its output */
export function must(folder: string, command: string, ...args: string[]): string {
  const { status, output } = run(folder, command, ...args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status ?? 'no code'}:\n${output}`);
  return output;
}

/** A tool that this package depends on for its own tests. */
export const tool = (name: string) => join(ROOT, 'node_modules/.bin', name);

export function write(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  }
}

/** The values that an entry point exports at run time. */
export function valuesOf(entryPoint: string): string[] {
  const script = `process.stdout.write(JSON.stringify(Object.keys(require('${entryPoint}'))))`;
  return JSON.parse(must(appFolder(), process.execPath, '-e', script)) as string[];
}
