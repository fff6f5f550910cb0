import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..');

/** Folders and pages whose words name the services of the CDK that a program needs. */
const TEXTS = ['lib', 'docs', 'examples', 'README.md'];

/** Parsed files of all programs. The types of all clouds take seconds to parse. */
const parsed = new Map<string, ts.SourceFile>();
let words: ReadonlySet<string> | undefined;

/**
 * Creates a program with the project settings. It skips what takes seconds: docstrings of packages, and services of the CDK that no source names.
 *
 * @param modules texts of files that do not exist, by path
 */
export function programOf(rootNames: readonly string[], modules: ReadonlyMap<string, string> = new Map()): ts.Program {
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  host.readFile = (file) => modules.get(file) ?? ts.sys.readFile(file);
  host.fileExists = (file) => modules.has(file) || ts.sys.fileExists(file);
  host.getSourceFile = (file, target) => {
    const known = parsed.get(file);
    if (known) return known;
    const text = host.readFile(file);
    if (text === undefined) return undefined;
    const source = parse(file, text, typeof target === 'object' ? target : { languageVersion: target });
    if (!modules.has(file)) parsed.set(file, source);
    return source;
  };
  return ts.createProgram({ rootNames, options, host });
}

function parse(file: string, text: string, options: ts.CreateSourceFileOptions): ts.SourceFile {
  const isCdk = file.endsWith('/aws-cdk-lib/index.d.ts');
  const { ParseAll, ParseNone } = ts.JSDocParsingMode;
  return ts.createSourceFile(file, isCdk ? withoutNamespaces(text) : text, {
    ...options,
    jsDocParsingMode: file.includes('/node_modules/') ? ParseNone : ParseAll,
  });
}

/** Drops the services of the CDK that no source names. */
function withoutNamespaces(root: string): string {
  const named = (words ??= new Set(TEXTS.flatMap(textsIn).flatMap((text) => text.match(/\w+/g) ?? [])));
  return root.replace(/^export \* as (\w+) from .*$/gm, (line, name: string) => (named.has(name) ? line : ''));
}

function textsIn(path: string): string[] {
  const files = path.endsWith('.md')
    ? [path]
    : readdirSync(join(ROOT, path), { recursive: true, encoding: 'utf8' }).map((file) => join(path, file));
  return files.filter((file) => /\.(?:ts|md)$/.test(file)).map((file) => readFileSync(join(ROOT, file), 'utf8'));
}

function compilerOptions(): ts.CompilerOptions {
  const file = join(ROOT, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, ROOT, {}, file);
  return { ...options, noUnusedLocals: false, noEmit: true };
}
