import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import {
  sampleReadBandwidth,
  smallestTier,
  storageSize,
  tokenReadBandwidth,
} from '../../../../lib/core/planning/storage/storage';
import { expectFinite } from '../shapes';

const TIB = 2 ** 40;
const job = { datasetBytes: 1e12, checkpointBytes: 980e9, writeBytesPerSecond: 10e9 };

test('10 GB/s in a tier of 500 MB/s per TiB need 20 TiB', () => {
  const size = storageSize(job, 500);

  expect(size.bytes / TIB).toBeCloseTo(20);
  expect(size).toMatchObject({ binds: 'bandwidth', bytesPerSecond: 10e9 });
});

test('data and checkpoints determine the size without a throughput requirement', () => {
  expect(storageSize({ ...job, writeBytesPerSecond: 1e6, checkpointsKept: 2 }, 500)).toMatchObject({
    binds: 'capacity',
    bytes: 1e12 + 2 * 980e9,
  });
});

test('smallestTier returns the slowest tier that is sufficient', () => {
  const tiers = [1000, 125, 500, 250];

  expect(smallestTier(job, tiers, 20 * TIB)).toBe(500);
  expect(smallestTier(job, tiers, 1000 * TIB)).toBe(125);
  expect(smallestTier(job, tiers, 5 * TIB)).toBeUndefined();
});

test('tokens need almost no bandwidth, and samples need 3 GB/s per H100', () => {
  expect(tokenReadBandwidth(1e6)).toBe(4e6);
  expect(sampleReadBandwidth(140e6, 7, 0.323) / 1e9).toBeCloseTo(3.03, 1);
});

test('a size is large enough for the data, and all numbers are finite', () => {
  const bytes = fc.double({ min: 0, max: 1e15, noNaN: true });
  const inputs = fc.record({
    datasetBytes: bytes,
    checkpointBytes: bytes,
    readBytesPerSecond: bytes,
    writeBytesPerSecond: bytes,
  });
  fc.assert(
    fc.property(inputs, fc.double({ min: 1, max: 1e4, noNaN: true }), (input, tier) => {
      const size = storageSize(input, tier);
      expectFinite(size);
      expect(size.bytes).toBeGreaterThanOrEqual(input.datasetBytes);
      expect(storageSize(input, tier * 2).bytes).toBeLessThanOrEqual(size.bytes);
    }),
  );
});

test('reports each number out of range', () => {
  expect(() => storageSize({ datasetBytes: -1, checkpointBytes: NaN }, 1)).toThrow(AiInfraError);
  expect(() => storageSize({ datasetBytes: -1, checkpointBytes: NaN }, 1)).toThrow(/datasetBytes[^]*checkpointBytes/);
  expect(() => storageSize(job, 0)).toThrow(/megabytesPerSecondPerTiB/);
});
