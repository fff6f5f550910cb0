import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAME, ROOT, appFolder, must, run, tarball, tool } from './workspace';

const files = () =>
  must(ROOT, 'tar', '-tzf', tarball())
    .trim()
    .split('\n')
    .map((file) => file.replace(/^package\//, ''));
const installed = () => join(appFolder(), 'node_modules', NAME);

/** Code of Lambda functions, which is packed unchanged. */
const IN_FUNCTIONS = /^dist\/.+\/handler\/[a-z-]+\.mjs$/;

describe('the tarball', () => {
  test('contains only compiled modules, function code, and the four files for readers', () => {
    const others = files()
      .filter((file) => !/^dist\/.+\.(js|d\.ts)$/.test(file))
      .filter((file) => !IN_FUNCTIONS.test(file));

    expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  });

  test('contains a .js and a .d.ts file for every source, and no others', () => {
    const sourceOf = (file: string) => file.replace(/^dist\//, 'lib/').replace(/(\.d\.ts|\.js)$/, '.ts');
    const dist = files()
      .filter((file) => file.startsWith('dist/'))
      .filter((file) => !IN_FUNCTIONS.test(file));

    expect(dist.filter((file) => !existsSync(join(ROOT, sourceOf(file))))).toEqual([]);
    const stems = (ending: string) =>
      dist.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
    expect(stems('.js')).toEqual(stems('.d.ts'));
    expect(stems('.js')).toContain('dist/index');
  });

  test('references no source maps, because it has no sources', () => {
    const withMap = files()
      .filter((file) => file.startsWith('dist/'))
      .filter((file) => readFileSync(join(installed(), file), 'utf8').includes('sourceMappingURL'));

    expect(withMap).toEqual([]);
  });
});

describe('the manifest', () => {
  test('passes publint in strict mode', () => {
    expect(run(ROOT, tool('publint'), '--strict', tarball())).toMatchObject({ status: 0 });
  });

  test('resolves types for node10, node16 (both module systems), and bundlers', () => {
    const { status, output } = run(ROOT, tool('attw'), tarball(), '--format', 'table-flipped', '--no-color');

    expect(output).toContain('No problems found');
    expect(status).toBe(0);
  });
});
