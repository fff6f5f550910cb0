import fc from 'fast-check';
import {
  pricedRegions,
  priceOf,
  type PriceOverride,
  type PriceQuery,
  Prices,
  STALE_AFTER_DAYS,
} from 'ai-infra-constructs';
import { newestPriceDay, priceDay } from '../../../lib/core/catalog/price-of';
import { PRICE_SOURCES, type PriceSource } from '../../../lib/core/catalog/prices';
import { errorOf, problemsOf } from './errors-of';

const P5: PriceQuery = {
  cloud: 'aws',
  machine: 'p5.48xlarge',
  region: 'us-east-1',
  market: 'on-demand',
  prices: Prices.asOf('2026-08-01'),
};
const withOverride = (override: Partial<PriceOverride>, query: Partial<PriceQuery> = {}) =>
  priceOf({
    ...P5,
    ...query,
    prices: Prices.of([{ machine: 'p5.48xlarge', market: 'on-demand', usdPerHour: 40, ...override }], {
      asOf: '2026-08-01',
    }),
  });

describe('a price in the table', () => {
  test('has a date, an age and a source', () => {
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
  ])('on %s is %i days old (stale: %s)', (asOf, ageDays, stale) => {
    expect(STALE_AFTER_DAYS).toBe(90);
    expect(priceOf({ ...P5, prices: Prices.asOf(asOf) }).price).toMatchObject({ ageDays, stale });
  });

  test('has the age at the newest price in the table by default', () => {
    const { date, ageDays } = priceOf({ ...P5, prices: undefined }).price!;
    expect(ageDays).toBe((Date.parse(newestPriceDay()) - Date.parse(date!)) / 86_400_000);
    expect(priceDay(Prices.of([]))).toBe(newestPriceDay());
    expect(priceDay(Prices.asOf('2026-11-25'))).toBe('2026-11-25');
  });

  test('is never newer than the newest price in the table', () => {
    const days = Object.values<PriceSource>(PRICE_SOURCES).flatMap(({ date }) => date ?? []);
    expect(days).toContain(newestPriceDay());
    expect(days.filter((day) => Date.parse(day) > Date.parse(newestPriceDay()))).toEqual([]);
  });

  test('is stale if its source has no date', () => {
    const { price } = priceOf({ ...P5, market: 'spot' });
    expect(price).toMatchObject({ usdPerHour: 18.1597, stale: true });
    expect(price).not.toHaveProperty('date');
  });

  test('is multiplied by the number of chips if it is a price per chip', () => {
    const query = { cloud: 'google', machine: 'ct5p-hightpu-4t', region: 'us-central1' } as const;
    expect(priceOf({ ...P5, ...query }).price?.usdPerHour).toBeCloseTo(16.8);
  });

  test('has a term if it is committed', () => {
    expect(priceOf({ ...P5, machine: 'trn1.32xlarge', market: 'committed' }).price).toMatchObject({
      usdPerHour: 8.197,
      termYears: 3,
    });
  });

  test('is inferred if it was copied from another region', () => {
    expect(priceOf({ ...P5, region: 'us-west-2' }).price?.confidence).toBe('inferred');
  });

  test('has a list of regions', () => {
    expect(pricedRegions('aws', 'p5.48xlarge')).toEqual(['us-east-1', 'us-east-2', 'us-west-2']);
    expect(pricedRegions('alicloud', 'ecs.ebmgn8v.48xlarge')).toEqual([]);
  });
});

describe('a missing price has a reason', () => {
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
    ['an unknown region', { region: 'eu-nord-1' }, /aws has no region eu-nord-1 in the table: did you mean eu-north-1/],
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

  test('a custom machine with prices for another market or region', () => {
    const machine = 'm9.48xlarge';
    expect(withOverride({ machine, market: 'spot', usdPerHour: 5 }, { machine }).reason).toMatch(
      /no price override of m9\.48xlarge is on demand in us-east-1/,
    );
    expect(withOverride({ machine, region: 'eu-west-2' }, { machine }).price).toBeUndefined();
  });

  test('an unknown machine is an error', () => {
    expect(errorOf(() => priceOf({ ...P5, machine: 'p5.48xlarg' })).code).toBe('MachineUnknown');
  });
});

