import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHIPS } from '../../lib/core/catalog/chips';
import { DATA, dataFile, dataFiles, dataText } from '../../scripts/data';

/** Fields in the tables of the README. */
const DOCUMENTED = new Set(
  readFileSync(join(DATA, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...line.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, field]) => field!)),
);
const MARK = /^(read|secondary|inferred|recalled|computed|low|read\+(inferred|recalled|secondary))$/;

describe.each(dataFiles())('data/%s', (name) => {
  const { read, rows } = dataFile(name);

  test('has one row a line (otherwise run `npx tsx scripts/data.ts`)', () => {
    expect(readFileSync(join(DATA, name), 'utf8')).toBe(dataText({ read, rows }));
  });

  test('has the month in which it was read', () => {
    expect(read).toMatch(/^20\d\d-\d\d$/);
  });

  test('has only fields that the README explains', () => {
    const fields = new Set(rows.flatMap((row) => Object.keys(row)));
    expect([...fields].filter((field) => !DOCUMENTED.has(field))).toEqual([]);
  });

  test('has no empty value, and no string longer than a name', () => {
    const empty = rows.filter((row) => Object.values(row).some((value) => value === null || value === ''));
    const long = rows.flatMap((row) =>
      Object.entries(row).filter(
        ([field, value]) => !/source$/i.test(field) && typeof value === 'string' && value.length > 150,
      ),
    );
    expect([...empty, ...long]).toEqual([]);
  });

  test('has a URL and a mark in every row', () => {
    const urls = rows.flatMap((row) => Object.entries(row).filter(([field]) => /source$/i.test(field)));
    expect(rows.filter(({ source }) => source === undefined)).toEqual([]);
    expect(urls.filter(([, url]) => typeof url !== 'string' || !/^https:\/\/[\w.-]+\/\S*$/.test(url))).toEqual([]);
    expect(rows.filter(({ confidence }) => !MARK.test(String(confidence)))).toEqual([]);
  });

  test('has chips of the catalog', () => {
    expect(rows.filter(({ chip }) => chip !== undefined && !Object.keys(CHIPS).includes(chip as string))).toEqual([]);
  });
});

test('every run has its own ID', () => {
  const runs = dataFiles().filter((name) => name.includes('-runs'));
  const ids = runs.flatMap((name) => dataFile(name).rows.map(({ id }) => id));
  expect(ids).toHaveLength(new Set(ids).size);
  expect(ids).not.toContain(undefined);
});

test('the README lists every file', () => {
  const readme = readFileSync(join(DATA, 'README.md'), 'utf8');
  const shown = (name: string) => name.replace(/^machines-.*\.json$/, 'machines-<cloud>.json');
  expect(dataFiles().filter((name) => !readme.includes(`\`${shown(name)}\``))).toEqual([]);
});

test('the README explains only fields that a row has', () => {
  const used = new Set(dataFiles().flatMap((name) => dataFile(name).rows.flatMap((row) => Object.keys(row))));
  expect([...DOCUMENTED].filter((field) => !used.has(field))).toEqual([]);
});
