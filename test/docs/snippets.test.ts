import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-eks-v2';
import { App as TerraformApp, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { architectureMatchers } from 'ai-infra-constructs/testing';
import { type EngineName, rowOf } from '../../scripts/clouds';
import { errorOf } from '../aws/support';
import { blocksOf, cloudOf, emitted, excerptsOf, pagesOf, ROOT, type Snippet, snippetsOf } from './snippets';

const BLOCKS = pagesOf().flatMap((page) => blocksOf(page));
const SNIPPETS = snippetsOf(BLOCKS);
const withWord = (word: string) => SNIPPETS.filter((snippet) => snippet.word === word);
const named = (snippets: readonly Snippet[]) => snippets.map((each) => [`${each.page}:${each.line}`, each] as const);

/** A page with a snippet that does not compile. */
const [BLOCK] = blocksOf(
  'page.md',
  ['# Page', '', '```ts throws', 'const a: string = 1;', '```', '', '```text', 'shown', '```'].join('\n'),
);

/** Values that snippets with the AWS CDK can use. */
function cdkSurroundings(): Record<string, unknown> & { stack: Stack } {
  const app = new App();
  const stack = new Stack(app, 'Training');
  const existing = new Construct(stack, 'Existing');
  return {
    app,
    stack,
    get vpc() {
      return new Vpc(existing, 'Vpc');
    },
    get cluster() {
      return Cluster.fromClusterAttributes(existing, 'Cluster', {
        clusterName: 'research',
        vpc: new Vpc(existing, 'ClusterVpc'),
        clusterSecurityGroupId: 'sg-0c1a5e',
      });
    },
  };
}

/** Values that snippets with CDK for Terraform can use. */
function terraformSurroundings(): Record<string, unknown> & { stack: TerraformStack } {
  const app = new TerraformApp({ outdir: mkdtempSync(join(tmpdir(), 'snippet-')) });
  return { app, stack: new TerraformStack(app, 'training') };
}

const SURROUNDINGS: Readonly<Record<EngineName, () => Record<string, unknown> & { stack: Stack | TerraformStack }>> = {
  cdk: cdkSurroundings,
  terraform: terraformSurroundings,
};

/** Runs a snippet in the stack of a new app and returns its output. Tests in the snippet run immediately. */
function run(
  snippet: Snippet,
  more: Readonly<Record<string, unknown>> = {},
): { printed: string; stack: Stack | TerraformStack } {
  const printed: unknown[] = [];
  const around = SURROUNDINGS[rowOf(cloudOf(snippet.page)).engine]();
  const { stack } = around;
  const values = {
    require,
    exports: {},
    console: { log: (...words: unknown[]) => printed.push(words.join(' ')) },
    ...more,
    ...Object.fromEntries(snippet.given.filter((name) => uses(snippet, name)).map((name) => [name, around[name]])),
  };
  compileFunction(emitted(snippet), Object.keys(values), { filename: snippet.file })(...Object.values(values));
  return { printed: printed.join('\n'), stack };
}

function warningsOf(stack: Stack | TerraformStack): unknown[] {
  if (Stack.isStack(stack)) return Annotations.fromStack(stack).findWarning('*', Match.anyValue());
  Testing.synth(stack);
  return stack.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => type === '@cdktf/warn'));
}

function uses({ text }: Snippet, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text);
}

describe('TypeScript in the pages', () => {
  test.each(named(withWord('')))('%s runs', (_, snippet) => {
    run(snippet);
  });

  test.each(named(withWord('throws')))('%s throws the error shown below it', (_, snippet) => {
    expect(errorOf(() => run(snippet)).message).toBe(snippet.next?.text);
  });

  test.each(named(withWord('prints')))('%s prints the output shown below it', (_, snippet) => {
    expect(run(snippet).printed).toBe(snippet.next?.text);
  });

  test.each(named(SNIPPETS.filter((snippet) => uses(snippet, 'acknowledge'))))(
    '%s leaves no warning that it has not acknowledged',
    (_, snippet) => {
      expect(warningsOf(run(snippet).stack)).toEqual([]);
    },
  );

  test.each(named(withWord('test')))(
    '%s is a test that passes once it has its golden, and fails when an id changes',
    (_, snippet) => {
      const folder = mkdtempSync(join(tmpdir(), 'golden-'));
      const inFolder = { __dirname: folder, expect, test: (_name: string, body: () => void) => body() };
      const update = (value?: string) => ({ ...inFolder, process: { env: { UPDATE_GOLDEN: value } } });
      const renamed = { ...snippet, module: snippet.module.replace("'Platform'", "'Renamed'") };
      run(snippet, update('1'));
      run(snippet, update());
      expect(() => run(renamed, update())).toThrow('toEqual');
      rmSync(folder, { recursive: true });
    },
  );

  test.each(named(withWord('snapshot')))(
    '%s is a test that writes its file, passes with it, and fails when it changes',
    (_, snippet) => {
      const folder = mkdtempSync(join(tmpdir(), 'architecture-'));
      const files: string[] = [];
      const expectIn = (mode: 'new' | 'none') => (received: unknown) => ({
        toMatchArchitectureFile(path: string) {
          files.push(join(folder, path));
          const context = { testPath: join(folder, 'x.test.ts'), snapshotState: { _updateSnapshot: mode } };
          const { pass, message } = architectureMatchers.toMatchArchitectureFile.call(context, received, path);
          if (!pass) throw new Error(message());
        },
      });
      const around = (mode: 'new' | 'none') => ({
        expect: expectIn(mode),
        test: (_name: string, body: () => void) => body(),
      });
      run(snippet, around('new'));
      run(snippet, around('none'));
      for (const file of files)
        writeFileSync(file, readFileSync(file, 'utf8').replace(/^( +machine:).*$/m, '$1 another'));
      expect(() => run(snippet, around('none'))).toThrow('The architecture does not match');
      rmSync(folder, { recursive: true });
    },
  );

  test('uses only words that a test reads', () => {
    expect(
      [...new Set(SNIPPETS.map(({ word }) => word))].filter(
        (word) => !['', 'throws', 'prints', 'snapshot', 'test'].includes(word),
      ),
    ).toEqual([]);
  });
});

test.each(excerptsOf(BLOCKS).map((block) => [`${block.page}:${block.line}`, block.text]))(
  '%s quotes a row exactly as in the table',
  (_, row) => {
    const folder = join(ROOT, 'lib/core/catalog');
    const tables = [...readdirSync(folder).map((file) => join(folder, file)), join(ROOT, 'scripts/clouds.ts')];
    const lines = row.replace(/^(?=.)/gm, '  ');
    expect(tables.filter((file) => readFileSync(file, 'utf8').includes(`\n${lines}\n`))).toHaveLength(1);
  },
);

describe('the snippet reader', () => {
  test('finds a block, its word, and the block below it', () => {
    expect(BLOCK).toMatchObject({
      line: 4,
      language: 'ts',
      word: 'throws',
      next: { text: 'shown' },
    });
  });
});
