import type { Problems } from '../core/errors';
import type { AcceleratorPool } from './pool';

const GPU_VENDORS: ReadonlySet<string> = new Set(['NVIDIA', 'AMD']);

/** Processes of a node: a GPU runs one, other accelerators as many as they have cores in use. Adds a problem if that is unknown. */
export function ranksOf(problems: Problems, pool: AcceleratorPool, given: number | undefined): number {
  const perAccelerator = given ?? (GPU_VENDORS.has(pool.acceleratorVendor) ? 1 : undefined);
  if (perAccelerator === undefined) {
    problems.add({
      code: 'RanksUnknown',
      prop: 'ranksPerAccelerator',
      allowed: `given for accelerators of ${pool.acceleratorVendor}`,
      got: given,
      fix: 'Give the logical cores of one accelerator, e.g. 2 for Trainium1.',
    });
    return 0;
  }
  if (!Number.isSafeInteger(perAccelerator) || perAccelerator < 1) {
    problems.add({
      code: 'RanksUnknown',
      prop: 'ranksPerAccelerator',
      allowed: 'a whole number of at least 1',
      got: given,
      fix: 'Give the processes that share one accelerator.',
    });
  }
  return perAccelerator * pool.acceleratorsPerNode;
}
