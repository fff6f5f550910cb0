import { differences, entryPoints, withoutTableValues } from '../../scripts/api-report';

const REPORT = [
  '```ts',
  '',
  '// @public',
  'export class Cluster {',
  '    readonly nodes: number;',
  '}',
  '```',
  '',
].join('\n');

describe('the API report', () => {
  test('names a report after each entry point with types', () => {
    const exports = {
      '.': { types: './dist/index.d.ts' },
      './aws': { types: './dist/aws/index.d.ts' },
      './testing/more': { types: './dist/testing/more.d.ts' },
      './testing/jest': { types: './dist/testing/jest.d.ts' },
      './package.json': './package.json',
    };
    expect(entryPoints(JSON.stringify({ exports }))).toEqual({
      index: './dist/index.d.ts',
      aws: './dist/aws/index.d.ts',
      'testing-more': './dist/testing/more.d.ts',
    });
  });

  test('leaves out the values of tables, and keeps other objects', () => {
    const table = [
      '// @public',
      'export const CHIPS: {',
      "    readonly 'A100-40': {",
      '        readonly memoryGB: 40;',
      '    };',
      '    readonly H100: {',
      '        readonly memoryGB: 80;',
      '    };',
      '};',
    ];
    const other = ['export interface Row {', '    readonly size: {', '        readonly gib: number;', '    };', '}'];
    expect(withoutTableValues([...table, ...other].join('\n')).split('\n')).toEqual([
      '// @public',
      'export const CHIPS: {',
      "    readonly 'A100-40': { … };",
      '    readonly H100: { … };',
      '};',
      ...other,
    ]);
  });

  test('finds no difference between equal reports', () => {
    expect(differences({ 'aws.api.md': REPORT }, { 'aws.api.md': REPORT })).toEqual([]);
  });

  test('shows a change as a unified diff', () => {
    expect(differences({ 'aws.api.md': REPORT }, { 'aws.api.md': REPORT.replace('nodes', 'minNodes') })).toEqual([
      [
        '--- docs/api/aws.api.md\tcommitted',
        '+++ docs/api/aws.api.md\tcurrent',
        '@@ -1,7 +1,7 @@',
        ' ```ts',
        ' ',
        ' // @public',
        ' export class Cluster {',
        '-    readonly nodes: number;',
        '+    readonly minNodes: number;',
        ' }',
        ' ```',
        '',
      ].join('\n'),
    ]);
  });

  test('shows a report that is new and a report that is obsolete', () => {
    expect(differences({ 'b.api.md': 'old\n' }, { 'a.api.md': 'new\n' })).toEqual([
      '--- docs/api/a.api.md\tdoes not exist\n+++ docs/api/a.api.md\tcurrent\n@@ -0,0 +1,1 @@\n+new\n',
      '--- docs/api/b.api.md\tcommitted\n+++ docs/api/b.api.md\tdoes not exist\n@@ -1,1 +0,0 @@\n-old\n',
    ]);
  });
});
