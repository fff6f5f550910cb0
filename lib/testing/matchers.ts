import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AiInfraError } from '../core/errors';
import { Architecture, architectureOf, type ArchitectureOptions } from './architecture-of';

/** Matchers for `expect`, by what they return there. */
export interface ArchitectureMatchers<R> {
  /**
   * Compares the architecture of a stack, an app, or what one synthesizes to with the snapshot of the test, as `toMatchSnapshot` does.
   *
   * @param options how to describe it. @default - with list prices
   */
  toMatchArchitecture(options?: ArchitectureOptions): R;
  /**
   * Compares it with a text file that people review as they review code. `jest --updateSnapshot` writes it anew; a missing one is written,
   * and fails with `--ci`.
   *
   * @param path from the folder of the test
   * @param options how to describe it. @default - with list prices
   */
  toMatchArchitectureFile(path: string, options?: ArchitectureOptions): R;
}

/** What a test runner tells a matcher, as far as these read it. */
interface Context {
  readonly isNot?: boolean;
  readonly testPath?: string;
  readonly snapshotState?: SnapshotState;
  readonly utils?: { diff?(expected: unknown, received: unknown): string | null | undefined };
}

/** Counts that the runner reports at its end, and whether it may write: jest says so nowhere else. */
interface SnapshotState {
  readonly _updateSnapshot?: 'all' | 'new' | 'none';
  added?: number;
  matched?: number;
  unmatched?: number;
  updated?: number;
}

interface Result {
  readonly pass: boolean;
  readonly message: () => string;
}

/** For `expect.extend`; `ai-infra-constructs/testing/jest` does that by itself. */
export const architectureMatchers = {
  toMatchArchitecture(this: Context, received: unknown, options?: ArchitectureOptions): Result {
    refuseNot(this, 'toMatchArchitecture');
    return asResult(() => snapshotOf(described(received, options)));
  },

  toMatchArchitectureFile(this: Context, received: unknown, path: string, options?: ArchitectureOptions): Result {
    refuseNot(this, 'toMatchArchitectureFile');
    const text = `${String(described(received, options))}\n`;
    return compared(this, fileOf(this, path), text);
  },
};

/** Lets `toMatchSnapshot` show an architecture as its text. For `expect.addSnapshotSerializer`. */
export const architectureSerializer = {
  test: (value: unknown): boolean => Architecture.isArchitecture(value),
  serialize: (value: unknown): string => String(value),
};

function described(received: unknown, options?: ArchitectureOptions): Architecture {
  return Architecture.isArchitecture(received) ? received : architectureOf(received as object, options);
}

/** The opposite of a snapshot says nothing. */
function refuseNot({ isNot }: Context, matcher: string): void {
  if (isNot)
    throw wrong(
      'expect',
      `without .not before ${matcher}`,
      'not',
      'Leave .not out: compare with what should be there.',
    );
}

type Snapshots = (received: unknown) => { toMatchSnapshot(): void };

function snapshotOf(architecture: Architecture): void {
  const { expect } = globalThis as { readonly expect?: Snapshots };
  if (!expect) {
    throw wrong(
      'expect',
      'a global of the test runner',
      expect,
      'Use toMatchArchitectureFile, or injectGlobals in the settings of jest.',
    );
  }
  expect(architecture).toMatchSnapshot();
}

function asResult(run: () => void): Result {
  try {
    run();
    return { pass: true, message: () => 'the architecture is that of the snapshot' };
  } catch (error) {
    if (AiInfraError.isAiInfraError(error) || !(error instanceof Error)) throw error;
    return { pass: false, message: () => error.message };
  }
}

function fileOf({ testPath }: Context, path: unknown): string {
  if (typeof path !== 'string' || path === '') {
    throw wrong(
      'path',
      'the path of a file, from the folder of the test',
      path,
      'Name one, e.g. training.architecture.txt.',
    );
  }
  return resolve(testPath === undefined ? '.' : dirname(testPath), path);
}

function compared({ snapshotState: state = {}, utils }: Context, file: string, text: string): Result {
  const before = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : undefined;
  const mode = state._updateSnapshot ?? (process.env.CI ? 'none' : 'new');
  if (before === text) return counted(state, 'matched', true, 'the architecture is that of the file');
  if (mode === 'all' || (mode === 'new' && before === undefined)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return counted(state, before === undefined ? 'added' : 'updated', true, `${file} was written`);
  }
  const difference = before === undefined ? 'there is no such file' : (utils?.diff?.(before, text) ?? 'they differ');
  const message = `The architecture is not that of ${file}:\n\n${difference}\n\nWhere the change is meant, run again with --updateSnapshot.`;
  return counted(state, 'unmatched', false, message);
}

function counted(
  state: SnapshotState,
  what: 'added' | 'matched' | 'unmatched' | 'updated',
  pass: boolean,
  said: string,
): Result {
  state[what] = (state[what] ?? 0) + 1;
  return { pass, message: () => said };
}

function wrong(prop: string, allowed: string, got: unknown, fix: string): AiInfraError {
  return new AiInfraError([{ code: 'ArchitectureMatcher', prop, allowed, got, fix }]);
}
