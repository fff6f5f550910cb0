import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outsideFolder } from './outside-folder';

const { path: folder, test: dataTest } = outsideFolder('AI_INFRA_DATA', {
  entries: ['prices.json', 'training-runs.json', 'inference-runs.json'],
  checks: 'checks against the collected figures and the published runs',
  holds: 'a folder with prices.json, storage.json, machines-*.json, training-runs.json and inference-runs.json',
});

/** A test that needs the collected data. */
export { dataTest };

/** Returns a parsed file of the collected data. */
export function published(file: string): unknown {
  if (!folder) throw new Error('set AI_INFRA_DATA: see test/published-data.ts');
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

/** Returns the rows of a file with published runs. */
export function rowsOf<T>(file: string): T[] {
  return (published(file) as { rows: T[] }).rows;
}
