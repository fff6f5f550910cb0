import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const jestTest: jest.It = test;

/** What stands outside the project, in a folder that a variable of the environment names. */
export interface OutsideFolder {
  /** @default - the variable is not set */
  readonly path?: string;
  /** A test that needs it: where there is none, it is skipped under a name that says so. */
  readonly test: (name: string, body: () => void, timeout?: number) => void;
}

/** What tests want of a folder outside the project. */
interface Wanted {
  /** Entries that it must have. */
  readonly entries?: readonly string[];
  /** What is skipped without it. */
  readonly checks: string;
  /** What it holds. */
  readonly holds: string;
}

/** The folder of a variable; throws where it lacks an entry, and says loudly what is skipped where the variable is not set. */
export function outsideFolder(variable: string, { entries = [], checks, holds }: Wanted): OutsideFolder {
  const given = process.env[variable];
  const path = given ? resolve(given) : undefined;
  if (path === undefined) {
    console.warn(`SKIPPED: ${checks}. To run them, set ${variable} to ${holds}.`);
    return { test: (name, body) => jestTest.skip(`SKIPPED without ${variable}: ${name}`, body) };
  }
  if (!existsSync(path)) throw new Error(`${variable}=${given ?? ''} is no folder`);
  for (const entry of entries) {
    if (!existsSync(join(path, entry))) throw new Error(`${variable}=${given ?? ''} has no ${entry}`);
  }
  return { path, test: (name, body, timeout) => jestTest(name, body, timeout) };
}
