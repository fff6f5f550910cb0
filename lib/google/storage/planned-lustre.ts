import { Problems } from '../../core/errors';
import type { StorageSizing } from '../../core/planning/open-storage';
import type { PlanStorage } from '../../core/planning/plan';
import { isUnknown } from '../../terraform/tokens';
import { checkLustreSize, LUSTRE_THROUGHPUTS } from './lustre-rules';

/** Size and tier that do what a plan needs, as far as nobody stated them; nothing where both are stated, or no tier does. */
export function lustreFor(
  need: PlanStorage,
  { sizeGiB, throughputMBpsPerTiB: tier }: StorageSizing,
): StorageSizing | undefined {
  if (sizeGiB === undefined) {
    const [cheapest] = need.tiers
      .map((one) => ({ sizeGiB: one.sizeGiB, throughputMBpsPerTiB: Number(one.tier) }))
      .filter((one) => (tier === undefined || one.throughputMBpsPerTiB === tier) && isSold(one));
    return cheapest;
  }
  if (tier !== undefined || isUnknown(sizeGiB)) return undefined;
  const needed = Math.max(need.readMBps, need.writeMBps);
  const open = LUSTRE_THROUGHPUTS.map((throughputMBpsPerTiB) => ({ sizeGiB, throughputMBpsPerTiB })).filter(isSold);
  return open.find((one) => throughputOf(one) >= needed) ?? open.at(-1);
}

function isSold(sizing: StorageSizing): boolean {
  return throughputOf(sizing) > 0;
}

function throughputOf(sizing: StorageSizing): number {
  return checkLustreSize(new Problems(), sizing)?.throughputMBps ?? 0;
}
