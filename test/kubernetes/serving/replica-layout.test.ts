import * as fc from 'fast-check';
import { ProblemCollector } from '../../../lib/core/errors';
import { machinesFor, replicaSize } from '../../../lib/kubernetes/serving/replica-layout';

const machine = { name: 'm', accelerators: 8, acceleratorMemoryGiB: 80 };
const of = (sizeGiB: number, acceleratorsPerReplica?: number) => ({
  machine,
  sizeGiB,
  acceleratorsPerReplica,
  hasLoad: false,
});

test('returns the smallest number of machines that fits all replicas', () => {
  const size = fc.oneof(
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 2, max: 6 }).map((machines) => 8 * machines),
  );
  fc.assert(
    fc.property(size, fc.integer({ min: 1, max: 50 }), (accelerators, replicas) => {
      const machines = machinesFor(machine, accelerators, replicas);
      const held = (count: number) =>
        accelerators > 8 ? Math.floor((count * 8) / accelerators) : count * Math.floor(8 / accelerators);
      expect(held(machines)).toBeGreaterThanOrEqual(replicas);
      expect(held(machines - 1)).toBeLessThan(replicas);
    }),
  );
});

test('uses the minimum number of accelerators for the weights: a power of two, or whole machines', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 4000, noNaN: true }), (sizeGiB) => {
      const problems = new ProblemCollector();
      const size = replicaSize(problems, of(sizeGiB), undefined);
      expect(problems.all).toEqual([]);
      expect(size * 80 * 0.9).toBeGreaterThanOrEqual(sizeGiB);
      expect(size <= 8 ? Number.isInteger(Math.log2(size)) : size % 8 === 0).toBe(true);
      const smaller = size <= 8 ? size / 2 : size - 8;
      if (smaller >= 1) expect(smaller * 80 * 0.9).toBeLessThan(sizeGiB);
    }),
  );
});

test('rejects a replica that is too small and reports the minimum', () => {
  const problems = new ProblemCollector();
  expect(replicaSize(problems, of(140, 1), undefined)).toBe(1);
  expect(problems.all).toMatchObject([
    { code: 'MemoryTooSmall', allowed: expect.stringMatching(/^at least 2 for weights of /) },
  ]);
});
