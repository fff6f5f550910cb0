import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const jestTest: jest.It = test;
const ROOT = join(__dirname, '..');

/** A folder with files that this repository does not redistribute. */
export interface OutsideFolder {
  /** The folder. @default - it does not exist */
  readonly path?: string;
  /** A test that needs the folder. Without it, the test is skipped with a name that says so. */
  readonly test: (name: string, body: () => void, timeout?: number) => void;
}

/** Requirements of a folder. */
interface Wanted {
  /** Environment variable that names another folder. */
  readonly variable: string;
  /** The folder, relative to the root of the repository. */
  readonly folder: string;
  /** Command that creates the folder. */
  readonly command: string;
  /** Required entries. */
  readonly entries?: readonly string[];
  /** The checks that are skipped without the folder. */
  readonly checks: string;
}

/** Returns a folder. Throws if its variable names no folder, or if an entry is missing. Without the folder, it prints which checks are skipped. */
export function outsideFolder({ variable, folder, command, entries = [], checks }: Wanted): OutsideFolder {
  const given = process.env[variable];
  const path = given ? resolve(given) : join(ROOT, folder);
  const name = given ? `${variable}=${given}` : folder;
  if (!existsSync(path)) {
    if (given) throw new Error(`${name} is not a folder`);
    console.warn(`SKIPPED: ${checks}. To run them, run \`${command}\` once. It downloads what they compare with.`);
    return { test: (title, body) => jestTest.skip(`SKIPPED without ${folder} (\`${command}\`): ${title}`, body) };
  }
  const missing = entries.filter((entry) => !existsSync(join(path, entry)));
  if (missing.length > 0) throw new Error(`${name} has no ${missing.join(', ')}. Run \`${command}\` again.`);
  return { path, test: (title, body, timeout) => jestTest(title, body, timeout) };
}
