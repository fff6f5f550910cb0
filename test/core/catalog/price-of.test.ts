import fc from 'fast-check';
import { type PriceOverride } from '../../../lib/core/catalog/price-override';
import {
  newestPriceDay,
  pricedRegions,
  priceOf,
  type PriceQuery,
  STALE_AFTER_DAYS,
} from '../../../lib/core/catalog/price-of';
import { PRICE_SOURCES, type PriceSource } from '../../../lib/core/catalog/prices';
import { errorOf, problemsOf } from './errors-of';

const P5: PriceQuery = {
  cloud: 'aws',
  machine: 'p5.48xlarge',
  region: 'us-east-1',
  market: 'on-demand',
  asOf: '2026-08-01',
};
const withOverride = (override: Partial<PriceOverride>, query: Partial<PriceQuery> = {}) =>
  priceOf({
    ...P5,
    ...query,
    overrides: [{ machine: 'p5.48xlarge', market: 'on-demand', usdPerHour: 40, ...override }],
  });

describe('a price of the table', () => {
  test('comes with its date, its age and its source', () => {
    expect(priceOf(P5).price).toEqual({
      usdPerHour: 55.04,
      market: 'on-demand',
      region: 'us-east-1',
      date: '2026-07-20',
      ageDays: 12,
      stale: false,
      source: 'aws/karpenter-provider-aws, zz_generated.pricing_aws.go',
      confidence: 'read',
      overridden: false,
    });
  });

  test.each([
    ['2026-10-18', 90, false],
    ['2026-10-19', 91, true],
    ['2026-07-01', 0, false],
  ])('on %s is %i days old: stale %s', (asOf, ageDays, stale) => {
    expect(STALE_AFTER_DAYS).toBe(90);
    expect(priceOf({ ...P5, asOf }).price).toMatchObject({ ageDays, stale });
  });

  test('is never newer than the newest day of the table', () => {
    const days = Object.values<PriceSource>(PRICE_SOURCES).flatMap(({ date }) => date ?? []);
    expect(days).toContain(newestPriceDay());
    expect(days.filter((day) => Date.parse(day) > Date.parse(newestPriceDay()))).toEqual([]);
  });

  test('is stale where its source has no date', () => {
    const { price } = priceOf({ ...P5, market: 'spot' });
    expect(price).toMatchObject({ usdPerHour: 18.1597, stale: true });
    expect(price).not.toHaveProperty('date');
  });

  test('of a chip is multiplied by the chips of the machine', () => {
    const query = { cloud: 'google', machine: 'ct5p-hightpu-4t', region: 'us-central1' } as const;
    expect(priceOf({ ...P5, ...query }).price?.usdPerHour).toBeCloseTo(16.8);
  });

  test('tells its term where it is committed', () => {
    expect(priceOf({ ...P5, machine: 'trn1.32xlarge', market: 'committed' }).price).toMatchObject({
      usdPerHour: 8.197,
      termYears: 3,
    });
  });

  test('that was copied from another region is inferred', () => {
    expect(priceOf({ ...P5, region: 'us-west-2' }).price?.confidence).toBe('inferred');
  });

  test('is known in regions', () => {
    expect(pricedRegions('aws', 'p5.48xlarge')).toEqual(['us-east-1', 'us-east-2', 'us-west-2']);
    expect(pricedRegions('alicloud', 'ecs.ebmgn8v.48xlarge')).toEqual([]);
  });
});

describe('no price has a reason in place of a stand-in', () => {
  test.each<[string, Partial<PriceQuery>, RegExp]>([
    ['capacity blocks only', { machine: 'p5e.48xlarge' }, /aws does not sell p5e\.48xlarge on demand/],
    [
      'spot only',
      { cloud: 'google', machine: 'a3-highgpu-1g', region: 'us-central1' },
      /google does not sell .* on demand/,
    ],
    [
      'accelerators only',
      { cloud: 'google', machine: 'a4-highgpu-8g', region: 'us-central1', market: 'spot' },
      /only the accelerators/,
    ],
    [
      'other regions only',
      { region: 'eu-north-1' },
      /no on-demand price of p5\.48xlarge in eu-north-1, only in us-east-1, us-east-2, us-west-2/,
    ],
    ['another market only', { market: 'committed' }, /no committed price of p5\.48xlarge in any region/],
    [
      'a whole cloud',
      { cloud: 'alicloud', machine: 'ecs.ebmgn8v.48xlarge', region: 'cn-beijing' },
      /no on-demand price of ecs\.ebmgn8v\.48xlarge in any region/,
    ],
  ])('%s', (_, query, reason) => {
    const answer = priceOf({ ...P5, ...query });
    expect(answer.price).toBeUndefined();
    expect(answer.reason).toMatch(reason);
  });

  test('a machine that the table lacks, whose prices are of another market or region', () => {
    const machine = 'm9.48xlarge';
    expect(withOverride({ machine, market: 'spot', usdPerHour: 5 }, { machine }).reason).toMatch(
      /no price that was given of m9\.48xlarge is on demand in us-east-1/,
    );
    expect(withOverride({ machine, region: 'eu-west-2' }, { machine }).price).toBeUndefined();
  });

  test('a machine that nobody knows is an error', () => {
    expect(errorOf(() => priceOf({ ...P5, machine: 'p5.48xlarg' })).code).toBe('MachineUnknown');
  });
});

