import { priceOf, type PriceOverride, Prices } from 'ai-infra-constructs';
import { PRICES } from '../../../lib/core/prop-schemas';
import { ProblemCollector } from '../../../lib/core/errors';
import { errorOf, problemsOf } from './errors-of';

const QUOTE: PriceOverride = { machine: 'p5.48xlarge', market: 'on-demand', usdPerHour: 40 };
const QUERY = { cloud: 'aws', machine: 'p5.48xlarge', region: 'us-east-1', market: 'on-demand' } as const;

describe('own prices', () => {
  test('take precedence over the catalog', () => {
    expect(priceOf({ ...QUERY, prices: Prices.of([QUOTE]) }).price).toMatchObject({ usdPerHour: 40, overridden: true });
    expect(priceOf(QUERY).price).toMatchObject({ usdPerHour: 55.04, overridden: false });
  });

  test('use the first price that matches', () => {
    const prices = Prices.of([{ ...QUOTE, region: 'eu-west-2', usdPerHour: 50 }, QUOTE, { ...QUOTE, usdPerHour: 30 }]);
    expect(priceOf({ ...QUERY, prices }).price?.usdPerHour).toBe(40);
    expect(priceOf({ ...QUERY, region: 'eu-west-2', prices }).price?.usdPerHour).toBe(50);
  });

  test('do not follow later changes of the list', () => {
    const list = [QUOTE];
    const prices = Prices.of(list);
    list.push({ ...QUOTE, market: 'spot' });
    expect(prices.overrides).toEqual([QUOTE]);
    expect(Object.isFrozen(prices.overrides)).toBe(true);
  });

  test('can be empty, with a day only', () => {
    expect(Prices.asOf('2026-11-25')).toMatchObject({ overrides: [], asOf: '2026-11-25' });
    expect(priceOf({ ...QUERY, prices: Prices.asOf('2026-11-25') }).price).toMatchObject({ ageDays: 128, stale: true });
  });

  test('have no day by default', () => {
    expect(Prices.of([QUOTE]).asOf).toBeUndefined();
  });

  test.each(['today', '2026-02-30', '25.11.2026', ''])('reject the day %j', (day) => {
    expect(errorOf(() => Prices.asOf(day))).toMatchObject({ problems: [{ prop: 'asOf', got: day }] });
  });

  test('report an invalid day with an example', () => {
    expect(errorOf(() => Prices.of([], { asOf: '2026-13-01' })).message).toContain(
      "asOf must be a day as YYYY-MM-DD (got '2026-13-01'). Write the day as '2026-11-25'. [PriceQuery]",
    );
  });

  test.each<[string, unknown, string]>([
    ['a missing price', { machine: 'p5.48xlarge', market: 'spot' }, 'ValueMissing prices[0].usdPerHour'],
    ['a price that is a string', { ...QUOTE, usdPerHour: '40' }, 'PropType prices[0].usdPerHour'],
    ['an unknown market', { ...QUOTE, market: 'reserved' }, 'ChoiceUnknown prices[0].market'],
    ['a missing machine', { market: 'spot', usdPerHour: 5 }, 'ValueMissing prices[0].machine'],
    ['null', null, 'ValueMissing prices[0]'],
  ])('reject a row with %s', (_, row, problem) => {
    expect(problemsOf(() => Prices.of([row as PriceOverride]))).toEqual([problem]);
  });

  test('report every invalid row at once', () => {
    const rows = [QUOTE, { ...QUOTE, usdPerHour: null }, { ...QUOTE, machine: 5 }] as unknown as PriceOverride[];
    expect(problemsOf(() => Prices.of(rows))).toEqual([
      'ValueMissing prices[1].usdPerHour',
      'PropType prices[2].machine',
    ]);
  });

  test.each([[{}], ['cheap'], [QUOTE]])('reject %j, which is not a list', (list) => {
    expect(problemsOf(() => Prices.of(list as never))).toEqual(['PropType prices']);
  });

  test('reject a missing list', () => {
    expect(problemsOf(() => Prices.of(undefined as never))).toEqual(['ValueMissing prices']);
  });
});

describe('a prop for prices', () => {
  const isAccepted = (value: unknown) => PRICES.validate(new ProblemCollector(), 'prices', value);

  test('accepts prices from another copy of the package', () => {
    let copy: typeof Prices | undefined;
    jest.isolateModules(() => {
      ({ Prices: copy } = jest.requireActual<{ Prices: typeof Prices }>('../../../lib/core/catalog/price-override'));
    });
    expect(copy).not.toBe(Prices);
    expect(isAccepted(copy!.of([QUOTE]))).toBe(true);
    expect(priceOf({ ...QUERY, prices: copy!.of([QUOTE]) }).price?.usdPerHour).toBe(40);
  });

  test.each([[[]], [{ overrides: [], asOf: '2026-11-25' }], ['2026-11-25'], [null]])('rejects %j', (value) => {
    expect(isAccepted(value)).toBe(false);
  });
});
