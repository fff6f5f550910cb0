import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FETCH_HUGGING_FACE, FETCH_OBJECTS } from '../../../lib/kubernetes/serving/model-volume';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fetch-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FILES = { 'config.json': '{}', 'weights/1 of 2.safetensors': 'one', 'weights/2.safetensors': 'two' };

/** Stores a model with its list of checksums, and runs the script like the kubelet. */
function fetch(
  files: Readonly<Record<string, string>>,
  {
    listed = files,
    digest,
    uid = 'pod',
    meanwhile = ':',
  }: { listed?: Readonly<Record<string, string>>; digest?: string; uid?: string; meanwhile?: string } = {},
) {
  const store = join(folder, 'store');
  const sums = Object.entries(listed)
    .map(([name, text]) => `${sha256(text)}  ${name}\n`)
    .join('');
  for (const [name, text] of Object.entries({ ...files, SHA256SUMS: sums })) {
    mkdirSync(dirname(join(store, name)), { recursive: true });
    writeFileSync(join(store, name), text);
  }
  const cache = join(folder, 'cache');
  mkdirSync(cache, { recursive: true });
  const stated = digest ?? sha256(sums);
  const { status, stdout } = spawnSync(
    'sh',
    ['-c', FETCH_OBJECTS.replace('touch .complete', `touch .complete; ${meanwhile}`)],
    {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        SOURCE: store,
        CACHE: cache,
        DIGEST: stated,
        POD_UID: uid,
        COPY: 'echo "$to" >> "$CACHE/.copied"; install -D "$from" "$to"',
      },
    },
  );
  return { status, stdout, model: join(cache, stated), cache, store };
}

describe('FETCH_OBJECTS', () => {
  test('copies every file of the model and leaves no other files', () => {
    const { status, model, cache } = fetch(FILES);
    expect(status).toBe(0);
    for (const [name, text] of Object.entries(FILES)) expect(readFileSync(join(model, name), 'utf8')).toBe(text);
    expect(readdirSync(cache).filter((name) => name.startsWith('.draft'))).toEqual([]);
  });

  test('copies a model only once', () => {
    fetch(FILES);
    const { status, cache } = fetch(FILES, { uid: 'another' });
    expect(status).toBe(0);
    expect(readFileSync(join(cache, '.copied'), 'utf8').split('\n').filter(Boolean)).toHaveLength(4);
  });

  test('copies a model again after an interrupted start', () => {
    const draft = join(folder, 'cache', '.draft-pod');
    mkdirSync(draft, { recursive: true });
    writeFileSync(join(draft, 'half'), '');
    const { status, model } = fetch(FILES);
    expect(status).toBe(0);
    expect(existsSync(join(model, 'half'))).toBe(false);
  });

  test('does not copy files that are not in the list', () => {
    const { status, model } = fetch({ ...FILES, 'evil.py': 'import os' }, { listed: FILES });
    expect(status).toBe(0);
    expect(existsSync(join(model, 'evil.py'))).toBe(false);
  });

  test.each([
    [
      'a list with a different checksum',
      {},
      { digest: sha256('other') },
      /the checksum of SHA256SUMS in .* does not match/,
    ],
    [
      'a changed file',
      {},
      { listed: { ...FILES, 'config.json': 'changed' } },
      /a file in .* does not match SHA256SUMS/,
    ],
    ['a path to the parent folder', {}, { listed: { '../out': 'x' } }, /the path is outside the model/],
    ['a nested path to the parent folder', {}, { listed: { 'a/../../out': 'x' } }, /the path is outside the model/],
    ['an absolute path', {}, { listed: { '/etc/out': 'x' } }, /the path is outside the model/],
  ])('rejects %s and does not serve the model', (_, more, options, message) => {
    const { status, stdout, model } = fetch({ ...FILES, ...more }, options);
    expect(status).toBe(1);
    expect(stdout).toMatch(message);
    expect(existsSync(model)).toBe(false);
  });

  test('rejects a model with a missing file', () => {
    const { status, model } = fetch({}, { listed: FILES });
    expect(status).not.toBe(0);
    expect(existsSync(model)).toBe(false);
  });

  test('uses a model that another pod copied at the same time', () => {
    const { status, model, cache } = fetch(FILES, {
      meanwhile: 'mkdir -p "$target/theirs"; touch "$target/.complete"',
    });
    expect(status).toBe(0);
    expect(readdirSync(model)).toEqual(expect.arrayContaining(['theirs', '.complete']));
    expect(readdirSync(cache).filter((name) => name.startsWith('.draft'))).toEqual([]);
  });
});

describe('FETCH_HUGGING_FACE', () => {
  test('downloads the commit only once', () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'hf'), '#!/bin/sh\necho "$@" >> "$CACHE/calls"\nmkdir -p "$6"\n', { mode: 0o755 });
    const run = () =>
      spawnSync('sh', ['-c', FETCH_HUGGING_FACE], {
        env: {
          PATH: `${bin}:${process.env.PATH ?? ''}`,
          SOURCE: 'org/model',
          DIGEST: 'abc',
          CACHE: folder,
          POD_UID: 'pod',
        },
      }).status;
    expect([run(), run()]).toEqual([0, 0]);
    expect(readFileSync(join(folder, 'calls'), 'utf8')).toBe(
      `download org/model --revision abc --local-dir ${folder}/.draft-pod\n`,
    );
    expect(existsSync(join(folder, 'abc', '.complete'))).toBe(true);
  });
});

test('no script contains text that a substitution of variables changes', () => {
  for (const script of [FETCH_OBJECTS, FETCH_HUGGING_FACE]) expect(script).not.toMatch(/\$[{(]/);
});
