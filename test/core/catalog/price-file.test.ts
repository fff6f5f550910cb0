import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ListedPrice,
  ModelSpec,
  priceOf,
  pricedRegions,
  Prices,
  TrainingJob,
  machineNamed,
} from 'ai-infra-constructs';
import { optionsFor, planTraining } from 'ai-infra-constructs/planning';
import { errorOf, problemsOf } from './errors-of';

const ROW: ListedPrice = {
  cloud: 'aws',
  machine: 'p5.48xlarge',
  region: 'eu-west-1',
  market: 'on-demand',
  usdPerHour: 61.5,
  date: '2026-11-20',
  source: 'ec2',
};
const QUERY = { cloud: 'aws', machine: 'p5.48xlarge', region: 'eu-west-1', market: 'on-demand' } as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai-infra-prices-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileWith(text: string): string {
  const path = join(folder, 'prices.json');
  writeFileSync(path, text);
  return path;
}

function listOf(...prices: readonly object[]): string {
  const sources = { ec2: { text: 'AWS Price List, AmazonEC2', url: 'https://pricing.us-east-1.amazonaws.com' } };
  return fileWith(
    JSON.stringify({ format: 'ai-infra-prices/1', fetched: '2026-11-20T00:00:00Z', currency: 'USD', sources, prices }),
  );
}

describe('a price file', () => {
  test('takes precedence over the table, with its day and source', () => {
    const prices = Prices.fromFile(listOf({ ...ROW, region: 'us-east-1', usdPerHour: 50 }), { asOf: '2026-11-25' });
    expect(priceOf({ ...QUERY, region: 'us-east-1', prices }).price).toEqual({
      usdPerHour: 50,
      market: 'on-demand',
      region: 'us-east-1',
      date: '2026-11-20',
      ageDays: 5,
      stale: false,
      source: 'AWS Price List, AmazonEC2',
      confidence: 'read',
      overridden: false,
    });
  });

  test('leaves other regions and markets to the table', () => {
    const prices = Prices.fromFile(listOf(ROW));
    expect(priceOf({ ...QUERY, region: 'us-east-1', prices }).price?.usdPerHour).toBe(55.04);
    expect(priceOf({ ...QUERY, market: 'spot', prices }).price).toMatchObject({ fromRegion: 'us-east-1' });
    expect(pricedRegions('aws', 'p5.48xlarge', prices)).toEqual(['eu-west-1', 'us-east-1', 'us-east-2', 'us-west-2']);
  });

  test('gives regions near one of its regions their price', () => {
    const prices = Prices.fromFile(listOf(ROW));
    expect(priceOf({ ...QUERY, region: 'eu-west-2', prices }).price).toMatchObject({
      usdPerHour: 61.5,
      fromRegion: 'eu-west-1',
    });
  });

  test('comes after your own prices', () => {
    const overrides = [{ machine: 'p5.48xlarge', market: 'on-demand', usdPerHour: 40 }] as const;
    const prices = Prices.fromFile(listOf(ROW), { overrides });
    expect(priceOf({ ...QUERY, prices }).price).toMatchObject({ usdPerHour: 40, overridden: true });
  });

  test('limits your own spot prices instead of the table', () => {
    const overrides = [{ machine: 'p5.48xlarge', market: 'spot', usdPerHour: 60, region: 'eu-west-1' }] as const;
    const prices = Prices.fromFile(listOf(ROW), { overrides });
    expect(priceOf({ ...QUERY, market: 'spot', prices }).price?.usdPerHour).toBe(60);
  });

  test('counts ages from its newest day, unless a day is set', () => {
    const prices = Prices.fromFile(listOf(ROW, { ...ROW, region: 'eu-west-2', date: '2026-11-01' }));
    expect(priceOf({ ...QUERY, prices }).price?.ageDays).toBe(0);
    expect(priceOf({ ...QUERY, region: 'eu-west-2', prices }).price?.ageDays).toBe(19);
  });

  test('prices machines that the table does not have', () => {
    const prices = Prices.fromFile(listOf({ ...ROW, machine: 'p9.48xlarge' }));
    expect(priceOf({ ...QUERY, machine: 'p9.48xlarge', prices }).price?.usdPerHour).toBe(61.5);
    expect(errorOf(() => priceOf({ ...QUERY, machine: 'p8.48xlarge', prices })).code).toBe('MachineUnknown');
  });

  test('uses the shortest commitment, the cheapest of its kinds, or that of a term', () => {
    const committed = (termYears: number, usdPerHour: number, note: string) => ({
      ...ROW,
      market: 'committed',
      termYears,
      usdPerHour,
      note,
    });
    const rows = [
      committed(3, 30, 'Compute Savings Plan'),
      committed(1, 40, 'Compute Savings Plan'),
      committed(1, 38, 'EC2 Instance Savings Plan'),
    ];
    const prices = Prices.fromFile(listOf(...rows));
    const of = (termYears?: number) => priceOf({ ...QUERY, market: 'committed', prices, termYears }).price;
    expect(of()).toMatchObject({ usdPerHour: 38, termYears: 1, note: 'EC2 Instance Savings Plan' });
    expect(of(3)).toMatchObject({ usdPerHour: 30, termYears: 3 });
    expect(of(2)).toBeUndefined();
    expect(problemsOf(() => of(0))).toEqual(['PriceQuery termYears']);
  });

  test('is used by plans and rankings', () => {
    const job = TrainingJob.fineTune({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e9 });
    const prices = Prices.fromFile(listOf(ROW), { asOf: '2026-11-25' });
    const plan = planTraining({
      job,
      machine: machineNamed('aws', 'p5.48xlarge'),
      nodes: 1,
      region: 'eu-west-1',
      prices,
    });
    expect(plan.costs.find(({ market }) => market === 'on-demand')?.usdPerHour).toBe(61.5);
    expect(plan.findings.map(({ id }) => id)).not.toContain('cost/price');
    const { ranked } = optionsFor(job, { clouds: ['aws'], markets: ['on-demand'], regions: ['eu-west-1'], prices });
    const own = ranked.find(({ machine }) => machine === 'p5.48xlarge')!;
    expect(own.usdPerHour / own.nodes).toBeCloseTo(61.5);
    expect(own).not.toHaveProperty('priceRegion');
    expect(ranked.find(({ machine }) => machine === 'p5en.48xlarge')).toMatchObject({
      region: 'eu-west-1',
      priceRegion: 'us-east-1',
    });
  });
});

