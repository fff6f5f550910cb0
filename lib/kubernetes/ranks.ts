import type { ProblemCollector } from '../core/errors';
import type { AcceleratorPool } from './pool';

const GPU_VENDORS: ReadonlySet<string> = new Set(['NVIDIA', 'AMD']);

/**
 * Returns the number of processes per node: one per GPU, or one per core in use for other accelerators. Adds a problem if the number is
 * unknown.
 */
export function ranksOf(problems: ProblemCollector, pool: AcceleratorPool, given: number | undefined): number {
  const perAccelerator = given ?? (GPU_VENDORS.has(pool.acceleratorVendor) ? 1 : undefined);
  if (perAccelerator === undefined) {
    problems.add({
      code: 'RanksUnknown',
      prop: 'ranksPerAccelerator',
      allowed: `set for accelerators of ${pool.acceleratorVendor}`,
      got: given,
      fix: 'Set it to the number of logical cores per accelerator, for example 2 for Trainium1.',
    });
    return 0;
  }
  if (!Number.isSafeInteger(perAccelerator) || perAccelerator < 1) {
    problems.add({
      code: 'RanksUnknown',
      prop: 'ranksPerAccelerator',
      allowed: 'a whole number of at least 1',
      got: given,
      fix: 'Set it to the number of processes that share one accelerator.',
    });
  }
  return perAccelerator * pool.acceleratorsPerNode;
}
