import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const VARIABLE = 'AI_INFRA_DATA';
const given = process.env[VARIABLE];
const folder = given ? resolve(given) : undefined;

for (const file of ['prices.json', 'training-runs.json', 'inference-runs.json']) {
  if (folder && !existsSync(join(folder, file))) throw new Error(`${VARIABLE}=${given ?? ''} has no ${file}`);
}
if (!folder) {
  console.warn(
    `SKIPPED: checks against the collected figures and the published runs. To run them, set ${VARIABLE} to a folder with ` +
      'prices.json, storage.json, machines-*.json, training-runs.json and inference-runs.json.',
  );
}

const jestTest: jest.It = test;

/** A test that needs the collected figures: where there are none, it is skipped under a name that says so. */
export function dataTest(name: string, body: () => void, timeout?: number): void {
  if (folder) jestTest(name, body, timeout);
  else jestTest.skip(`SKIPPED without ${VARIABLE}: ${name}`, body);
}

/** A file of the collected figures, parsed. */
export function published(file: string): unknown {
  if (!folder) throw new Error(`set ${VARIABLE}: see test/published-data.ts`);
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

/** Rows of a file of published runs. */
export function rowsOf<T>(file: string): T[] {
  return (published(file) as { rows: T[] }).rows;
}
