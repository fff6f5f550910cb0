import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CLOUDS, ENGINES, rowOf, titleOf } from '../../scripts/clouds';
import { ROOT, textOf } from './snippets';

const DECISION = textOf('docs/decisions/0007-folders-of-a-cloud.md');

function foldersOf(cloud: string): string[] {
  const entries = readdirSync(join(ROOT, 'lib', cloud), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** The folders that the decision lists for all clouds. */
const everywhere = [
  ...DECISION.split(/the\s+same name in every cloud:/)[1]!
    .split('.')[0]!
    .matchAll(/`([a-z-]+)`/g),
].map(([, name]) => name!);

/** The folders in the table of the decision, with their clouds. */
const others = [...DECISION.matchAll(/^ {2}\| `([a-z-]+)` \| ([^|]+) \|/gm)].map(
  ([, name, clouds]) => [name!, clouds!.split(', ')] as const,
);

test.each(CLOUDS)('decision 0007 lists each folder of lib/%s', (cloud) => {
  const engine = `all with ${ENGINES[rowOf(cloud).engine].title}`;
  const own = others.flatMap(([name, clouds]) =>
    clouds.includes(titleOf(cloud)) || clouds.includes(engine) ? [name] : [],
  );
  const folders = foldersOf(cloud);
  expect(folders.filter((name) => ![...everywhere, ...own].includes(name))).toEqual([]);
  expect(own.filter((name) => !folders.includes(name))).toEqual([]);
});

test('the folders that decision 0007 lists for all clouds exist in two of them', () => {
  const clouds = everywhere.map((name) => CLOUDS.filter((cloud) => foldersOf(cloud).includes(name)).length);
  expect(everywhere.filter((_, index) => clouds[index]! < 2)).toEqual([]);
});

test('a cloud has one index, as decision 0007 says', () => {
  for (const cloud of CLOUDS) {
    const files = readdirSync(join(ROOT, 'lib', cloud), { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => /(^|[\\/])index\.ts$/.test(file))).toEqual(['index.ts']);
  }
});

test('each test folder of a cloud has the name of a source folder, or tests the whole cloud', () => {
  for (const cloud of CLOUDS) {
    const entries = readdirSync(join(ROOT, 'test', cloud), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    // Jest keeps the snapshots of a test in a folder next to it.
    expect(
      folders.filter((name) => !['strict', '__snapshots__'].includes(name) && !foldersOf(cloud).includes(name)),
    ).toEqual([]);
  }
});
