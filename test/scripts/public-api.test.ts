import { join } from 'node:path';
import ts from 'typescript';
import { type Cloud, CLOUDS, rowOf } from '../../scripts/clouds';
import { examplesOf, type Example, type Prop, publicApi, withoutUnit } from '../../scripts/public-api';
import { type Difference, differencesOf, rowsToAdd, vocabularyProblems } from '../../scripts/vocabulary';
import { blocksOf, compile, declaredIn, GIVEN, pagesOf, ROOT, type Snippet, snippetsOf } from '../docs/snippets';

const TRAINING_CLUSTER_LIMIT = 20;
const PLATFORM_LIMIT = 25;

let api: ReturnType<typeof publicApi>;
beforeAll(() => {
  api = publicApi();
}, 120_000);

describe('the size of props', () => {
  /** Interfaces of a cloud that have more members than the limit, inherited ones included. */
  const tooLarge = (cloud: Cloud, pattern: RegExp, limit: number) =>
    [...api[cloud].interfaces]
      .filter(([name, props]) => pattern.test(name) && props.length > limit)
      .map(([name, props]) => `${name}: ${props.length}`);

  test.each(CLOUDS)(`TrainingClusterProps of %s has at most ${TRAINING_CLUSTER_LIMIT} members`, (cloud) => {
    expect(tooLarge(cloud, /^TrainingClusterProps$/, TRAINING_CLUSTER_LIMIT)).toEqual([]);
  });

  test.each(CLOUDS)(`the props of each platform of %s have at most ${PLATFORM_LIMIT} members`, (cloud) => {
    expect(tooLarge(cloud, /PlatformProps$/, PLATFORM_LIMIT)).toEqual([]);
  });

  // A cloud can start without a cluster and without a platform.
  test('finds props over a limit', () => {
    expect(tooLarge('aws', /^TrainingClusterProps$/, 0)).toHaveLength(1);
    expect(tooLarge('aws', /PlatformProps$/, 0).length).toBeGreaterThan(1);
  });
});

describe('the vocabulary', () => {
  test('is the same on every cloud, except for the listed props: `npx tsx scripts/vocabulary.ts` prints the rows', () => {
    expect(vocabularyProblems(differencesOf(api))).toEqual([]);
  });

  const prop = (name: string, kind = 'string', isOptional = true): Prop => ({ name, kind, isOptional });
  const of = (...props: Prop[]) => ({ interfaces: new Map([['AProps', props]]) });

  test('accepts equal props, units in names, and types of packages', () => {
    expect(
      differencesOf({
        aws: of(prop('timeout', 'duration'), prop('key', 'native')),
        google: of(prop('timeoutSeconds', 'duration'), prop('key', 'IEncryptionKey')),
      }),
    ).toEqual([]);
  });

  test('finds a prop that a cloud does not have, and ignores interfaces of a single cloud', () => {
    const own = { interfaces: new Map([['BProps', [prop('b')]]]) };
    expect(differencesOf({ aws: of(prop('a'), prop('b')), azure: of(prop('a')), google: own })).toEqual([
      { of: 'AProps', prop: 'b', on: ['aws'] },
    ]);
  });

  test('finds another type, and a prop that only one cloud requires', () => {
    expect(
      differencesOf({ aws: of(prop('a'), prop('b')), google: of(prop('a', 'number'), prop('b', 'string', false)) }),
    ).toEqual([
      {
        of: 'AProps',
        prop: 'a',
        on: ['aws', 'google'],
        types: { aws: 'string, optional', google: 'number, optional' },
      },
      { of: 'AProps', prop: 'b', on: ['aws', 'google'], types: { aws: 'string, optional', google: 'string' } },
    ]);
  });

  test('does not compare the attributes of existing resources', () => {
    const attributes = (name: string) => ({ interfaces: new Map([['AAttributes', [prop(name)]]]) });
    expect(differencesOf({ aws: attributes('arn'), google: attributes('id') })).toEqual([]);
  });

  const missing: Difference = { of: 'AProps', prop: 'a', on: ['aws'] };
  const different: Difference = { of: 'AProps', prop: 'b', on: ['aws', 'google'], types: { aws: 'x', google: 'y' } };
  const row = { props: ['a'], on: ['aws'] as const, because: 'Only AWS has it.' };

  test('accepts differences with an exception', () => {
    const rows = [{ props: ['b'], because: 'They are not the same.' }];
    expect(vocabularyProblems([missing, { ...missing, of: 'BProps' }, different], [row], rows)).toEqual([]);
  });

  test('reports an unlisted prop, an obsolete exception, a repeated one, and one without a reason', () => {
    expect(vocabularyProblems([missing, different], [], [])).toEqual([
      'AProps.a: a (aws) exists only on these clouds, and has no exception.',
      'AProps.b: b differs in type, and has no exception.',
    ]);
    expect(vocabularyProblems([], [row], [])).toEqual(['a (aws): the exception is no longer needed.']);
    expect(vocabularyProblems([missing], [row, row], [])).toEqual(['a (aws): has two exceptions.']);
    expect(vocabularyProblems([missing], [{ ...row, because: '' }], [])).toEqual([
      'a: the exception needs a reason, in one sentence.',
    ]);
    expect(vocabularyProblems([missing], [{ ...row, on: ['google'] }], [])).toEqual([
      'AProps.a: a (aws) exists only on these clouds, and has no exception.',
      'a (google): the exception is no longer needed.',
    ]);
  });

  test('groups the rows to add by clouds', () => {
    expect(rowsToAdd([missing, { of: 'BProps', prop: 'c', on: ['aws'] }, different], [], [])).toEqual({
      missing: ["  { on: ['aws'], props: ['a', 'c'], because: '' },"],
      different: ["  // AProps: aws: x; google: y\n  { props: ['b'], because: '' },"],
    });
    expect(rowsToAdd([missing], [row], []).missing).toEqual([]);
  });

  test.each([
    ['timeoutSeconds', 'timeout'],
    ['sizeGiB', 'size'],
    ['expirationDays', 'expiration'],
    ['minNodesPerZone', 'minNodesPerZone'],
    ['days', 'days'],
  ])('reads %s as %s', (name, expected) => {
    expect(withoutUnit(name)).toBe(expected);
  });
});

