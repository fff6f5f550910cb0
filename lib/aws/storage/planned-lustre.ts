import { Token } from 'aws-cdk-lib';
import { FSX_LUSTRE } from '../../core/catalog/fsx-lustre';
import type { PlanStorage } from '../../core/planning/plan';
import { type LustreRules, smallestLustre } from './lustre-rules';

/** The two that fix a file system. */
interface SizeAndTier {
  readonly sizeGiB: number;
  readonly throughputMBpsPerTiB: number;
}

/** Size and tier that do what a plan needs, as far as nobody stated them; nothing where both are stated, or no tier does. */
export function lustreFor(
  need: PlanStorage,
  { sizeGiB, throughputMBpsPerTiB: tier, efa = false }: LustreRules,
): SizeAndTier | undefined {
  if (sizeGiB === undefined) return cheapest(need, efa, tier);
  return tier === undefined && !Token.isUnresolved(sizeGiB) ? slowestOf(need, sizeGiB, efa) : undefined;
}

/** The cheapest file system of those that suffice, with EFA on the grid that EFA demands. */
function cheapest({ tiers }: PlanStorage, efa: boolean, tier?: number): SizeAndTier | undefined {
  const sizes = tiers.map(({ tier: name, sizeGiB: least, usdPerMonth = Infinity }) => {
    const throughputMBpsPerTiB = Number(name);
    const sizeGiB = smallestLustre(least, efa, throughputMBpsPerTiB);
    return { sizeGiB, throughputMBpsPerTiB, usd: (usdPerMonth / least) * sizeGiB };
  });
  const [best] = sizes
    .filter(({ throughputMBpsPerTiB }) => tier === undefined || throughputMBpsPerTiB === tier)
    .sort((a, b) => a.usd - b.usd || a.sizeGiB - b.sizeGiB);
  return best && { sizeGiB: best.sizeGiB, throughputMBpsPerTiB: best.throughputMBpsPerTiB };
}

/** The slowest tier that is fast enough at a size; the fastest that has the size, where none is. */
function slowestOf({ readMBps, writeMBps }: PlanStorage, sizeGiB: number, efa: boolean): SizeAndTier | undefined {
  const open = FSX_LUSTRE.tiers.filter(({ efaStepGiB }) => !efa || sizeGiB % efaStepGiB === 0);
  const needed = Math.max(readMBps, writeMBps);
  const enough = open.find((row) => (sizeGiB / FSX_LUSTRE.gibPerTiB) * row.throughputMBpsPerTiB >= needed);
  const row = enough ?? open.at(-1);
  return row && { sizeGiB, throughputMBpsPerTiB: row.throughputMBpsPerTiB };
}
