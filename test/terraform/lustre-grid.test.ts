import type { StorageTier } from '../../lib/core/catalog/storage-tiers';
import type { PlanStorage } from '../../lib/core/planning/plan';
import { Problems } from '../../lib/core/errors';
import { LustreGrid } from '../../lib/terraform/lustre-grid';

const TIER = { cloud: 'azure', service: 'Lustre', gibPerTiB: 1024, source: 'made up' } as const;
const TIERS: StorageTier[] = [
  { ...TIER, name: 'fast', MBpsPerTiB: 500, smallestGiB: 4096, stepGiB: 4096, largestGiB: 40_960 },
  { ...TIER, name: 'slow', MBpsPerTiB: 100, smallestGiB: 10_240, stepGiB: 10_240, largestGiB: 102_400 },
  { ...TIER, name: 'unmeasured', MBpsPerTiB: 50 },
];

const limit = new LustreGrid(TIERS, 100);
const advice = new LustreGrid(TIERS, 100, 'advice');

function codesOf(grid: LustreGrid, sizing: Parameters<LustreGrid['check']>[1]): string[] {
  const problems = new Problems();
  grid.check(problems, sizing);
  return problems.all.map(({ code }) => code);
}

test('sells the tiers whose sizes are documented, slowest first', () => {
  expect(limit.throughputs).toEqual([100, 500]);
});

test('takes the usual tier where a size is stated, and the smallest size of any where a rate is', () => {
  const sizeOf = (sizing: Parameters<LustreGrid['check']>[1]) => {
    const size = limit.check(new Problems(), sizing);
    return size && [size.tier.name, size.sizeGiB, size.throughputMBps];
  };
  expect(sizeOf({ sizeGiB: 20_480 })).toEqual(['slow', 20_480, 2000]);
  expect(sizeOf({ requiredThroughputMBps: 1900 })).toEqual(['fast', 4096, 2000]);
  expect(sizeOf({ requiredThroughputMBps: 1900, throughputMBpsPerTiB: 100 })).toEqual(['slow', 20_480, 2000]);
});

test('a size beyond the largest is refused, or left to user and service', () => {
  expect(codesOf(limit, { sizeGiB: 112_640 })).toEqual(['LustreSize']);
  expect(codesOf(advice, { sizeGiB: 112_640 })).toEqual([]);
  expect(codesOf(advice, { sizeGiB: 112_641 })).toEqual(['LustreSize']);
  expect(codesOf(advice, { sizeGiB: Infinity })).toEqual(['LustreSize']);
  expect(codesOf(advice, { requiredThroughputMBps: 20_001 })).toEqual(['LustreSizing']);
});

test('the smallest size of a tier that holds so much', () => {
  expect([limit.smallest(1, 500), limit.smallest(4097, 500), limit.smallest(1, 7)]).toEqual([4096, 8192, undefined]);
});

describe('for a plan', () => {
  const need = {
    readMBps: 1500,
    writeMBps: 2100,
    tiers: [
      { tier: 'unmeasured', sizeGiB: 1 },
      { tier: 'slow', sizeGiB: 30_720 },
      { tier: 'fast', sizeGiB: 8192 },
    ],
  } as unknown as PlanStorage;

  test('takes the first tier of the plan that is sold, of those that are left open', () => {
    expect(limit.planned(need, {})).toEqual({ sizeGiB: 30_720, throughputMBpsPerTiB: 100 });
    expect(limit.planned(need, { throughputMBpsPerTiB: 500 })).toEqual({ sizeGiB: 8192, throughputMBpsPerTiB: 500 });
  });

  test('is of a size even for nodes that are no number, which are refused as such', () => {
    expect(limit.sized({}, { nodes: NaN })).toEqual({ sizeGiB: 10_240, throughputMBpsPerTiB: 100 });
    expect(limit.sized({}, { nodes: 9 })).toMatchObject({ sizeGiB: 20_480 });
  });

  test('takes the slowest tier that is fast enough at the size that is stated', () => {
    expect(limit.planned(need, { sizeGiB: 20_480 })).toEqual({ sizeGiB: 20_480, throughputMBpsPerTiB: 500 });
    expect(limit.planned(need, { sizeGiB: 30_720 })).toEqual({ sizeGiB: 30_720, throughputMBpsPerTiB: 100 });
    expect(limit.planned(need, { sizeGiB: 20_480, throughputMBpsPerTiB: 100 })).toBeUndefined();
  });
});
