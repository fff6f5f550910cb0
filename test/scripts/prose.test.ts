import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Hit, lintText, summaryOf } from '../../scripts/lint/prose';
import { isProse } from '../../scripts/lint/prose-lines';

const ROOT = join(__dirname, '../..');

/** Hits as `line:column rule`. */
async function hitsIn(file: string, ...lines: readonly string[]): Promise<string[]> {
  const hits = await lintText(file, `${lines.join('\n')}\n`);
  return hits.map(({ line, column, rule }) => `${line}:${column} ${rule}`);
}

const words = (count: number) =>
  Array.from({ length: count }, (_, index) => `word${String.fromCharCode(97 + index)}`).join(' ');

describe('the word list', () => {
  test.each([
    ['The cluster stands in a VPC.', 'A stand-in for the standard.'],
    ['It tells the region.', 'It reports the region of the hotel.'],
    ['A VPC that was brought.', 'An existing VPC.'],
    ['Sizes are settled first.', 'Sizes are resolved first.'],
    ['Props are judged.', 'Props are validated.'],
    ['Mend the prop.', 'Amend the prop.'],
    ['Whoever calls it pays.', 'Anyone who calls it pays.'],
    ['There is a way to do it.', 'It always uses the gateway.'],
    ['By the way, it works.', 'It has two gateways.'],
    ['The value is none.', 'Nothing is missing.'],
    ['The zones are none of the VPC.', 'The zones are outside the VPC.'],
    ['It is no valid cron expression.', 'There is no cron expression.'],
    ['The value is that which you set.', 'The value is the one that you set.'],
    ['Pass a text.', 'Pass a text file.'],
    ['The prop accepts no text.', 'The prop accepts a string.'],
    ['Measure it anew.', 'Measure it again.'],
    ['The fewest nodes.', 'The smallest number of nodes.'],
    ['This is the least that it accepts.', 'This is the least expensive machine.'],
    ['Two nodes at the most.', 'The most expensive machine.'],
    ['A kept artefact.', 'A kept artifact.'],
    ['The machine catalogue.', 'The machine catalog.'],
    ['The behaviour of the colour.', 'The behavior of the color.'],
    ['An organisation with a licence.', 'An organization with a license.'],
    ['We optimise it.', 'We optimize it. Otherwise, it is precise.'],
    ['The service demands a role.', 'On-demand capacity meets the demand.'],
    ['The pool takes not every image.', 'The pool does not support every image.'],
    ['Any cloud, be it AWS or Azure.', 'Any cloud, whether it is AWS or Azure.'],
    ['The wait is in vain.', 'The wait has no effect.'],
    ['The planner knows this chip.', 'The planner supports this chip.'],
    ['Set leastNodes.', 'At least nodes that run mostly.'],
  ])('rejects "%s" and accepts "%s"', async (bad, good) => {
    expect(await hitsIn('a.md', bad)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^1:\d+ (?:words|names)$/)]),
    );
    expect(await hitsIn('a.md', good)).toEqual([]);
  });

  test('reports the word, its replacement and its position', async () => {
    expect(await lintText('a.md', '# Title\n\nRun **it** [anew](https://a.b/way).\n')).toEqual([
      { file: 'a.md', line: 3, column: 13, rule: 'words', message: '"anew": write again' },
    ]);
  });

  test('rejects the name of an old identifier in inline code', async () => {
    expect(await hitsIn('a.md', 'Set `leastNodes` to 2.')).toEqual(['1:6 names']);
    expect(await hitsIn('CHANGELOG.md', 'Set `leastNodes` anew.')).toEqual(['1:18 words']);
  });
});

describe('the sentence limit', () => {
  test('accepts 25 words and rejects 26', async () => {
    expect(await hitsIn('a.md', `${words(25)}. ${words(25)}.`)).toEqual([]);
    expect(await hitsIn('a.md', `${words(25)}. ${words(26)}.`)).toEqual([`1:${words(25).length + 3} sentence`]);
  });

  test('counts inline code, a URL and an expression of a template as one word each', async () => {
    expect(await hitsIn('a.md', `${words(23)} \`${words(9)}\` https://a.b/c?d=e.`)).toEqual([]);
    expect(await hitsIn('a.ts', `f(\`${words(24)} \${a + b + c} of it.\`);`)).toEqual(['1:4 sentence']);
    expect(await hitsIn('a.ts', `f(\`${words(22)} \${a + b + c} of it.\`);`)).toEqual([]);
  });

  test('does not end a sentence at an abbreviation, a version or a wrapped line', async () => {
    expect(await hitsIn('a.md', `${words(10)}, e.g. version 1.34 of`, `the ${words(12)}.`)).toEqual(['1:1 sentence']);
  });

  test('counts table cells, list items and tags of a docstring separately', async () => {
    expect(
      await hitsIn(
        'a.md',
        `| ${words(20)} | ${words(20)} |`,
        '|-|-|',
        `| ${words(20)} | ${words(20)} |`,
        '',
        `- ${words(20)}`,
        `- ${words(20)}`,
      ),
    ).toEqual([]);
    expect(
      await hitsIn('a.ts', '/**', ` * ${words(20)}`, ` * - ${words(20)}`, ` * @returns ${words(20)}`, ' */', 'f();'),
    ).toEqual([]);
  });
});

test('rejects a repeated word', async () => {
  expect(await hitsIn('a.md', 'The the pool of pools pools again, 2 GB of gb GB.')).toEqual([
    '1:1 repeated',
    '1:17 repeated',
  ]);
});

