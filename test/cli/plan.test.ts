import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportDocument } from 'ai-infra-constructs/planning';
import { cli, expectUsage, fileOf, scratch } from './support';

const AS_OF = ['--as-of', '2026-11-25'];
const TRAIN = ['plan', '--model', 'Llama-3.1-70B', '--tokens', '300e9', ...AS_OF];
const SERVE = ['plan', '--model', 'Llama-3.1-8B', '--input-tokens', '1000', '--output-tokens', '200', ...AS_OF];
const ON_P5 = ['--machine', 'aws/p5.48xlarge', '--nodes', '16'];

const json = (...args: readonly string[]) => JSON.parse(cli(...args, '--json').out) as Record<string, unknown>;

describe('ai-infra plan without a machine', () => {
  test('ranks the machines of all clouds for a training job', () => {
    const { code, out } = cli(...TRAIN, '--finish-within-days', '40', '--top', '5');
    expect(code).toBe(0);
    expect(out).toMatch(/^Machines +Where +Market +Time +Cost +Evidence +Layout\n/);
    expect(out.split('\n\n')[0]!.split('\n')).toHaveLength(6);
    expect(out).toMatch(
      /\d+ more options: use --top \d+ to show them\.\n\d+ machines were rejected: use --refused to see why\./,
    );
  });

  test('shows options that differ only in their region as one row', () => {
    const { out } = cli(...TRAIN, '--clouds', 'aws', '--markets', 'on-demand', '--finish-within-days', '40');
    expect(out).toMatch(/× p5\.48xlarge +aws us-east-1, us-east-2, us-west-2/);
  });

  test('shows why the other machines were rejected', () => {
    expect(cli(...TRAIN, '--refused').out).toMatch(/\nRejected +Reason\n(aws|google|azure|alicloud)\//);
  });

  test('ranks machines for a serving load', () => {
    const { ranked } = json(...SERVE, '--requests-per-second', '20', '--clouds', 'aws', 'google');
    expect(new Set((ranked as { cloud: string }[]).map(({ cloud }) => cloud))).toEqual(new Set(['aws', 'google']));
  });

  test('accepts one region and market like a plan', () => {
    const of = (...args: readonly string[]) => json(...TRAIN, ...args).ranked as { region: string; market: string }[];
    const single = of('--region', 'us-east-1', '--market', 'spot');
    expect(single.length).toBeGreaterThan(0);
    expect(single).toEqual(of('--regions', 'us-east-1', '--markets', 'spot'));
  });

  test('sizes a machine without a number of nodes', () => {
    const { cluster, time } = json(...TRAIN, '--machine', 'aws/p5.48xlarge', '--finish-within-days', '40') as never as {
      cluster: { nodes: number };
      time: { seconds: { median: number } };
    };
    expect(cluster.nodes).toBeGreaterThan(1);
    expect(time.seconds.median).toBeLessThan(40 * 86_400);
    const late = cli(...TRAIN, '--machine', 'aws/g6.48xlarge', '--finish-within-days', '1');
    expect(late.code).not.toBe(0);
    expect(late.err).toMatch(/no number of g6\.48xlarge can run the job/);
  });

  test('accepts several names for a flag, separated by spaces or commas', () => {
    const of = (...clouds: readonly string[]) => cli(...TRAIN, '--clouds', ...clouds).out;
    expect(of('aws,azure')).toBe(of('aws', 'azure'));
    expectUsage(cli(...TRAIN, '--clouds', 'aws,oracle'), /'oracle' is not one of aws, google, azure, alicloud/);
    expectUsage(cli(...TRAIN, '--markets', 'free'), /'free' is not one of on-demand, spot, committed/);
  });

  test.each([
    [['--nodes', '4'], /nodes: needs a machine/],
    [['--replicas', '2'], /replicas: needs a machine/],
    [[...ON_P5, '--regions', 'us-east-1'], /regions: applies to a ranking only/],
    [[...ON_P5, '--rank-by', 'time'], /rankBy: applies to a ranking only/],
  ])('rejects %j, which would have no effect', (args, message) => {
    expectUsage(cli(...TRAIN, ...args), message);
  });

  test('says that a budget is too small, and not that no machine can run the job', () => {
    const { code, out } = cli(...TRAIN, '--budget-usd', '1');

    expect(code).toBe(1);
    expect(out).toContain('Machines can run this job, but none within its budget');
    expect(out).not.toContain('No machine can run');
  });

  test('names flags and keys of files in messages, not props of the library', () => {
    const job = ['plan', '--model', 'Llama-3.1-70B', '--tokens', '15e12', '--machine', 'aws/p5.48xlarge'];
    const late = cli(
      ...job,
      '--nodes',
      '16',
      '--finish-within-days',
      '2',
      '--budget-usd',
      '5',
      '--market',
      'committed',
    );
    const small = cli(
      'plan',
      '--model',
      'Llama-3.1-405B',
      '--tokens',
      '1e9',
      '--machine',
      'aws/g5.xlarge',
      '--nodes',
      '1',
    );
    const region = cli(...job, '--nodes', '16', '--region', 'eu-west-1');

    expect(late.out).toContain('--finish-within-days must be at least');
    expect(late.out).toMatch(/`--prices`|`prices` in a workload file/);
    expect(region.out).toContain('`prices` in a workload file or `--prices`');
    expect(small.out).toContain('--nodes must be');
    for (const { out } of [late, small, region]) expect(out).not.toMatch(/Prices\.|job\.|load\./);
    expectUsage(cli('plan', '--model', 'Llama-3.1-70B', '--tokens', '0'), /--tokens must be at least 1/);
    expectUsage(
      cli('plan', '--model', 'Llama-3.1-8B', '--input-tokens', '0', '--output-tokens', '2', '--concurrency', '1'),
      /--input-tokens must be/,
    );
  });

  test('shows one goodput on spot, and the life of a node that it assumes', () => {
    const { out } = cli(...TRAIN, ...ON_P5, '--market', 'spot');
    const [, goodput] = /^Goodput +([\d.]+%)$/m.exec(out)!;

    expect(out).toMatch(/^Spot nodes +assumed mean life of 5 h, from AWS V100 and K80 traces of 2022-23/m);
    expect(out).not.toMatch(/useful work|of the time lost/);
    const warned = /the goodput is only ([\d.]+%)/.exec(out)?.[1];
    expect(warned ?? goodput).toBe(goodput);
  });

  test('takes the life of a spot node from a file', () => {
    const file = fileOf(
      'workload.yaml',
      `training: { model: Llama-3.1-8B, tokens: 1e11 }
machine: aws/p5.48xlarge
nodes: 16
market: spot
spotNodeLifeHours: 100
`,
    );

    expect(cli('plan', '--file', file).out).toMatch(/^Spot nodes +assumed mean life of 100 h$/m);
  });

  test('exits with 1 if no machine can run the workload', () => {
    const { code, out } = cli(...TRAIN, '--regions', 'cn-hangzhou');
    expect(code).toBe(1);
    expect(out).toContain('No machine can run this workload.');
  });

  test('uses the prices of the nearest region for a region without prices, and says so', () => {
    const { code, out } = cli(...TRAIN, '--regions', 'eu-west-1');
    expect(code).toBe(0);
    expect(out).toMatch(/aws eu-west-1 \(price of us-east-1\)/);
  });

  test('suggests regions with similar names', () => {
    expectUsage(
      cli(...TRAIN, '--regions', 'eu-west-11', '--clouds', 'aws'),
      /regions: aws has no region 'eu-west-11'; did you mean eu-west-1/,
    );
    expectUsage(cli(...TRAIN, '--region', 'moon-1'), /region.*: .* have no region 'moon-1'/);
    expectUsage(
      cli(...TRAIN, ...ON_P5, '--region', 'us-eats-1'),
      /region: aws has no region 'us-eats-1'; did you mean us-east-1/,
    );
  });

  test('suggests machines and models with similar names', () => {
    expectUsage(cli(...TRAIN, '--machine', 'aws/p5.48xlarg', '--nodes', '2'), /Did you mean p5\.48xlarge/);
    expectUsage(cli(...TRAIN, '--machine', 'p5.48xlarg', '--nodes', '2'), /did you mean p5\.48xlarge/);
    expectUsage(cli('plan', '--model', 'Llama-3.1-70', '--tokens', '1e9'), /Llama-3\.1-70B/);
  });

  test('reads a price file, which own prices of a workload file override', () => {
    const row = { cloud: 'aws', machine: 'p5.48xlarge', region: 'eu-west-1', date: '2026-11-20', source: 'ec2' };
    const prices = [
      { ...row, market: 'on-demand', usdPerHour: 61.5 },
      { ...row, market: 'spot', usdPerHour: 20 },
    ];
    const file = fileOf('list.json', JSON.stringify({ format: 'ai-infra-prices/1', prices }));
    const own = fileOf(
      'own.yaml',
      `prices: [{ machine: p5.48xlarge, market: spot, usdPerHour: 19 }]\npriceFile: ${file}\n`,
    );
    const on = ['--machine', 'aws/p5.48xlarge', '--nodes', '16', '--region', 'eu-west-1', '--as-of', '2026-11-25'];
    const { out } = cli(...TRAIN, ...on, '--prices', file, '--file', own);
    expect(out).toMatch(/\$61\.50 +ec2, 2026-11-20/);
    expect(out).toMatch(/\$19\.00 +given/);
    expect(cli(...TRAIN, ...on, '--file', own).out).toEqual(out);
    expectUsage(
      cli(...TRAIN, ...on, '--prices', 'absent.json'),
      /absent\.json must be a file that can be read .* \[PriceFile\]/,
    );
  });
});

describe('ai-infra plan with a machine', () => {
  test('shows time, cost, and the binding constraint', () => {
    const { code, out } = cli(...TRAIN, ...ON_P5);
    expect(code).toBe(0);
    for (const part of [
      /^Pre-training of Llama-3.1-70B on 16 × p5.48xlarge\n/,
      /\nTime +\d/,
      /\nBinding constraint: /,
      /\non-demand +\$/,
    ]) {
      expect(out).toMatch(part);
    }
  });

  test('needs no cloud name if only one cloud has the machine', () => {
    expect(json(...TRAIN, '--machine', 'p5.48xlarge', '--nodes', '16')).toMatchObject({ cluster: { cloud: 'aws' } });
  });

  test('uses the default region and says so', () => {
    const { out } = cli(...TRAIN, '--machine', 'google/a3-megagpu-8g', '--nodes', '16');
    expect(out).toMatch(/\nWhere +google us-east4\n/);
    expect(out).toMatch(
      /\nPrices are for us-east4, because no region was set\. --region also supports europe-west4, us-east5\.\n$/,
    );
    expect(cli(...TRAIN, ...ON_P5, '--region', 'us-west-2').out).not.toContain('no region was set');
  });

  test('plans serving', () => {
    expect(json(...SERVE, '--concurrency', '64', '--machine', 'aws/p5.48xlarge')).toMatchObject({
      kind: 'serving',
      load: { concurrency: 64 },
    });
  });

  test('writes the report as JSON, Markdown, and HTML, with other machines as alternatives', () => {
    const folder = join(scratch(), 'deep/report');
    const { err } = cli(...TRAIN, ...ON_P5, '--report', folder);
    expect(err.split('\n').filter((line) => line.startsWith('wrote '))).toHaveLength(3);
    expect(readdirSync(folder)).toEqual(['ai-infra-report.html', 'ai-infra-report.json', 'ai-infra-report.md']);
    const report = JSON.parse(readFileSync(join(folder, 'ai-infra-report.json'), 'utf8')) as ReportDocument;
    const alternatives = report.workloads[0]!.alternatives;
    expect(alternatives.length).toBeGreaterThan(3);
    expect(alternatives.map(({ machine }) => machine)).not.toContain('p5.48xlarge');
  });
});

describe('a workload file', () => {
  const FILE = `training: { kind: lora, model: Llama-3.1-8B, tokens: 1e9, rank: 8 }
machine: aws/p5.48xlarge
nodes: 1
prices: [{ machine: p5.48xlarge, market: spot, usdPerHour: 20 }]
asOf: 2026-11-25
`;

  test('has the same effect as flags', () => {
    const plan = json('plan', '--file', fileOf('work.yaml', FILE));
    expect(plan).toMatchObject({
      job: { kind: 'lora', model: 'Llama-3.1-8B' },
      cluster: { nodes: 1 },
      asOf: '2026-11-25',
    });
    expect((plan.costs as { market: string; usdPerHour: number }[])[1]).toMatchObject({
      market: 'spot',
      usdPerHour: 20,
    });
  });

  test('can be JSON, and flags take precedence', () => {
    const file = fileOf('work.json', JSON.stringify({ training: { model: 'Llama-3.1-8B', tokens: 1e9 }, nodes: 2 }));
    const plan = json('plan', '--file', file, '--machine', 'aws/p5.48xlarge', '--nodes', '4', '--tokens', '2e9');
    expect(plan).toMatchObject({ job: { tokens: 2e9 }, cluster: { nodes: 4 } });
  });

  test('can start with a byte order mark', () => {
    const file = fileOf('work.json', `\uFEFF${JSON.stringify({ training: { model: 'Llama-3.1-8B', tokens: 1e9 } })}`);
    expect(cli('plan', '--file', file).code).toBe(0);
  });

  test('accepts a model shape', () => {
    const shape =
      '{ name: mine, layers: 32, hidden: 4096, heads: 32, kvHeads: 8, vocabulary: 128256, intermediate: 14336 }';
    const plan = json(
      'plan',
      '--file',
      fileOf('w.yaml', `training: { tokens: 1e9, model: ${shape} }\nmachine: p5.48xlarge\nnodes: 1`),
    );
    expect(plan).toMatchObject({ job: { model: 'mine', parameters: 8_030_261_248 } });
  });

  test('accepts the config.json of a model', () => {
    const config = fileOf(
      'config.json',
      JSON.stringify({
        ...{
          model_type: 'llama',
          num_hidden_layers: 32,
          hidden_size: 4096,
          num_attention_heads: 32,
          num_key_value_heads: 8,
        },
        ...{ intermediate_size: 14336, vocab_size: 128256 },
      }),
    );
    const plan = json(
      'plan',
      '--model',
      'mine',
      '--model-config',
      config,
      '--tokens',
      '1e9',
      '--machine',
      'p5.48xlarge',
      '--nodes',
      '1',
    );
    expect(plan).toMatchObject({ job: { model: 'mine', parameters: 8_030_261_248 } });
  });

  test.each([
    ['trainings: {}', /^error: .*w\.yaml:1:1: unknown key 'trainings'; did you mean 'training'\?/],
    ['training:\n  modle: x', /w\.yaml:2:3: unknown key 'modle'; did you mean 'model'\?/],
    ['training: 7', /w\.yaml:1:1: training: must be an object/],
    ['training: {model: [1', /w\.yaml:1:\d+: /],
    [
      'a: &a [x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c]',
      /w\.yaml: Excessive alias count/,
    ],
    ['- 1', /w\.yaml: must be an object with keys/],
    ['', /w\.yaml: is empty/],
    ['{}', /set a workload/],
    ['training: {model: Llama-3.1-8B, tokens: 1e9}\nserving: {model: Llama-3.1-8B}', /not both/],
    ['training: {model: Llama-3.1-8B, tokens: -1}', /tokens must be .* \[TrainingJobInvalid\]/],
    ['training: {model: 7, tokens: 1}', /\[ModelUnknown\]/],
    ['training: {kind: guess, model: Llama-3.1-8B, tokens: 1}', /kind must be one of pretrain, fine-tune, lora/],
    ['training: {model: Llama-3.1-8B, tokens: 1e9}\nmachine: 7', /machine must be a name/],
    [
      'training: {model: Llama-3.1-8B, tokens: 1e9}\nmachine: p6.48xlarge',
      /no cloud has a machine 'p6.48xlarge'; did you mean/,
    ],
    ['training: {model: Llama-3.1-8B, tokens: 1e9}\nmachine: aws/p6', /\[MachineUnknown\]/],
    ['training: {model: Llama-3.1-8B, tokens: 1e9}\nclouds: 7', /clouds/],
    ['training: {model: Llama-3.1-8B, tokens: 1e9}\nprices: x', /rices/],
  ])('rejects %j', (text, message) => expectUsage(cli('plan', '--file', fileOf('w.yaml', text)), message));

  test('must exist', () => {
    expectUsage(cli('plan', '--file', 'nowhere.yaml'), /^error: nowhere\.yaml: the file does not exist\n$/);
    expectUsage(cli('plan', '--file', scratch()), /is a folder, not a file/);
  });
});

test('training and serving flags exclude each other', () => {
  expectUsage(cli('plan', '--model', 'Llama-3.1-8B', '--tokens', '1', '--input-tokens', '1'), /not both/);
});

test('a report needs a machine', () => {
  expectUsage(cli(...TRAIN, '--report', scratch()), /--report: needs a machine/);
});
