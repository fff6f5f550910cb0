import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AiInfraError } from '../core/errors';
import { Architecture, architectureOf, type ArchitectureOptions } from './architecture-of';

/** Matchers for `expect`. `R` is the return type of a matcher. */
export interface ArchitectureMatchers<R> {
  /**
   * Compares the architecture of a stack, an app or synthesized output with the snapshot of the test, like `toMatchSnapshot`.
   *
   * @param options options for the description. @default - with list prices
   */
  toMatchArchitecture(options?: ArchitectureOptions): R;
  /**
   * Compares the architecture with a text file that people review like code. `jest --updateSnapshot` updates the file. If the file is missing,
   * jest writes it, or fails with `--ci`.
   *
   * @param path path of the file, relative to the folder of the test
   * @param options options for the description. @default - with list prices
   */
  toMatchArchitectureFile(path: string, options?: ArchitectureOptions): R;
}

/** The part of the matcher context that these matchers use. */
export interface MatcherContext {
  /** Whether the matcher is negated. */
  readonly isNot?: boolean;
  /** Path of the test file. */
  readonly testPath?: string;
  /** Snapshot state of the test file. */
  readonly snapshotState?: SnapshotState;
  /** Utilities of jest. */
  readonly utils?: { diff?(expected: unknown, received: unknown): string | null | undefined };
}

/** Snapshot counts that jest reports, and whether it can write snapshots. Jest only provides this here. */
export interface SnapshotState {
  /** Which snapshots jest can write. */
  readonly _updateSnapshot?: 'all' | 'new' | 'none';
  /** Number of written snapshots. */
  added?: number;
  /** Number of matching snapshots. */
  matched?: number;
  /** Number of snapshots that do not match. */
  unmatched?: number;
  /** Number of updated snapshots. */
  updated?: number;
}

/** The result of a matcher. */
export interface MatcherResult {
  /** Whether the value matches. */
  readonly pass: boolean;
  /** Returns the message of a failure. */
  readonly message: () => string;
}

/** Matchers for `expect.extend`. `ai-infra-constructs/testing/jest` registers them. */
export const architectureMatchers = {
  toMatchArchitecture(this: MatcherContext, received: unknown, options?: ArchitectureOptions): MatcherResult {
    rejectNot(this, 'toMatchArchitecture');
    return asResult(() => snapshotOf(described(received, options)));
  },

  toMatchArchitectureFile(
    this: MatcherContext,
    received: unknown,
    path: string,
    options?: ArchitectureOptions,
  ): MatcherResult {
    rejectNot(this, 'toMatchArchitectureFile');
    const text = `${String(described(received, options))}\n`;
    return compared(this, fileOf(this, path), text);
  },
};

/** Serializer for `expect.addSnapshotSerializer` that prints an architecture as text in `toMatchSnapshot`. */
export const architectureSerializer = {
  test: (value: unknown): boolean => Architecture.isArchitecture(value),
  serialize: (value: unknown): string => String(value),
};

function described(received: unknown, options?: ArchitectureOptions): Architecture {
  return Architecture.isArchitecture(received) ? received : architectureOf(received as object, options);
}

/** Throws for `.not`, because a difference from a snapshot proves nothing. */
function rejectNot({ isNot }: MatcherContext, matcher: string): void {
  if (isNot)
    throw wrong(
      'expect',
      `used without .not before ${matcher}`,
      'not',
      'Remove .not, and compare with the expected architecture.',
    );
}

type Snapshots = (received: unknown) => { toMatchSnapshot(): void };

function snapshotOf(architecture: Architecture): void {
  const { expect } = globalThis as { readonly expect?: Snapshots };
  if (!expect) {
    throw wrong(
      'expect',
      'a global function of the test runner',
      expect,
      'Use toMatchArchitectureFile, or set injectGlobals in the jest configuration.',
    );
  }
  expect(architecture).toMatchSnapshot();
}

function asResult(run: () => void): MatcherResult {
  try {
    run();
    return { pass: true, message: () => 'the architecture matches the snapshot' };
  } catch (error) {
    if (AiInfraError.isAiInfraError(error) || !(error instanceof Error)) throw error;
    return { pass: false, message: () => error.message };
  }
}

function fileOf({ testPath }: MatcherContext, path: unknown): string {
  if (typeof path !== 'string' || path === '') {
    throw wrong(
      'path',
      'the path of a file, relative to the folder of the test',
      path,
      'Set a path, for example training.architecture.txt.',
    );
  }
  return resolve(testPath === undefined ? '.' : dirname(testPath), path);
}

function compared({ snapshotState: state = {}, utils }: MatcherContext, file: string, text: string): MatcherResult {
  const before = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : undefined;
  const mode = state._updateSnapshot ?? (process.env.CI ? 'none' : 'new');
  if (before === text) return counted(state, 'matched', true, 'the architecture matches the file');
  if (mode === 'all' || (mode === 'new' && before === undefined)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return counted(state, before === undefined ? 'added' : 'updated', true, `${file} was written`);
  }
  const difference = before === undefined ? 'the file does not exist' : (utils?.diff?.(before, text) ?? 'they differ');
  const message = `The architecture does not match ${file}:\n\n${difference}\n\nIf the change is intended, run jest with --updateSnapshot.`;
  return counted(state, 'unmatched', false, message);
}

function counted(
  state: SnapshotState,
  what: 'added' | 'matched' | 'unmatched' | 'updated',
  pass: boolean,
  message: string,
): MatcherResult {
  state[what] = (state[what] ?? 0) + 1;
  return { pass, message: () => message };
}

function wrong(prop: string, allowed: string, got: unknown, fix: string): AiInfraError {
  return new AiInfraError([{ code: 'ArchitectureMatcher', prop, allowed, got, fix }]);
}
