import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES, FINDING_IDS } from 'ai-infra-constructs';
import { allMachines } from '../../lib/core/catalog/machines';
import { CATALOG_CLOUDS, titleOf } from '../../scripts/clouds';
import { pages } from '../../scripts/docs';

test.each(Object.entries(pages()))('%s is up to date (otherwise run `npm run docs`)', (file, text) => {
  expect(readFileSync(join(__dirname, '../..', file), 'utf8')).toBe(text);
});

test('every error code and finding ID has a row', () => {
  const { 'docs/errors.md': errors, 'docs/findings.md': findings } = pages();

  for (const [code, meaning] of Object.entries(ERROR_CODES)) expect(errors).toContain(`| \`${code}\` | ${meaning} |`);
  for (const [id, meaning] of Object.entries(FINDING_IDS)) expect(findings).toContain(`| \`${id}\` | ${meaning} |`);
});

test('every machine of the catalog has a row, below the title of its cloud', () => {
  const sections = pages()['docs/machines.md']!.split(/^## /m).slice(1);

  expect(sections.map((section) => section.split('\n', 1)[0])).toEqual(CATALOG_CLOUDS.map(titleOf));
  for (const [index, cloud] of CATALOG_CLOUDS.entries()) {
    const machines = allMachines().filter((machine) => machine.cloud === cloud);
    expect(machines.filter(({ name }) => !sections[index]!.includes(`\n| \`${name}\` | `))).toEqual([]);
  }
});
