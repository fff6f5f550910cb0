import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, textOf } from './snippets';

const PAGES = [
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs/contributing')).map((file) => `docs/contributing/${file}`),
];
const TESTS = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .map((file) => join('test', file))
  .filter((file) => file.endsWith('.test.ts'));
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** Returns the commands of a page that would fail, because a script or a test file does not exist. */
function deadCommandsIn(text: string): string[] {
  const named = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name!);
  const tests = named(/npx jest ((?:test\/[\w./-]+ ?)+)/g).flatMap((words) => words.trim().split(' '));
  return [
    ...named(/npm run ([\w:]+)/g).filter((name) => !(name in scripts)),
    ...named(/npx tsx ([\w./-]+)/g).filter((file) => !existsSync(join(ROOT, file))),
    ...tests.filter((pattern) => !TESTS.some((file) => file.includes(pattern))),
  ];
}

/** Returns the files of a page that do not exist. `<cloud>` is Azure. */
function missingFilesIn(text: string): string[] {
  const paths = [...text.matchAll(/`((?:data|docs|examples|lib|scripts|test)\/[\w./<>-]+)`/g)].map(([, path]) => path!);
  // Only a cloud whose provider has no package generates its classes.
  const examples = [
    ['azure', 'azurerm'],
    ['alicloud', 'alicloud'],
  ] as const;
  const filesOf = (path: string) =>
    examples.map(([cloud, provider]) => path.replaceAll('<cloud>', cloud).replace('<provider>', provider));
  const isMissing = (path: string) => filesOf(path).every((file) => !existsSync(join(ROOT, file)));
  return paths.filter(isMissing).map((path) => filesOf(path)[0]!);
}

/** Returns the constants that a table names for a file, but that the file does not have. */
function missingConstantsIn(text: string): string[] {
  return [...text.matchAll(/^\| `([\w./-]+\.ts)` \| (.*) \|$/gm)].flatMap(([, file, content]) => {
    const names = [...content!.matchAll(/`([A-Z]{4,})`/g)].map(([, name]) => name!);
    return names.filter((name) => !new RegExp(`const ${name}\\b`).test(textOf(file!))).map((name) => `${file} ${name}`);
  });
}

test.each(PAGES)('%s names scripts, programs, and tests that exist', (page) => {
  expect(deadCommandsIn(textOf(page))).toEqual([]);
});

// The page about a construct adds files, and the page about a machine has a test of its own.
test.each(['adding-a-cloud', 'adding-a-rule'])('%s names files and constants that exist', (page) => {
  const text = textOf(`docs/contributing/${page}.md`);
  expect(missingFilesIn(text)).toEqual([]);
  expect(missingConstantsIn(text)).toEqual([]);
});

test('detects what does not exist', () => {
  const commands = 'npm run nothing && npx tsx scripts/nothing.ts\nnpx jest test/docs test/nothing';
  expect(deadCommandsIn(commands)).toEqual(['nothing', 'scripts/nothing.ts', 'test/nothing']);
  expect(missingFilesIn('`lib/<cloud>/index.ts` `lib/<cloud>/nothing.ts`')).toEqual(['lib/azure/nothing.ts']);
  expect(missingConstantsIn('| `lib/core/catalog/machines.ts` | `CLOUDS`, `NOTHING` |')).toEqual([
    'lib/core/catalog/machines.ts NOTHING',
  ]);
});
