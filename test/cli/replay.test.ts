import { run } from '../../lib/cli/run';
import { bySuite, summary } from '../../lib/cli/replay-summary';
import type { ReplayedRow } from '../../lib/cli/replay-rows';
import { cli, expectUsage, fileOf } from './support';

const TRAINING = [
  {
    id: 'a',
    suite: 'one',
    chip: 'H100',
    model: 'Llama-3-8B',
    paramsB: 8.03,
    seqLen: 8192,
    count: 8,
    tflopsPerChip: 420,
  },
  {
    id: 'b',
    suite: 'two',
    chip: 'H100',
    model: 'Llama-3-70B',
    paramsB: 70.6,
    seqLen: 8192,
    count: 64,
    tflopsPerChip: null,
  },
  { id: 'c', suite: 'two', chip: 'H900', paramsB: 8, tflopsPerChip: 500 },
];
const SERVING = [
  {
    id: 's',
    suite: 'x',
    chip: 'H200',
    count: 1,
    model: 'Llama-3.1-8B',
    precision: 'fp8',
    isl: 1000,
    osl: 1000,
    outputTokPerSec: 14_000,
  },
];

interface Replay {
  readonly kind: string;
  readonly rows: readonly { id: string; predicted?: number; lnError?: number; class?: string; reason?: string }[];
  readonly suites: readonly { suite: string }[];
  readonly overall: Readonly<Record<string, number>>;
}

const replayed = (value: unknown) =>
  JSON.parse(cli('replay', fileOf('runs.json', JSON.stringify(value)), '--json').out) as Replay;

describe('ai-infra replay', () => {
  test('sets training runs beside their predictions', () => {
    const { kind, rows, suites, overall } = replayed({ rows: TRAINING });
    expect(kind).toBe('training');
    expect(rows[0]!.lnError).toBeCloseTo(Math.log(420 / rows[0]!.predicted!));
    expect(rows[0]!.class).toBe('H100 bf16 dense pretrain');
    expect(rows[2]).toMatchObject({ id: 'c', reason: 'unknown chip, precision or model size' });
    expect(suites.map(({ suite }) => suite)).toEqual(['one', 'two']);
    expect(overall).toMatchObject({ rows: 3, compared: 1, withoutMeasurement: 1, unpublished: 1 });
  });

  test('knows serving runs by their fields, and takes a bare list', () => {
    expect(replayed(SERVING)).toMatchObject({ kind: 'serving', overall: { rows: 1, compared: 1 } });
  });

  test('shows a table of rows, then one of suites', () => {
    const { code, out, err } = cli('replay', fileOf('runs.yaml', JSON.stringify({ rows: TRAINING })));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/Run +Predicted +Published +ln error +Evidence +Class\na +\d+ +420 /);
    expect(out).toMatch(/\noverall +3 +1 +0\.\d{3} +0\.\d{3} +1 +1\n$/);
  });

  test('tells how far it is where it takes long and somebody watches, and clears the line', () => {
    let [now, out, err] = [0, '', ''];
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => (now += 600));
    const watched = (value: boolean) => {
      const terminal = { out: (text: string) => (out += text), err: (text: string) => (err += text), colour: false };
      run(['replay', fileOf('runs.json', JSON.stringify([...TRAINING, ...TRAINING]))], { ...terminal, watched: value });
      return err;
    };
    expect(watched(false)).toBe('');
    expect(watched(true)).toMatch(/^(\r\d of 6 rows)+\r\u001b\[K$/);
    expect(out).not.toContain('of 6 rows');
    clock.mockRestore();
  });

  test('bears rows of anything', () => {
    const { overall } = replayed({ rows: [...TRAINING, null, 7, 'x', [], { chip: {} }] });
    expect(overall).toMatchObject({ rows: 8, compared: 1 });
  });

  test('exits with 1 where nothing could be compared', () => {
    expect(cli('replay', fileOf('runs.json', JSON.stringify([TRAINING[2]]))).code).toBe(1);
  });

  test.each([
    ['{"rows": 7}', /must be an object with a list of rows, or a list/],
    ['{"rows": []}', /has no rows/],
    ['[{"a": 1}]', /no row has a field of training runs/],
    ['{"rows": [\n {"a": 1},\n {"b": }}\n]}', /runs\.json:3:\d+: /],
  ])('%j is refused', (text, message) => expectUsage(cli('replay', fileOf('runs.json', text)), message));
});

describe('a summary', () => {
  const row = (suite: string, lnError?: number): ReplayedRow => ({
    id: 'x',
    suite,
    evidence: lnError === undefined ? 'no measurement' : 'measured',
    ...(lnError === undefined ? {} : { lnError, published: 1 }),
  });

  test('takes the median of the sizes of errors', () => {
    expect(summary('s', [row('s', -0.3), row('s', 0.1), row('s', 0.2)])).toMatchObject({
      medianError: 0.2,
      compared: 3,
    });
    expect(summary('s', [row('s', -0.3), row('s', 0.1)]).medianError).toBeCloseTo(0.2);
    expect(summary('s', [row('s')])).toEqual({
      suite: 's',
      rows: 1,
      compared: 0,
      withoutMeasurement: 1,
      unpublished: 1,
    });
  });

  test('is of each suite by itself', () => {
    expect(bySuite([row('b', 1), row('a', 2), row('b', 3)]).map(({ suite, rows }) => [suite, rows])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });
});
