import type { PlanStorage } from '../../core/planning/plan';
import { isUnknown } from '../../terraform/tokens';
import { checkLustreSize, type LustreSizing } from './lustre-rules';
import { Problems } from '../../core/errors';

/** Size and tier that do what a plan needs, as far as nobody stated them; nothing where both are stated, or no tier does. */
export function lustreFor(
  need: PlanStorage,
  { sizeGiB, throughputMBpsPerTiB: tier }: LustreSizing,
): LustreSizing | undefined {
  if (sizeGiB === undefined) {
    const [cheapest] = need.tiers
      .map((one) => ({ sizeGiB: one.sizeGiB, throughputMBpsPerTiB: Number(one.tier) }))
      .filter((one) => (tier === undefined || one.throughputMBpsPerTiB === tier) && isSold(one));
    return cheapest;
  }
  if (tier !== undefined || isUnknown(sizeGiB)) return undefined;
  const needed = Math.max(need.readMBps, need.writeMBps);
  const open = TIERS.map((throughputMBpsPerTiB) => ({ sizeGiB, throughputMBpsPerTiB })).filter(isSold);
  return open.find((one) => throughputOf(one) >= needed) ?? open.at(-1);
}

const TIERS = [125, 250, 500, 1000];

function isSold(sizing: LustreSizing): boolean {
  return throughputOf(sizing) > 0;
}

function throughputOf(sizing: LustreSizing): number {
  return checkLustreSize(new Problems(), sizing)?.throughputMBps ?? 0;
}
