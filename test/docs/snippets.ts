import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { type Cloud, CLOUDS, type EngineName, isGuideOf, rowOf } from '../../scripts/clouds';
import { programOf } from '../../scripts/typescript-program';

export const ROOT = join(__dirname, '../..');

/** A fenced block of a page: ```` ```ts throws ```` has the language `ts` and the word `throws`. */
export interface Block {
  readonly page: string;
  /** Line number of the first line, starting at 1. */
  readonly line: number;
  readonly language: string;
  /** The word after the language. */
  readonly word: string;
  readonly text: string;
  /** The block below it, which contains its output. */
  readonly next?: Block;
}

/** A block as a module. Declarations that the block leaves out are prepended. */
export interface Snippet extends Block {
  readonly file: string;
  readonly module: string;
  /** Names that are defined outside the module. */
  readonly given: readonly string[];
}

/** Types of the values that a snippet can use without declaring them: an app with a stack, and on AWS an existing VPC and cluster. */
export const GIVEN: Readonly<Record<EngineName, Readonly<Record<string, string>>>> = {
  cdk: {
    app: `import('aws-cdk-lib').App`,
    stack: `import('aws-cdk-lib').Stack`,
    vpc: `import('aws-cdk-lib/aws-ec2').IVpc`,
    cluster: `import('aws-cdk-lib/aws-eks-v2').ICluster`,
  },
  terraform: { app: `import('cdktf').App`, stack: `import('cdktf').TerraformStack` },
};

/** Returns the names that an entry point exports. */
export function exportsOf(entryPoint: string): string[] {
  return Object.keys(jest.requireActual<object>(entryPoint));
}

/** Returns the cloud whose constructs a page documents. Pages about every cloud use AWS. */
export function cloudOf(page: string): Cloud {
  const [, name = ''] = /^docs\/([a-z-]+)\.md$/.exec(page) ?? [];
  return CLOUDS.find((cloud) => isGuideOf(cloud, name)) ?? 'aws';
}

/** Returns every page for users and contributors, by its path from the root. */
export function pagesOf(): string[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => join('docs', file));
  return [...readdirSync(ROOT), 'data/README.md', ...docs].filter(
    (file) => file.endsWith('.md') && !file.startsWith('docs/api/'),
  );
}

export function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** Returns the fenced blocks of a page, in order. */
export function blocksOf(page: string, text = textOf(page)): Block[] {
  const blocks = [...text.matchAll(/^```(\w*) ?(\w*)\n([\s\S]*?)\n```$/gm)].map(
    ({ index, 1: language = '', 2: word = '', 3: body = '' }): Block => {
      const line = text.slice(0, index).split('\n').length + 1;
      return { page, line, language, word, text: body };
    },
  );
  return blocks.map((block, index) => ({ ...block, next: blocks[index + 1] }));
}

/** Returns the TypeScript blocks of the pages. A table row is not a module: see `excerptsOf`. */
export function snippetsOf(blocks: readonly Block[]): Snippet[] {
  return blocks.filter((block) => block.language === 'ts' && !isExcerpt(block)).map(snippetOf);
}

/** Returns the table rows that a page quotes. */
export function excerptsOf(blocks: readonly Block[]): Block[] {
  return blocks.filter((block) => block.language === 'ts' && isExcerpt(block));
}

function isExcerpt({ text }: Block): boolean {
  return /^(?:'[^']+'|\w+): [[{A-Z]/.test(text);
}

function snippetOf(block: Block): Snippet {
  const declared = declaredIn(block.text);
  const missing = (names: readonly string[]) => names.filter((name) => !declared.has(name));
  const cloud = cloudOf(block.page);
  const types = GIVEN[rowOf(cloud).engine];
  const names = exportsOf(`ai-infra-constructs/${cloud}`);
  const given = missing(Object.keys(types));
  const prelude = [
    `import { ${missing(exportsOf('ai-infra-constructs'))
      .filter((name) => !names.includes(name))
      .join(', ')} } from 'ai-infra-constructs';`,
    `import { ${missing(names).join(', ')} } from 'ai-infra-constructs/${cloud}';`,
    ...given.map((name) => `declare const ${name}: ${types[name]!};`),
  ];
  // On one line, so that line numbers differ from the page by a constant offset.
  const module = `${'\n'.repeat(block.line - 2)}${prelude.join(' ')}\n${block.text}\nexport {};\n`;
  return { ...block, file: join(ROOT, `${block.page}.${block.line}.ts`), module, given };
}

/** Returns the names that a module declares or imports. */
export function declaredIn(text: string): Set<string> {
  const names = new Set<string>();
  const collect = (node: ts.Node): void => {
    const isDeclaration = ts.isVariableDeclaration(node) || ts.isBindingElement(node) || ts.isImportSpecifier(node);
    if (isDeclaration && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, collect);
  };
  collect(ts.createSourceFile('snippet.ts', text, ts.ScriptTarget.ES2022));
  return names;
}

/** Compiles snippets with the project settings, and returns messages as `page:line: message`. */
export function compile(snippets: readonly Snippet[]): string[] {
  const modules = new Map(snippets.map(({ file, module }) => [file, module]));
  const program = programOf([...modules.keys()], modules);
  return snippets.flatMap(({ file, page }) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ start = 0, messageText }) =>
        `${page}:${source!.getLineAndCharacterOfPosition(start).line + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
}

/** Compiles a snippet to JavaScript that takes `require`, `exports`, and the values around it. */
export function emitted({ module }: Snippet): string {
  return ts.transpile(module, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    esModuleInterop: true,
  });
}

/** Resolves a relative link of a page, and returns whether the target exists. */
export function deadLinksOf(page: string, text = textOf(page)): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '');
  const targets = [...prose.matchAll(/(?:\]\(|(?:src|srcset|href)=")([^)"\s]+)/g)].map(([, target]) => target!);
  return targets.filter((target) => !/^[a-z]+:/.test(target)).filter((target) => !leadsSomewhere(page, target));
}

function leadsSomewhere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : relative(ROOT, join(ROOT, page, '..', path));
  if (!existsSync(join(ROOT, file))) return false;
  return anchor === undefined || anchorsOf(textOf(file)).includes(anchor);
}

/** Returns the anchors that GitHub creates for headings. */
function anchorsOf(text: string): string[] {
  const headings = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