describe('the price of another region', () => {
  test('replaces a missing price, with its region, and is inferred', () => {
    expect(priceOf({ ...P5, region: 'eu-north-1' }).price).toMatchObject({
      usdPerHour: 55.04,
      region: 'eu-north-1',
      fromRegion: 'us-east-1',
      confidence: 'inferred',
      date: '2026-07-20',
    });
    expect(priceOf(P5).price).not.toHaveProperty('fromRegion');
  });

  test('is that of the nearest region with a price', () => {
    const near = (region: string) => priceOf({ ...P5, region }).price?.fromRegion;
    expect(near('ap-northeast-1')).toBe('us-west-2');
    expect(near('us-west-1')).toBe('us-west-2');
    expect(near('sa-east-1')).toBe('us-east-1');
    expect(
      priceOf({ ...P5, cloud: 'azure', machine: 'Standard_ND96isr_H100_v5', region: 'northeurope' }).price,
    ).toMatchObject({
      fromRegion: 'westeurope',
    });
  });

  test('is never that of a machine without its host', () => {
    const query = { cloud: 'google', machine: 'a4-highgpu-8g', region: 'europe-west4', market: 'spot' } as const;
    expect(priceOf({ ...P5, ...query }).reason).toMatch(/no spot price of a4-highgpu-8g in any region/);
  });
});

describe('an own price', () => {
  test('takes precedence over the table, and is current without a date', () => {
    expect(withOverride({}).price).toMatchObject({ usdPerHour: 40, overridden: true, stale: false, source: 'given' });
  });

  test('becomes stale by its own date', () => {
    expect(withOverride({ date: '2026-01-01' }).price).toMatchObject({ stale: true, ageDays: 212 });
  });

  test('applies only to its region, market and cloud', () => {
    expect(withOverride({ region: 'eu-west-2' }).price?.usdPerHour).toBe(55.04);
    expect(withOverride({ market: 'spot', usdPerHour: 5 }).price?.usdPerHour).toBe(55.04);
    expect(withOverride({ cloud: 'azure' }).price?.usdPerHour).toBe(55.04);
  });

  test('prices a machine that is not in the table', () => {
    expect(withOverride({ machine: 'p9.48xlarge' }, { machine: 'p9.48xlarge' }).price?.usdPerHour).toBe(40);
  });

  test.each([0, -1, NaN, Infinity, 700, 801])('cannot be %p', (usdPerHour) => {
    expect(problemsOf(() => withOverride({ usdPerHour }))).toEqual(['PriceInvalid prices.overrides[0].usdPerHour']);
  });

  test('must use the machine name of the table, and a supported cloud', () => {
    const problems = problemsOf(() => withOverride({ machine: 'P5.48xlarge' }));
    expect(problems).toEqual(['PriceInvalid prices.overrides[0].machine']);
    expect(problemsOf(() => withOverride({ cloud: 'gcp' as 'google' }))).toEqual(['ChoiceUnknown prices[0].cloud']);
    expect(() => withOverride({ machine: 'ml.p5.48xlarge' })).not.toThrow();
  });

  test('must be below the on-demand price if it is for spot', () => {
    expect(problemsOf(() => withOverride({ market: 'spot', usdPerHour: 55.04 }))).toHaveLength(1);
    expect(() => withOverride({ market: 'spot', usdPerHour: 55.03 })).not.toThrow();
    const overrides: PriceOverride[] = [
      { machine: 'p5.48xlarge', market: 'on-demand', usdPerHour: 30 },
      { machine: 'p5.48xlarge', market: 'spot', usdPerHour: 30 },
    ];
    expect(problemsOf(() => priceOf({ ...P5, prices: Prices.of(overrides) }))).toEqual([
      'PriceInvalid prices.overrides[1].usdPerHour',
    ]);
  });

  test('is reported with all other problems at once', () => {
    const prices = Prices.of([{ machine: 'p5.48xlarge', market: 'spot', usdPerHour: -1, date: '2026-02-30' }]);
    expect(problemsOf(() => priceOf({ ...P5, market: 'rent', prices } as unknown as PriceQuery))).toEqual([
      'PriceQuery market',
      'PriceInvalid prices.overrides[0].usdPerHour',
      'PriceInvalid prices.overrides[0].date',
    ]);
    expect(problemsOf(() => priceOf(null as unknown as PriceQuery))).toEqual(['PriceQuery query']);
    expect(problemsOf(() => priceOf({ ...P5, region: undefined } as unknown as PriceQuery))).toEqual([
      'PriceQuery region',
    ]);
    expect(problemsOf(() => priceOf({ ...P5, prices: [] } as unknown as PriceQuery))).toEqual(['PropType prices']);
  });
});

test('every query returns a price or a reason, or throws a coded error', () => {
  const given = fc.record(
    {
      region: fc.anything(),
      market: fc.anything(),
      prices: fc.anything(),
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
        return ['PriceQuery', 'PropType', 'MachineUnknown'].includes((error as { code: string }).code);
      }
    }),
  );
});
