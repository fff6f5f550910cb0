import * as fc from 'fast-check';
import { Problems } from '../../../lib/core/errors';
import { machinesFor, replicaSize } from '../../../lib/kubernetes/serving/replica-layout';

const machine = { name: 'm', accelerators: 8, acceleratorMemoryGiB: 80 };
const of = (sizeGiB: number, acceleratorsPerReplica?: number) => ({
  machine,
  sizeGiB,
  acceleratorsPerReplica,
  hasLoad: false,
});

test('machines hold all replicas, and one machine less would not', () => {
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

test('a replica is the fewest accelerators that hold the weights: a power of two within a machine, else whole machines', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 4000, noNaN: true }), (sizeGiB) => {
      const problems = new Problems();
      const size = replicaSize(problems, of(sizeGiB), undefined);
      expect(problems.all).toEqual([]);
      expect(size * 80 * 0.9).toBeGreaterThanOrEqual(sizeGiB);
      expect(size <= 8 ? Number.isInteger(Math.log2(size)) : size % 8 === 0).toBe(true);
      const smaller = size <= 8 ? size / 2 : size - 8;
      if (smaller >= 1) expect(smaller * 80 * 0.9).toBeLessThan(sizeGiB);
    }),
  );
});

test('one that is stated too small is refused with the least that would do', () => {
  const problems = new Problems();
  expect(replicaSize(problems, of(140, 1), undefined)).toBe(1);
  expect(problems.all).toMatchObject([{ code: 'MemoryTooSmall', allowed: expect.stringMatching(/^at least 2:/) }]);
});
