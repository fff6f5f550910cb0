import { CHIPS, findMachine } from 'ai-infra-constructs';
import { PRICE_SOURCES, type PriceRow, PRICES, type PriceSource } from '../../../lib/core/catalog/prices';
import { dataFile } from '../../../scripts/data';

const keyOf = ({ cloud, machine, chip, region, market }: PriceRow) =>
  [cloud, machine ?? chip, region, market].join(' ');

describe('the price table', () => {
  test('has a machine or a chip in each row', () => {
    const wrong = PRICES.filter(({ cloud, machine, chip }) =>
      machine === undefined
        ? chip === undefined || !(chip in CHIPS)
        : chip !== undefined || !findMachine(cloud, machine),
    );
    expect(wrong).toEqual([]);
  });

  test('has every price once', () => {
    const keys = PRICES.map(keyOf);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('has positive prices without the placeholder for unknown prices', () => {
    expect(PRICES.filter(({ usdPerHour }) => !(usdPerHour > 0 && usdPerHour < 500 && usdPerHour !== 700))).toEqual([]);
  });

  test('has spot and committed prices below the on-demand price', () => {
    const wrong = PRICES.filter((row) => {
      const onDemand = PRICES.find((one) => keyOf(one) === keyOf({ ...row, market: 'on-demand' }));
      return row.market !== 'on-demand' && onDemand !== undefined && row.usdPerHour >= onDemand.usdPerHour;
    });
    expect(wrong).toEqual([]);
  });

  test('has a term for committed prices only', () => {
    expect(PRICES.filter(({ market, termYears }) => (market === 'committed') !== (termYears !== undefined))).toEqual(
      [],
    );
  });

  test('has sources with a day or without a date', () => {
    const dates = Object.values<PriceSource>(PRICE_SOURCES).map(({ date }) => date ?? '2026-01-01');
    expect(dates.filter((date) => !/^2026-\d{2}-\d{2}$/.test(date))).toEqual([]);
  });
});

interface PublishedPrice {
  cloud: string;
  region: string;
  instanceType: string;
  priceScope: string;
  chip: string;
  onDemandUsdPerHour?: number;
  spotUsdPerHour?: number;
  committedUsdPerHour?: number;
  listPriceOnly?: boolean;
}

test('every price in data/ is in the table, and no other', () => {
  const published = dataFile<PublishedPrice>('prices.json').rows.flatMap((row) => {
    const what = row.priceScope === 'per-chip' ? row.chip : row.instanceType;
    const key = (market: string, price: number | undefined) =>
      price === undefined ? [] : [`${row.cloud} ${what} ${row.region} ${market} ${price}`];
    // A machine that is sold only as spot or flex-start has a list price that nobody can buy at.
    const onDemand = row.listPriceOnly ? undefined : row.onDemandUsdPerHour;
    return [
      ...key('on-demand', onDemand),
      ...key('spot', row.spotUsdPerHour),
      ...key('committed', row.committedUsdPerHour),
    ];
  });
  expect(PRICES.map((row) => `${keyOf(row)} ${row.usdPerHour}`).sort()).toEqual(published.sort());
  expect(PRICES.filter(({ per }) => per === 'accelerators-only')).not.toHaveLength(0);
});
