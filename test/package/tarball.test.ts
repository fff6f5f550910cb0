import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAME, ROOT, appFolder, must, run, tarball, tool } from './workspace';

const files = () =>
  must(ROOT, 'tar', '-tzf', tarball())
    .trim()
    .split('\n')
    .map((file) => file.replace(/^package\//, ''));
const installed = () => join(appFolder(), 'node_modules', NAME);

/** What functions run, which is packed as it was written. */
const IN_FUNCTIONS = /^dist\/.+\/handler\/[a-z-]+\.mjs$/;

describe('the tarball', () => {
  test('holds compiled modules, what functions run, and the four files that a reader wants, and nothing else', () => {
    const others = files()
      .filter((file) => !/^dist\/.+\.(js|d\.ts)$/.test(file))
      .filter((file) => !IN_FUNCTIONS.test(file));

    expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  });

  test('holds no module whose source is gone, and both halves of each', () => {
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

  test('names no source map, since it ships no sources', () => {
    const withMap = files()
      .filter((file) => file.startsWith('dist/'))
      .filter((file) => readFileSync(join(installed(), file), 'utf8').includes('sourceMappingURL'));

    expect(withMap).toEqual([]);
  });
});

describe('the manifest', () => {
  test('passes publint, strictly', () => {
    expect(run(ROOT, tool('publint'), '--strict', tarball())).toMatchObject({ status: 0 });
  });

  test('resolves types for node10, node16 (both ways) and bundlers', () => {
    const { status, output } = run(ROOT, tool('attw'), tarball(), '--format', 'table-flipped', '--no-color');

    expect(output).toContain('No problems found');
    expect(status).toBe(0);
  });
});
