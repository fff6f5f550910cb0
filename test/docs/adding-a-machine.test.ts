import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { CATALOG_CLOUDS } from '../../scripts/clouds';
import { type Block, blocksOf, ROOT, textOf } from './snippets';

const PAGE = 'docs/contributing/adding-a-machine.md';
const COPIED = ['.projen', 'README.md', 'data', 'docs', 'lib', 'package.json', 'scripts', 'test', 'tsconfig.json'];

/** A row of the guide, and the literal that the guide adds it to. */
interface Step {
  /** Path of the file. */
  readonly file: string;
  /** Name of the constant, for example `AWS_MACHINES`. */
  readonly table: string;
  readonly key: string;
  readonly row: string;
}

/** The steps of the guide: each row, with the file and the table that the text above it names. */
function steps(): Step[] {
  const rows = blocksOf(PAGE).filter(({ language }) => language === 'ts');
  const keys = rows.map(({ text }) => /^'?([^':]+)'?:/.exec(text)![1]!);
  return rows.map((block, index) => {
    const above = textOf(PAGE)
      .split('\n')
      .slice(0, block.line - 1)
      .join('\n');
    const key = keys[index]!;
    const tables = [...above.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name!);
    // The rows of a TPU come in the order of the tables above them: the machine, its places, and its slices.
    const files = [...above.matchAll(/`(lib\/core\/catalog\/[a-z-]+\.ts)`/g)].map(([, file]) => file!);
    return { key, row: block.text, ...placeOf(block, key, files, tables) };
  });
}

/** The file and the table of a row: the latest ones in the text that declare such a row in this repository. */
function placeOf({ text }: Block, key: string, files: readonly string[], tables: readonly string[]) {
  for (const file of files.toReversed()) {
    const lines = textOf(file).split('\n');
    const at = lines.indexOf(`  ${text}`);
    const opening = lines.slice(0, Math.max(0, at)).findLast((line) => /^(export )?const [A-Z0-9_]+ = \{$/.test(line));
    const table = opening?.split(' ').find((word) => /^[A-Z][A-Z0-9_]+$/.test(word));
    if (at >= 0 && table !== undefined && tables.includes(table)) return { file, table };
  }
  throw new Error(`${PAGE}: no table that the page names has this row of ${key}`);
}

/** Removes a row from a table. */
function without(text: string, { row }: Step): string {
  return text.replace(`\n  ${row}\n`, '\n');
}

/** Adds a row at the end of a table. */
function withRow(text: string, { table, row }: Step): string {
  const start = text.search(new RegExp(`^(export )?const ${table} = \\{$`, 'm'));
  const end = text.indexOf('\n}', start);
  return `${text.slice(0, end)}\n  ${row}${text.slice(end)}`;
}

function copyOf(): string {
  const copy = mkdtempSync(join(tmpdir(), 'adding-a-machine-'));
  const isCopied = (path: string) => !relative(ROOT, path).startsWith(join('test', '.artifacts'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true, filter: isCopied });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function edit(copy: string, change: (text: string, step: Step) => string): void {
  for (const step of STEPS) {
    const file = join(copy, step.file);
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, change(before, step));
    expect([step.key, readFileSync(file, 'utf8') === before]).toEqual([step.key, false]);
  }
}

/** The names of new machines by cloud. */
function machinesOf(): Record<string, string[]> {
  const machines: Record<string, string[]> = {};
  for (const { file, key } of STEPS) {
    const cloud = CATALOG_CLOUDS.find((each) => file.endsWith(`/${each}-machines.ts`));
    if (cloud && /[a-z]/.test(key)) (machines[cloud] ??= []).push(key);
  }
  return machines;
}

const STEPS = steps();

test('the guide has a machine of each cloud, and a TPU with its places and slices', () => {
  expect(Object.keys(machinesOf()).sort()).toEqual([...CATALOG_CLOUDS].sort());
  expect(STEPS.map(({ table }) => table).filter((table) => /^(REGIONS|AWS|GOOGLE)/.test(table))).toEqual([
    'REGIONS',
    'AWS_MACHINES',
    'GOOGLE_MACHINES',
    'GOOGLE_PLACES',
    'GOOGLE_MACHINES',
    'GOOGLE_PLACES',
    'GOOGLE_TPU_TOPOLOGIES',
  ]);
});

test('each file that the guide names exists', () => {
  const paths = [...textOf(PAGE).matchAll(/`((?:lib|test|data|docs|scripts)\/[\w./-]+)`/g)].map(([, path]) => path!);
  const names = [...textOf(PAGE).matchAll(/`([a-z-]+(?:\.test)?\.ts)`/g)].map(([, name]) => name!);
  const tables = names.map((name) => `${name.endsWith('.test.ts') ? 'test' : 'lib'}/core/catalog/${name}`);
  expect([...paths, ...tables].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('a contributor who follows the guide can plan and build with each machine', () => {
  const copy = copyOf();
  const env = { ...process.env, NEW_MACHINES: JSON.stringify(machinesOf()) };
  const run = (command: string) => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: copy, env, encoding: 'utf8' });
    return { status, out: stdout + stderr };
  };
  edit(copy, without);
  edit(copy, withRow);
  cpSync(join(copy, 'test/docs/new-machine.fixture.ts'), join(copy, 'test/docs/new-machine.test.ts'));
  const commands = blocksOf(PAGE)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split('\n'));
  expect(commands).toContainEqual(expect.stringMatching(/^npx jest /));
  for (const command of commands) {
    const { status, out } = run(command.replace(/^npx jest/, 'npx jest test/docs/new-machine'));
    expect([command, status, status === 0 ? '' : out.slice(-4000)]).toEqual([command, 0, '']);
  }
  const page = readFileSync(join(copy, 'docs/machines.md'), 'utf8');
  for (const name of Object.values(machinesOf()).flat()) expect(page).toContain(`| \`${name}\` |`);
}, 300_000);
