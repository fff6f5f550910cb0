import fc from 'fast-check';
import { run } from '../../lib/cli/program';
import { bySuite, summary } from '../../lib/cli/replay-summary';
import type { ReplayedRow } from '../../lib/cli/replayed-row';
import { sizesNamed } from '../../lib/core/planning/memory/estimated-shape';
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
  readonly rows: readonly {
    id: string;
    kind: string;
    predicted?: number;
    lnError?: number;
    class?: string;
    reason?: string;
    ignored?: readonly string[];
  }[];
  readonly suites: readonly { suite: string }[];
  readonly evidence: readonly { suite: string; rows: number }[];
  readonly overall: Readonly<Record<string, number>>;
}

const replayed = (value: unknown) =>
  JSON.parse(cli('replay', fileOf('runs.json', JSON.stringify(value)), '--json').out) as Replay;

describe('ai-infra replay', () => {
  test('compares training runs with their predictions', () => {
    const { kind, rows, suites, overall } = replayed({ rows: TRAINING });
    expect(kind).toBe('training');
    expect(rows[0]!.lnError).toBeCloseTo(Math.log(420 / rows[0]!.predicted!));
    expect(rows[0]!.class).toBe('H100 bf16 dense pretrain');
    expect(rows[2]).toMatchObject({
      id: 'c',
      reason: "the catalog has no chip 'H900'; did you mean H100, H800, H200?",
    });
    expect(suites.map(({ suite }) => suite)).toEqual(['one', 'two']);
    expect(overall).toMatchObject({ rows: 3, compared: 1, unpredicted: 1, unpublished: 1 });
  });

  test('recognizes serving runs by their fields and accepts a list', () => {
    expect(replayed(SERVING)).toMatchObject({ kind: 'serving', overall: { rows: 1, compared: 1 } });
  });

  test('shows a table of rows and a table of suites', () => {
    const { code, out, err } = cli('replay', fileOf('runs.yaml', JSON.stringify({ rows: TRAINING })));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/Run +Predicted +p10 +p90 +Published +ln error +Evidence +Class +Note\na +\d+ +\d+ +\d+ +420 /);
    expect(out).toMatch(/\noverall +3 +1 +0\.\d{3} +0\.\d{3} +1 +1\n/);
    expect(out).toMatch(/\nEvidence +Rows .*\nmeasured +2 +1 +0\.\d{3} +0\.\d{3} +0 +1\n$/);
  });

  test('shows progress on a terminal and clears the line', () => {
    let [now, out, err] = [0, '', ''];
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => (now += 600));
    const watched = (value: boolean) => {
      const terminal = { out: (text: string) => (out += text), err: (text: string) => (err += text), color: false };
      run(['replay', fileOf('runs.json', JSON.stringify([...TRAINING, ...TRAINING]))], { ...terminal, watched: value });
      return err;
    };
    expect(watched(false)).toBe('');
    expect(watched(true)).toMatch(/^(\r\d of 6 rows)+\r\u001b\[K$/);
    expect(out).not.toContain('of 6 rows');
    clock.mockRestore();
  });

  test('shows why a row has no prediction', () => {
    const H100 = { chip: 'H100', paramsB: 8, tflopsPerChip: 400 };
    const served = {
      chip: 'H100',
      count: 1,
      model: 'Llama-3-8B',
      isl: 128,
      osl: 128,
      precision: 'fp8',
      outputTokPerSec: 1,
    };
    const reasons = [
      [{ ...H100, chip: undefined }, 'chip is missing: it must be the name of a chip'],
      [{ ...H100, paramsB: -8 }, 'paramsB must be a number above 0, the model parameters in billions (got -8)'],
      [{ ...H100, paramsB: '8' }, 'paramsB must be a number above 0, the model parameters in billions (got "8")'],
      [{ ...H100, paramsB: undefined, model: 'Foo' }, /^paramsB is missing/],
      [{ ...H100, dense: false }, /^activeParamsB is missing/],
      [{ ...H100, precision: 'int3' }, "no published run has precision 'int3'"],
      [{ ...H100, precision: 'fp4' }, 'the catalog has no peak for H100 in fp4'],
      [{ ...served, model: undefined }, 'model is missing: it must be the name of a model'],
      [
        { ...served, model: 'Foo' },
        "the catalog has no model 'Foo', and neither its name nor the row (paramsB, or layers and hidden) gives its size",
      ],
      [{ ...served, isl: 0 }, 'isl must be a number of at least 1 (got 0)'],
      [{ ...served, count: undefined }, 'count is missing: it must be a number of at least 1'],
    ] as const;
    const { rows, overall } = replayed(reasons.map(([row]) => row));
    rows.forEach(({ reason, predicted }, at) => {
      expect(predicted).toBeUndefined();
      expect(reason).toEqual(
        reasons[at]![1] instanceof RegExp ? expect.stringMatching(reasons[at]![1]) : reasons[at]![1],
      );
    });
    expect(overall).toMatchObject({ compared: 0, unpredicted: reasons.length });
  });

  describe('fills missing values from the catalog', () => {
    const full = {
      chip: 'H100',
      model: 'Llama-3.1-8B',
      paramsB: sizesNamed('Llama-3.1-8B').paramsB,
      tflopsPerChip: 400,
    };
    const served = { ...SERVING[0]!, model: 'Llama-3-8B' };
    test.each<[string, object, object]>([
      ['a chip in another case', { ...full, chip: 'h100' }, full],
      ['the chip of its accelerator', { ...full, chip: undefined, accelerator: 'H100' }, full],
      [
        'one of several sizes of memory',
        { ...full, chip: undefined, accelerator: 'A100', acceleratorMemGB: 80 },
        { ...full, chip: 'A100-80' },
      ],
      ['the size of the model', { ...full, paramsB: undefined }, full],
      ['bfloat16', { ...full, precision: 'bfloat16' }, { ...full, precision: 'bf16' }],
      ['full sharding as a flag', { ...full, fsdp: true }, { ...full, fsdp: 8 }],
      [
        'the accelerators of an instance',
        { ...served, chip: undefined, precision: 'bf16', count: undefined, instance: 'trn1.32xlarge' },
        { ...served, chip: 'Trainium1', precision: 'bf16', count: 16 },
      ],
      [
        'accelerators from the split',
        { ...served, count: undefined, tp: 2, pp: 2 },
        { ...served, count: 4, tp: 2, pp: 2 },
      ],
      [
        'tokens per second of all accelerators',
        { ...served, count: 2, outputTokPerSec: undefined, outputTokPerSecPerChip: 100 },
        { ...served, count: 2, outputTokPerSec: 200 },
      ],
      ['the owner and the tuning of a model', { ...served, model: 'meta-llama/Llama-3-8B-Instruct' }, served],
      ['the exact 8-bit format', { ...served, precision: 'FP8_E4M3' }, { ...served, precision: 'fp8' }],
    ])('%s', (_, sparse, whole) => {
      const [a, b] = [sparse, whole].map((row) => replayed([{ id: 'x', ...row }]).rows[0]!);
      expect(a!.predicted).toBeGreaterThan(0);
      expect(a).toEqual(b);
    });

    test('the size from the model name, and says so', () => {
      const [named, explicit] = replayed([
        { ...full, model: 'Foo-13B', paramsB: undefined },
        { ...full, model: 'Foo-13B', paramsB: 13 },
      ]).rows;
      expect(named!.predicted).toBe(explicit!.predicted);
      expect(named!.class).toBe("H100 bf16 dense pretrain, size from the name 'Foo-13B'");
      expect(explicit!.class).toBe('H100 bf16 dense pretrain');
    });

    test.each([
      [{ model: 'Foo-13B' }, 'H200 fp8 dense, shape estimated from 13 B parameters'],
      [{ model: undefined, paramsB: 13 }, 'H200 fp8 dense, shape estimated from 13 B parameters'],
      [{ model: 'Foo-30B-A3B' }, 'H200 fp8 moe, shape estimated from 30 B, 3 B active parameters'],
      [{ model: 'Foo', layers: 40, hidden: 5120, heads: 40 }, 'H200 fp8 dense, shape estimated from 12.6 B parameters'],
    ])('a serving shape of %j, and says so', (traits, name) => {
      const [row] = replayed([{ ...SERVING[0], ...traits }]).rows;
      expect(row!.predicted).toBeGreaterThan(0);
      expect(row!.class).toBe(name);
    });

    test('active parameters of a mixture of experts', () => {
      const row = { chip: 'GB200', model: 'DeepSeek-V3', paramsB: 671, precision: 'FP8', tflopsPerChip: 900 };
      expect(replayed([row]).rows[0]!.class).toBe('GB200 fp8 moe pretrain');
    });

    test('a serving class of the same size and speed', () => {
      const row = {
        chip: 'A100-80',
        count: 1,
        model: 'GPT-J-6B',
        isl: 128,
        osl: 128,
        precision: 'bf16',
        outputTokPerSec: 5000,
      };
      expect(replayed([row]).rows[0]).toMatchObject({ class: 'A100-80 bf16 dense', predicted: expect.any(Number) });
    });
  });

  test('marks rows without a published run of their class and summarizes them separately', () => {
    const { rows, evidence } = replayed([{ ...TRAINING[0], chip: 'MI300X' }, TRAINING[0]]);
    expect(rows[0]).toMatchObject({
      class: 'MI300X fp8 dense pretrain',
      evidence: 'nearest',
      reason: expect.stringMatching(/^nearest: no published run of this class, estimated from /),
    });
    expect(evidence.map(({ suite, rows: count }) => [suite, count])).toEqual([
      ['measured', 1],
      ['nearest', 1],
    ]);
  });

  test('names fields with invalid values and predicts without them', () => {
    const row = { chip: 'H100', paramsB: 8, tflopsPerChip: 400 };
    const bad = { ...row, id: 'bad', seqLen: 'long', count: -4, tp: 0, network: '', release: 7, fsdp: 0 };
    const file = fileOf('runs.json', JSON.stringify([row, bad]));
    const { rows } = JSON.parse(cli('replay', file, '--json').out) as Replay;
    expect(rows[1]!.predicted).toBe(rows[0]!.predicted);
    expect([...rows[1]!.ignored!].sort()).toEqual(['count', 'release', 'seqLen', 'tp']);
    expect(rows[0]).not.toHaveProperty('ignored');
    expect(cli('replay', file).out).toMatch(
      /\nIgnored because of invalid values: count of 1 row, release of 1 row, seqLen of 1 row, tp of 1 row\.\n$/,
    );
  });

  test('accepts NaN from other tools', () => {
    const file = fileOf('runs.json', '[{"chip": "H100", "paramsB": 8, "tflopsPerChip": 400, "seqLen": NaN}]');
    expect((JSON.parse(cli('replay', file, '--json').out) as Replay).rows[0]).toMatchObject({ ignored: ['seqLen'] });
  });

  test('accepts runs of both kinds and keeps their suites separate', () => {
    const mixed = [...TRAINING, ...SERVING.map((row) => ({ ...row, suite: 'one' }))];
    const { kind, rows, suites } = replayed(mixed);
    expect(kind).toBe('both');
    expect(rows.map((row) => row.kind)).toEqual(['training', 'training', 'training', 'serving']);
    expect(suites.filter(({ suite }) => suite === 'one')).toHaveLength(2);
    const { out } = cli('replay', fileOf('runs.json', JSON.stringify(mixed)));
    expect(out.indexOf('Runs of training')).toBe(0);
    expect(out).toMatch(/\n\nRuns of serving, in output tokens per second/);
  });

  test('exits with 0 for predicted rows without a published value', () => {
    expect(cli('replay', fileOf('runs.json', JSON.stringify([TRAINING[1]]))).code).toBe(0);
  });

  test('removes control characters', () => {
    const { out } = cli('replay', fileOf('runs.json', JSON.stringify([{ ...TRAINING[0], id: 'a\u001b[2Jb\nc' }])));
    expect(out).toContain('a [2Jb c');
  });

  test('handles any value in a row, and returns a number or a reason', () => {
    const fields = [
      ...Object.keys(TRAINING[0]!),
      ...Object.keys(SERVING[0]!),
      'activeParamsB',
      'tp',
      'fsdp',
      'dense',
      'instance',
      'release',
    ];
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(0, -1, 1e300, 1e-300, '8', 'H100', 'bf16', '__proto__', 'constructor'),
    );
    const row = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...fields), value).map((change) => ({ ...TRAINING[0], ...change })),
      fc.dictionary(fc.constantFrom(...fields), value).map((change) => ({ ...SERVING[0], ...change })),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 3 }), (rows) => {
        const replay = replayed([...rows, TRAINING[0]]);
        expect(replay.rows).toHaveLength(rows.length + 1);
        for (const { predicted, reason } of replay.rows) {
          if (predicted === undefined) expect(reason).toEqual(expect.stringMatching(/./));
          else expect(Number.isFinite(predicted) && predicted > 0).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('handles rows of any type', () => {
    const { overall } = replayed({ rows: [...TRAINING, null, 7, 'x', [], { chip: {} }] });
    expect(overall).toMatchObject({ rows: 8, compared: 1 });
  });

  test('exits with 1 if nothing can be predicted', () => {
    expect(cli('replay', fileOf('runs.json', JSON.stringify([TRAINING[2]]))).code).toBe(1);
  });

  test.each([
    ['{"rows": 7}', /must be a list, or an object with a list of rows/],
    ['{"rows": []}', /has no rows/],
    ['[{"a": 1}]', /no row has fields of training runs/],
    ['{"rows": [\n {"a": 1},\n {"b": }}\n]}', /runs\.json:3:8: expected a value \(got "}"\)/],
    ['{"rows": [\n {"a": 1}', /runs\.json:2:10: expected ',' or ']' \(got the end of the file\)/],
    ['', /runs\.json: is empty/],
    [' \n', /runs\.json: is empty/],
  ])('rejects %j', (text, message) => expectUsage(cli('replay', fileOf('runs.json', text)), message));
});

describe('a summary', () => {
  const row = (suite: string, lnError?: number): ReplayedRow => ({
    id: 'x',
    suite,
    kind: 'training',
    evidence: lnError === undefined ? 'no measurement' : 'measured',
    ...(lnError === undefined ? {} : { lnError, published: 1 }),
  });

  test('has the median of the absolute errors', () => {
    expect(summary('s', [row('s', -0.3), row('s', 0.1), row('s', 0.2)])).toMatchObject({
      medianError: 0.2,
      compared: 3,
    });
    expect(summary('s', [row('s', -0.3), row('s', 0.1)]).medianError).toBeCloseTo(0.2);
    expect(summary('s', [row('s')])).toEqual({
      suite: 's',
      kind: 'training',
      rows: 1,
      compared: 0,
      unpredicted: 1,
      unpublished: 1,
    });
  });

  test('is separate for each suite', () => {
    expect(bySuite([row('b', 1), row('a', 2), row('b', 3)]).map(({ suite, rows }) => [suite, rows])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });
});