describe('an invalid price file', () => {
  test.each([
    ['does not exist', () => join(folder, 'absent.json'), 'a file that can be read', 'ENOENT'],
    ['is not JSON', () => fileWith('prices'), 'a JSON file', 'other text'],
    [
      'has another format',
      () => fileWith('{"format":"prices/2","prices":[]}'),
      "a file with the format 'ai-infra-prices/1'",
      'prices/2',
    ],
    ['is null', () => fileWith('null'), "a file with the format 'ai-infra-prices/1'", undefined],
    ['has no list', () => fileWith('{"format":"ai-infra-prices/1"}'), 'a list', undefined],
  ])('is rejected if it %s', (_, make, allowed, got) => {
    const path = make();
    expect(errorOf(() => Prices.fromFile(path))).toMatchObject({ code: 'PriceFile', problems: [{ allowed, got }] });
  });

  test.each([
    ['cloud', 'gcp'],
    ['cloud', 'toString'],
    ['machine', ''],
    ['region', 5],
    ['market', 'reserved'],
    ['usdPerHour', 0],
    ['usdPerHour', '61.5'],
    ['date', '2026-02-30'],
    ['source', undefined],
    ['termYears', -1],
    ['note', 5],
  ])('is rejected with %s %j', (field, value) => {
    const path = listOf(ROW, { ...ROW, [field]: value });
    expect(problemsOf(() => Prices.fromFile(path))).toEqual([`PriceFile ${path}: prices[1].${field}`]);
  });

  test('reports five problems at most', () => {
    expect(problemsOf(() => Prices.fromFile(listOf(null as never, {}, {})))).toHaveLength(5);
  });

  test('is rejected without a path', () => {
    expect(problemsOf(() => Prices.fromFile(''))).toEqual(['PropType path']);
    expect(problemsOf(() => Prices.fromFile('x', { asof: '2026-11-25' } as never))).toEqual(['PropUnknown asof']);
  });
});
