import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const jestTest: jest.It = test;

/** A folder outside the project, named by an environment variable. */
export interface OutsideFolder {
  /** The folder. @default - the variable is not set */
  readonly path?: string;
  /** A test that needs the folder. Without it, the test is skipped with a name that says so. */
  readonly test: (name: string, body: () => void, timeout?: number) => void;
}

/** Requirements of a folder outside the project. */
interface Wanted {
  /** Required entries. */
  readonly entries?: readonly string[];
  /** The checks that are skipped without the folder. */
  readonly checks: string;
  /** Content of the folder. */
  readonly holds: string;
}

/** Returns the folder of a variable. Throws if an entry is missing. If the variable is not set, it prints which checks are skipped. */
export function outsideFolder(variable: string, { entries = [], checks, holds }: Wanted): OutsideFolder {
  const given = process.env[variable];
  const path = given ? resolve(given) : undefined;
  if (path === undefined) {
    console.warn(`SKIPPED: ${checks}. To run them, set ${variable} to ${holds}.`);
    return { test: (name, body) => jestTest.skip(`SKIPPED without ${variable}: ${name}`, body) };
  }
  if (!existsSync(path)) throw new Error(`${variable}=${given ?? ''} is not a folder`);
  for (const entry of entries) {
    if (!existsSync(join(path, entry))) throw new Error(`${variable}=${given ?? ''} has no ${entry}`);
  }
  return { path, test: (name, body, timeout) => jestTest(name, body, timeout) };
}
