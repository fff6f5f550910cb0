import fc from 'fast-check';
import { ProblemCollector } from '../../../lib/core/errors';
import { storageOf } from '../../../lib/core/planning/storage/plan-storage';
import { checkLustre } from '../../../lib/aws/storage/lustre-rules';
import { lustreFor } from '../../../lib/aws/storage/lustre-file-system';

const NEED = fc.record({
  tokens: fc.double({ min: 1e6, max: 1e14, noNaN: true }),
  checkpointBytes: fc.double({ min: 1e6, max: 2e13, noNaN: true }),
  tokensPerSecond: fc.double({ min: 0, max: 1e9, noNaN: true }),
  writeBytesPerSecond: fc.double({ min: 1e3, max: 5e11, noNaN: true }),
});
const TIER = fc.option(fc.constantFrom(125, 250, 500, 1000), { nil: undefined });

test('plans a valid file system with enough space and throughput', () => {
  fc.assert(
    fc.property(NEED, fc.boolean(), TIER, (need, efa, throughputMBpsPerTiB) => {
      const storage = storageOf('aws', need);
      const planned = lustreFor(storage, { efa, throughputMBpsPerTiB });
      fc.pre(planned !== undefined);
      const problems = new ProblemCollector();
      const size = checkLustre(problems, { ...planned, efa })!;

      expect(problems.all).toEqual([]);
      expect(size.sizeGiB).toBeGreaterThanOrEqual(storage.heldGiB);
      expect(size.throughputMBps * 1.000001).toBeGreaterThanOrEqual(Math.max(storage.readMBps, storage.writeMBps));
      expect(size.throughputMBpsPerTiB).toBe(throughputMBpsPerTiB ?? size.throughputMBpsPerTiB);
    }),
  );
});

test('selects the slowest tier that is fast enough for a given size, or the fastest with that size', () => {
  const need = storageOf('aws', { tokens: 1e9, checkpointBytes: 1e9, tokensPerSecond: 0, writeBytesPerSecond: 3e9 });
  const tier = (sizeGiB: number, efa = false) => lustreFor(need, { sizeGiB, efa })?.throughputMBpsPerTiB;

  expect([tier(24_000), tier(12_000), tier(4800), tier(1200)]).toEqual([125, 250, 1000, 1000]);
  expect([tier(4800, true), tier(9600, true), tier(5000, true)]).toEqual([1000, 500, undefined]);
});

test('plans nothing if all values are given', () => {
  const need = storageOf('aws', { tokens: 1e9, checkpointBytes: 1e9, tokensPerSecond: 0, writeBytesPerSecond: 1e6 });
  expect(lustreFor(need, { sizeGiB: 2400, throughputMBpsPerTiB: 125 })).toBeUndefined();
});