describe('a price of the user', () => {
  test('comes before the table, undated as of today', () => {
    expect(withOverride({}).price).toMatchObject({ usdPerHour: 40, overridden: true, stale: false, source: 'given' });
  });

  test('gets stale by its own date', () => {
    expect(withOverride({ date: '2026-01-01' }).price).toMatchObject({ stale: true, ageDays: 212 });
  });

  test('holds for its region, market and cloud only', () => {
    expect(withOverride({ region: 'eu-west-2' }).price?.usdPerHour).toBe(55.04);
    expect(withOverride({ market: 'spot', usdPerHour: 5 }).price?.usdPerHour).toBe(55.04);
    expect(withOverride({ cloud: 'azure' }).price?.usdPerHour).toBe(55.04);
  });

  test('prices a machine that the table lacks', () => {
    expect(withOverride({ machine: 'p9.48xlarge' }, { machine: 'p9.48xlarge' }).price?.usdPerHour).toBe(40);
  });

  test.each([0, -1, NaN, Infinity, 700, 801, '40', undefined, null])('of %p is refused', (usdPerHour) => {
    expect(problemsOf(() => withOverride({ usdPerHour: usdPerHour as number }))).toEqual([
      'PriceInvalid overrides[0].usdPerHour',
    ]);
  });

  test('of a machine of the table is written as there, and of a cloud that there is', () => {
    const problems = problemsOf(() => withOverride({ machine: 'P5.48xlarge' }));
    expect(problems).toEqual(['PriceInvalid overrides[0].machine']);
    expect(problemsOf(() => withOverride({ cloud: 'gcp' as 'google' }))).toEqual(['PriceInvalid overrides[0].cloud']);
    expect(() => withOverride({ machine: 'ml.p5.48xlarge' })).not.toThrow();
  });

  test('as spot is below on-demand, of the table or of the user', () => {
    expect(problemsOf(() => withOverride({ market: 'spot', usdPerHour: 55.04 }))).toHaveLength(1);
    expect(() => withOverride({ market: 'spot', usdPerHour: 55.03 })).not.toThrow();
    const overrides: PriceOverride[] = [
      { machine: 'p5.48xlarge', market: 'on-demand', usdPerHour: 30 },
      { machine: 'p5.48xlarge', market: 'spot', usdPerHour: 30 },
    ];
    expect(problemsOf(() => priceOf({ ...P5, overrides }))).toEqual(['PriceInvalid overrides[1].usdPerHour']);
  });

  test('tells all that is wrong at once, and nothing but coded errors', () => {
    const overrides = [{ machine: 'p5.48xlarge', market: 'spot', usdPerHour: -1, date: '2026-02-30' }, null];
    const query = { ...P5, market: 'rent', asOf: 'yesterday', overrides } as unknown as PriceQuery;
    expect(problemsOf(() => priceOf(query))).toEqual([
      'PriceQuery market',
      'PriceQuery asOf',
      'PriceInvalid overrides[0].usdPerHour',
      'PriceInvalid overrides[0].date',
      'PriceInvalid overrides[1]',
    ]);
    expect(problemsOf(() => priceOf(null as unknown as PriceQuery))).toEqual(['PriceQuery query']);
    expect(problemsOf(() => priceOf({ ...P5, region: undefined } as unknown as PriceQuery))).toEqual([
      'PriceQuery region',
    ]);
    expect(problemsOf(() => priceOf({ ...P5, overrides: 'cheap' } as unknown as PriceQuery))).toEqual([
      'PriceInvalid overrides',
    ]);
  });
});

test('any query is answered or refused with codes', () => {
  const given = fc.record(
    {
      region: fc.anything(),
      market: fc.anything(),
      asOf: fc.anything(),
      overrides: fc.anything(),
      machine: fc.anything(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(given, fc.anything()), (query) => {
      try {
        const { price, reason } = priceOf(
          typeof query === 'object' && query ? { ...P5, ...query } : (query as PriceQuery),
        );
        return (price === undefined) === (reason !== undefined);
      } catch (error) {
        return ['PriceQuery', 'PriceInvalid', 'MachineUnknown'].includes((error as { code: string }).code);
      }
    }),
  );
});
