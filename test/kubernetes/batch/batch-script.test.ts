import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { WORK_SHARDS } from '../../../lib/kubernetes/batch/batch-job';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'batch-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(shards: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(shards)) {
    mkdirSync(dirname(join(folder, 'input', name)), { recursive: true });
    writeFileSync(join(folder, 'input', name), text);
  }
}

/** Behaves like vLLM: one answer per line, in order, and no answer for blank lines. Fails on `poison`, and counts its starts. */
const MODEL = `#!/bin/sh
echo start >> "$RESULTS/../starts"
while [ "$#" -gt 0 ]; do case "$1" in -i) i="$2"; shift;; -o) o="$2"; shift;; esac; shift; done
if grep -q poison "$i"; then exit 3; fi
sed 's/^/answer to /' "$i" > "$o"
`;

interface Run {
  readonly index?: number;
  readonly partitions?: number;
  readonly perStart?: number;
  readonly model?: string;
}

function run({ index = 0, partitions = 1, perStart = 2, model = MODEL }: Run = {}) {
  const [command, results, work] = ['model', 'results', 'work'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(results, { recursive: true });
  mkdirSync(join(folder, 'input'), { recursive: true });
  writeFileSync(command, model);
  chmodSync(command, 0o755);
  const { status, stderr } = spawnSync('sh', ['-c', WORK_SHARDS, 'worker', command, '--model', '/models/x'], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      ...{ INPUT: join(folder, 'input'), RESULTS: results, WORK: work },
      ...{ INDEX: String(index), PARTITIONS: String(partitions), SHARDS_PER_START: String(perStart) },
    },
  });
  const starts = existsSync(join(folder, 'starts'))
    ? readFileSync(join(folder, 'starts'), 'utf8').match(/start/g)!.length
    : 0;
  return { status, stderr, starts };
}

const output = (name: string) => readFileSync(join(folder, 'results/output', name), 'utf8');
const isDone = (name: string) => existsSync(join(folder, 'results/done', name));

test('each shard gets its own answers in order, with any name and with or without a final newline', () => {
  put({ 'a.jsonl': 'one\n\ntwo', 'more of b/b 1.jsonl': 'three\n', 'c.jsonl': '  \n', 'd.jsonl': 'four\nfive\n' });
  expect(run()).toMatchObject({ status: 0, starts: 2 });
  expect(output('a.jsonl')).toBe('answer to one\nanswer to two\n');
  expect(output('more of b/b 1.jsonl')).toBe('answer to three\n');
  expect(output('c.jsonl')).toBe('');
  expect(output('d.jsonl')).toBe('answer to four\nanswer to five\n');
});

test('skips completed shards, and processes replaced shards again', () => {
  put({ a: 'one\n', b: 'two\n' });
  run();
  expect(run()).toMatchObject({ status: 0, starts: 1 });
  put({ b: 'other\n' });
  utimesSync(join(folder, 'input/b'), 2_000_000_000, 2_000_000_000);
  expect(run()).toMatchObject({ status: 0, starts: 2 });
  expect(output('b')).toBe('answer to other\n');
});

test('only an invalid shard fails, and the pod fails with it', () => {
  put({ a: 'one\n', b: 'poison\n', c: 'three\n' });
  const { status, stderr } = run({ perStart: 3 });
  expect(status).toBe(1);
  expect(stderr).toContain('failed: b');
  expect([isDone('a'), isDone('b'), isDone('c')]).toEqual([true, false, true]);
});

test('marks no shard as done if answers are missing', () => {
  put({ a: 'one\ntwo\n' });
  const { status, stderr } = run({ model: MODEL.replace("sed 's/^/answer to /'", 'head -n 1') });
  expect(status).toBe(1);
  expect(stderr).toContain('expected 2 answers, got 1');
  expect(isDone('a')).toBe(false);
});

test('exactly one pod processes each shard', () => {
  const names = Array.from({ length: 60 }, (_, index) => `part-${index}.jsonl`);
  put(Object.fromEntries(names.map((name) => [name, `${name}\n`])));
  const done = [0, 1, 2].map((index) => {
    rmSync(join(folder, 'results'), { recursive: true, force: true });
    expect(run({ index, partitions: 3, perStart: 100 }).status).toBe(0);
    return readdirSync(join(folder, 'results/done'));
  });
  expect(done.flat().sort()).toEqual([...names].sort());
  for (const part of done) expect(part.length).toBeGreaterThan(5);
});

test('succeeds without shards, and does not start the model', () => {
  expect(run()).toMatchObject({ status: 0, starts: 0 });
});

test('the model cannot consume the list of shards from standard input', () => {
  put({ a: 'one\n', b: 'two\n', c: 'three\n' });
  expect(run({ perStart: 1, model: MODEL.replace('#!/bin/sh', '#!/bin/sh\ncat > /dev/null') })).toMatchObject({
    status: 0,
    starts: 3,
  });
});