/** An example as a module, with the lines of its file. */
function snippetOf(cloud: Cloud, { file, line, code }: Example): Snippet {
  const declared = declaredIn(code);
  const given = Object.entries(GIVEN[rowOf(cloud).engine]).filter(([name]) => !declared.has(name));
  const declarations = given.map(([name, type]) => `declare const ${name}: ${type};`).join(' ');
  const module = `${'\n'.repeat(line - 2)}${declarations}\n${code}\nexport {};\n`;
  const block = { page: file, line, language: 'ts', word: '', text: code };
  return { ...block, file: join(ROOT, `${file}.${line}.ts`), module, given: given.map(([name]) => name) };
}

describe('the examples of constructs', () => {
  const examplesOfAll = () =>
    CLOUDS.flatMap((cloud) =>
      api[cloud].constructs.flatMap(({ examples }) => examples.map((example) => snippetOf(cloud, example))),
    );

  test.each(CLOUDS)('every construct of %s that users create has an example', (cloud) => {
    const created = api[cloud].constructs.filter(({ isCreatedByUsers }) => isCreatedByUsers);
    expect(created).not.toEqual([]);
    const without = created.filter(({ examples }) => examples.length === 0);
    expect(without.map(({ name, file }) => `${file}: ${name}`)).toEqual([]);
  });

  test('and the snippets of the pages compile', () => {
    const code = ['const a: string = 1;', 'void stack.nothing;'];
    const wrong = snippetOf('aws', { file: 'wrong.ts', line: 3, code: code.join('\n') });
    const wrongPage = snippetsOf(blocksOf('page.md', ['# Page', '', '```ts', ...code, '```'].join('\n')));
    const snippets = snippetsOf(pagesOf().flatMap((page) => blocksOf(page)));
    const faults = compile([...examplesOfAll(), wrong, ...snippets, ...wrongPage]);

    const isExpected = (fault: string) => /^(?:wrong\.ts|page\.md):/.test(fault);
    expect(faults.filter((fault) => !isExpected(fault))).toEqual([]);
    expect(faults.filter(isExpected)).toEqual([
      expect.stringMatching(/^wrong\.ts:3: Type 'number'/),
      expect.stringMatching(/^wrong\.ts:4: Property 'nothing'/),
      expect.stringMatching(/^page\.md:4: Type 'number'/),
      expect.stringMatching(/^page\.md:5: Property 'nothing'/),
    ]);
  }, 120_000);

  test('import from public names', () => {
    const examples = examplesOfAll();
    expect(examples.filter(({ text }) => !text.includes(`from 'ai-infra-constructs`)).map(({ file }) => file)).toEqual(
      [],
    );
  });

  test('are read from the docstring, with their lines', () => {
    const text = [
      '/**',
      ' * A group.',
      ' *',
      ' * @example',
      ' * ```ts',
      ' * const a = {',
      ' *   b: 1,',
      ' * };',
      ' * ```',
      ' */',
      'class A {}',
      '',
    ];
    const source = ts.createSourceFile(join(ROOT, 'lib/a.ts'), text.join('\n'), ts.ScriptTarget.ES2022, true);
    expect(examplesOf(source.statements[0] as ts.ClassDeclaration)).toEqual([
      { file: 'lib/a.ts', line: 6, code: 'const a = {\n  b: 1,\n};\n' },
    ]);
  });
});
