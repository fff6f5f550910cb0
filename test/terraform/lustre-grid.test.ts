import type { PlanStorage } from 'ai-infra-constructs/planning';
import type { StorageTier } from '../../lib/core/catalog/storage-tiers';
import { ProblemCollector } from '../../lib/core/errors';
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
  const problems = new ProblemCollector();
  grid.check(problems, sizing);
  return problems.all.map(({ code }) => code);
}

test('has the tiers with documented sizes, slowest first', () => {
  expect(limit.throughputs).toEqual([100, 500]);
});

test('uses the default tier for a size, and the smallest size of any tier for a throughput', () => {
  const sizeOf = (sizing: Parameters<LustreGrid['check']>[1]) => {
    const size = limit.check(new ProblemCollector(), sizing);
    return size && [size.tier.name, size.sizeGiB, size.throughputMBps];
  };
  expect(sizeOf({ sizeGiB: 20_480 })).toEqual(['slow', 20_480, 2000]);
  expect(sizeOf({ requiredThroughputMBps: 1900 })).toEqual(['fast', 4096, 2000]);
  expect(sizeOf({ requiredThroughputMBps: 1900, throughputMBpsPerTiB: 100 })).toEqual(['slow', 20_480, 2000]);
});

test('rejects or allows sizes above the maximum', () => {
  expect(codesOf(limit, { sizeGiB: 112_640 })).toEqual(['LustreSize']);
  expect(codesOf(advice, { sizeGiB: 112_640 })).toEqual([]);
  expect(codesOf(advice, { sizeGiB: 112_641 })).toEqual(['LustreSize']);
  expect(codesOf(advice, { sizeGiB: Infinity })).toEqual(['LustreSize']);
  expect(codesOf(advice, { requiredThroughputMBps: 20_001 })).toEqual(['LustreSizing']);
});

test('limits the throughput of a large file system', () => {
  const grid = new LustreGrid([{ ...TIERS[0]!, largestMBps: 3000 }], 500);
  const throughputOf = (sizeGiB: number) => grid.check(new ProblemCollector(), { sizeGiB })?.throughputMBps;
  expect([throughputOf(4096), throughputOf(8192), throughputOf(40_960)]).toEqual([2000, 3000, 3000]);
  expect(codesOf(grid, { requiredThroughputMBps: 3000 })).toEqual([]);
  expect(codesOf(grid, { requiredThroughputMBps: 3001 })).toEqual(['LustreSizing']);
});

test('returns the minimum size for a capacity', () => {
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

  test('uses the first available tier of the plan', () => {
    expect(limit.planned(need, {})).toEqual({ sizeGiB: 30_720, throughputMBpsPerTiB: 100 });
    expect(limit.planned(need, { throughputMBpsPerTiB: 500 })).toEqual({ sizeGiB: 8192, throughputMBpsPerTiB: 500 });
  });

  test('has a size even for an invalid number of nodes', () => {
    expect(limit.sized({}, { nodes: NaN })).toEqual({ sizeGiB: 10_240, throughputMBpsPerTiB: 100 });
    expect(limit.sized({}, { nodes: 9 })).toMatchObject({ sizeGiB: 20_480 });
  });

  test('uses the slowest sufficient tier for a size', () => {
    expect(limit.planned(need, { sizeGiB: 20_480 })).toEqual({ sizeGiB: 20_480, throughputMBpsPerTiB: 500 });
    expect(limit.planned(need, { sizeGiB: 30_720 })).toEqual({ sizeGiB: 30_720, throughputMBpsPerTiB: 100 });
    expect(limit.planned(need, { sizeGiB: 20_480, throughputMBpsPerTiB: 100 })).toBeUndefined();
  });
});