describe('a page', () => {
  test('skips code', async () => {
    expect(
      await hitsIn(
        'a.md',
        'Run `stands` or:',
        '',
        '```sh',
        'echo told anew',
        '```',
        '',
        '| `way` |',
        '|-|',
        '| `way` |',
      ),
    ).toEqual([]);
  });
});

describe('TypeScript', () => {
  test('reports a message, a docstring, a comment and a template at their lines', async () => {
    expect(
      await hitsIn(
        'lib/a.ts',
        '/**',
        ' * Name of the group.',
        ' * The group stands in one zone.',
        ' *',
        ' * @default - none is told',
        ' */',
        'export const a = (b: number) => {',
        '  // Measured anew.',
        "  if (b > 1) throw new Error('The number is no whole number.');",
        '  return `The zone of ${b} that the user brought`;',
        '};',
      ),
    ).toEqual(['3:14 words', '5:23 words', '8:15 words', '9:42 words', '10:42 words']);
  });

  test('joins concatenated strings and consecutive line comments', async () => {
    expect(await hitsIn('a.ts', `f('${words(20)} ' + b + ' ${words(10)}.');`)).toEqual(['1:4 sentence']);
    expect(await hitsIn('a.ts', `// ${words(20)}`, `// ${words(10)}.`, 'f();')).toEqual(['1:4 sentence']);
  });

  test('finds positions behind escapes', async () => {
    expect(await hitsIn('a.ts', String.raw`f('It\'s the pool\'s way to run.');`)).toEqual(['1:22 words']);
  });

  test('skips code, identifiers, module names, links, sources and examples', async () => {
    expect(
      await hitsIn(
        'a.ts',
        "import { a } from 'way anew told';",
        '/**',
        ' * Runs {@link stands} and `told`.',
        ' * @see https://a.b/way, "The way of it"',
        ' * @default told',
        ' * @example',
        ' * ```ts',
        " * a('It stands here.');",
        ' * ```',
        ' */',
        "const way = 'stands';",
        "const script = '#!/bin/sh\\nset -eu\\nfor way in $ways; do echo; done';",
        "const style = '.way{color:red}';",
        'const xml = \'<way told="anew"/>\';',
        'const yaml = `kind: Way\\nmetadata:\\n  name: told`;',
        "const policy = 's3:Tell' + way;",
      ),
    ).toEqual([]);
  });

  test('reads text in HTML, in quotes of a script, and in lines of help', async () => {
    expect(
      await hitsIn(
        'a.ts',
        "const html = '<section><p>The plan stands here.</p></section>';",
        'const script = \'[ -e "$file" ] || echo "the file stands nowhere"\';',
        'const help = `Usage: a [b]\\n\\nThe file is told by name.`;',
      ),
    ).toEqual(['1:36 words', '2:50 words', '3:43 words']);
  });

  test('reads titles and comments of tests, and no other strings', async () => {
    expect(
      await hitsIn(
        'test/a.test.ts',
        "describe('the group stands', () => {",
        "  test.each([['told anew']])('is %s in every way', (a) => {",
        "    expect(a).toBe('what the user told us');",
        '  });',
        '  test.each`a`(`is brought with ${1}`, () => undefined);',
        '  // Compares them anew.',
        '});',
      ),
    ).toEqual(['1:21 words', '2:46 words', '5:20 words', '6:20 words']);
  });

  test.each([
    ['must be a string', true],
    ['a list', true],
    ['Use GatewayAuthorization.iam() or pass { vpcEndpoints: […] }.', false],
    ['AWS::EKS::Nodegroup', false],
    ['nvidia-smi topo', false],
    ['Microsoft.Storage/storageAccounts read write', false],
    ['font-size: 1rem; color: red;', false],
  ])('%s: prose is %p', (text, expected) => {
    expect(isProse(text)).toBe(expected);
  });
});

test('summarizes the hits by folder and rule', () => {
  const hit = (file: string, rule: string): Hit => ({ file, rule, line: 1, column: 1, message: '' });
  const lines = summaryOf([hit('a.md', 'words'), hit('lib/aws/x/b.ts', 'words'), hit('lib/aws/c.ts', 'sentence')])
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  expect(lines).toEqual([
    ['words', 'names', 'sentence', 'repeated', 'all'],
    ['lib/aws', '1', '0', '1', '0', '2'],
    ['.', '1', '0', '0', '0', '1'],
    ['all', '2', '0', '1', '0', '3'],
  ]);
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prose-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Output and exit code of the lint of a folder or glob. */
  function lint(path: string): { output: string; status: number } {
    const command = ['--import', 'tsx', join(ROOT, 'scripts/lint/prose.ts'), join(folder, path)];
    try {
      return { output: execFileSync(process.execPath, command, { encoding: 'utf8', cwd: ROOT }), status: 0 };
    } catch (error) {
      const { stdout, status } = error as { stdout: string; status: number };
      return { output: stdout, status };
    }
  }

  test('prints file, line, column and rule, and fails if it finds anything', () => {
    writeFileSync(join(folder, 'good.md'), 'Fine.\n');
    writeFileSync(join(folder, 'bad.ts'), "f('A pool in every way.');\n");

    expect(lint('.')).toEqual({
      output: expect.stringMatching(/bad\.ts:1:20 {2}words {2}"way": write .+\n2 files, 1 texts to rewrite\n$/),
      status: 1,
    });
    expect(lint('*.md')).toEqual({ output: '1 files, 0 texts to rewrite\n', status: 0 });
  }, 30_000);
});
