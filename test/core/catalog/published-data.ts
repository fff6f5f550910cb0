import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const VARIABLE = 'AI_INFRA_DATA';
const given = process.env[VARIABLE];
const folder = given ? resolve(given) : undefined;

if (folder && !existsSync(join(folder, 'prices.json')))
  throw new Error(`${VARIABLE}=${given ?? ''} has no prices.json`);
if (!folder) {
  console.warn(
    `SKIPPED: checks of the tables against the collected figures. To run them, set ${VARIABLE} to a folder with prices.json, ` +
      'storage.json, spot_traces_summary.json and machines-*.json.',
  );
}

const jestTest: jest.It = test;

/** A test that needs the collected figures: where there are none, it is skipped under a name that says so. */
export function dataTest(name: string, body: () => void): void {
  if (folder) jestTest(name, body);
  else jestTest.skip(`SKIPPED without ${VARIABLE}: ${name}`, body);
}

/** A file of the collected figures, parsed. */
export function published(file: string): unknown {
  if (!folder) throw new Error(`set ${VARIABLE}: see test/core/catalog/published-data.ts`);
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}
