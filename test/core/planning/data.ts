import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const VARIABLE = 'AI_INFRA_DATA';
const given = process.env[VARIABLE];
const folder = given ? resolve(given) : undefined;

if (folder && !existsSync(join(folder, 'training-runs.json')))
  throw new Error(`${VARIABLE}=${given ?? ''} has no runs`);
if (!folder) {
  console.warn(
    `SKIPPED: checks of predictions against published runs. To run them, set ${VARIABLE} to a folder with ` +
      'training-runs.json and inference-runs.json.',
  );
}

const jestTest: jest.It = test;

/** A test that needs the published runs: where there are none, it is skipped under a name that says so. */
export function dataTest(name: string, body: () => void, timeout?: number): void {
  if (folder) jestTest(name, body, timeout);
  else jestTest.skip(`SKIPPED without ${VARIABLE}: ${name}`, body);
}

/** A file of published figures. */
export function fileOf(file: string): unknown {
  if (!folder) throw new Error(`set ${VARIABLE}`);
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

/** Rows of a file of published runs. */
export function rowsOf<T>(file: string): T[] {
  return (fileOf(file) as { rows: T[] }).rows;
}
