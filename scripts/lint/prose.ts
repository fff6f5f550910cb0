/**
 * Lints the prose of the repository: pages, docstrings, comments, messages and test titles.
 *
 *     npx tsx scripts/lint/prose.ts [--summary] [path or glob …]
 *
 * Prints `file:line:column  rule  message`, and exits with 1 if it finds anything. `words.ts` lists the words, `prose-rules.ts` has the
 * rules. Dependencies, all released within a year, and why we chose them:
 * - `@textlint/kernel` 15 (MIT, 0.6 MB) runs the rules on a syntax tree and maps hits to lines. The `textlint` package adds a command
 *   line with over 100 packages, which we do not need.
 * - `@textlint/textlint-plugin-markdown` 15 (MIT, 3 MB with its parser) parses the pages. It has the same maintainers.
 * - `sentence-splitter` 5 (MIT, 1 MB) finds sentences and handles abbreviations, versions and file names.
 * - `typescript`, already a dependency, finds the texts in code.
 * `textlint-rule-write-good` and `textlint-rule-terminology` are left out. The first has had no release since 2018; its only check that we
 * need, repeated words, takes a few lines. The second only adds spellings of brand names, and reports every `id`.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { TextlintKernel } from '@textlint/kernel';
import markdownPlugin from '@textlint/textlint-plugin-markdown';
import { codePlugin } from './prose-in-code';
import { RULES } from './prose-rules';
import { EXCEPTIONS } from './words';

const ROOT = join(__dirname, '../..');

/** The files and folders to lint by default. */
const PLACES = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...['.projenrc.ts', 'eslint.config.mjs', '.changeset', '.github'],
  ...['data', 'docs', 'examples', 'lib', 'projenrc', 'scripts', 'test'],
];
const EXTENSIONS = ['.md', '.ts', '.mjs'];
const SKIPPED_FOLDERS = ['node_modules', '.artifacts', 'cdk.out', 'cdktf.out', 'dist', 'api'];

/** Prose to rewrite. */
export interface Hit {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly message: string;
}

const kernel = new TextlintKernel();
const plugins = [
  { pluginId: 'markdown', plugin: markdownPlugin },
  { pluginId: 'code', plugin: codePlugin },
];
const rules = Object.entries(RULES).map(([ruleId, rule]) => ({ ruleId, rule }));

/** Lints the content of a file. */
export async function lintText(file: string, text: string): Promise<Hit[]> {
  const exception = Object.hasOwn(EXCEPTIONS, file) ? EXCEPTIONS[file] : undefined;
  if (exception && !exception.rules) return [];
  const { messages } = await kernel.lintText(text, { ext: extname(file), filePath: file, plugins, rules });
  return messages
    .filter(({ ruleId }) => !exception?.rules?.includes(ruleId))
    .map(({ ruleId, message, loc: { start } }) => ({
      file,
      line: start.line,
      column: start.column,
      rule: ruleId,
      message,
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Expands paths and globs to files, relative to the root of the repository. */
export function filesOf(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    if (!path.includes('*')) return filesIn(resolve(path));
    const pattern = new RegExp(`^${globSource(resolve(path))}$`);
    return filesIn(resolve(path.slice(0, path.indexOf('*')).replace(/[^/]*$/, '') || '.')).filter((file) =>
      pattern.test(file),
    );
  });
  return [...new Set(files)].map((file) => relative(ROOT, file).split(sep).join('/')).sort();
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return EXTENSIONS.includes(extname(path)) ? [path] : [];
  return readdirSync(path)
    .filter((name) => !SKIPPED_FOLDERS.includes(name))
    .flatMap((name) => filesIn(join(path, name)));
}

function globSource(glob: string): string {
  return glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*\*\/|\*\*|\*/g, (star) => {
    if (star === '*') return '[^/]*';
    return star === '**' ? '.*' : '(?:.*/)?';
  });
}

/** Formats the number of hits by folder and rule, the largest first. */
export function summaryOf(hits: readonly Hit[]): string {
  const folderOf = ({ file }: Hit) => file.split('/').slice(0, -1).slice(0, 2).join('/') || '.';
  const counts = new Map<string, number>();
  for (const hit of hits) {
    const folder = folderOf(hit);
    for (const key of [folder, `${folder} ${hit.rule}`]) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const names = Object.keys(RULES);
  const folders = [...new Set(hits.map(folderOf))].sort((a, b) => counts.get(b)! - counts.get(a)!);
  const line = (cells: readonly (string | number)[]) =>
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(28) : String(cell).padStart(10))).join('');
  const total = names.map((name) => hits.filter(({ rule }) => rule === name).length);
  return [
    line(['', ...names, 'all']),
    ...folders.map((folder) =>
      line([folder, ...names.map((name) => counts.get(`${folder} ${name}`) ?? 0), counts.get(folder)!]),
    ),
    line(['all', ...total, hits.length]),
  ].join('\n');
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { summary: { type: 'boolean' } } });
  const files = filesOf(positionals.length > 0 ? positionals : PLACES.map((place) => join(ROOT, place)));
  const hits: Hit[] = [];
  for (const file of files) hits.push(...(await lintText(file, readFileSync(join(ROOT, file), 'utf8'))));
  const lines = hits.map(({ file, line, column, rule, message }) => `${file}:${line}:${column}  ${rule}  ${message}`);
  console.log(
    values.summary ? summaryOf(hits) : [...lines, `${files.length} files, ${hits.length} texts to rewrite`].join('\n'),
  );
  process.exitCode = hits.length > 0 ? 1 : 0;
}

if (require.main === module) void main();
