import { Token } from 'aws-cdk-lib';
import { FSX_LUSTRE } from '../../core/catalog/fsx-lustre';
import type { PlanStorage } from '../../core/planning/plan';
import { type LustreRules, smallestLustre } from './lustre-rules';

/** Size and throughput tier of a file system. */
interface SizeAndTier {
  readonly sizeGiB: number;
  readonly throughputMBpsPerTiB: number;
}

/** The size and tier that a plan needs, as far as they are not given. Undefined if both are given, or if no tier is enough. */
export function lustreFor(
  need: PlanStorage,
  { sizeGiB, throughputMBpsPerTiB: tier, efa = false }: LustreRules,
): SizeAndTier | undefined {
  if (sizeGiB === undefined) return cheapest(need, efa, tier);
  return tier === undefined && !Token.isUnresolved(sizeGiB) ? slowestOf(need, sizeGiB, efa) : undefined;
}

/** The cheapest file system that is enough. With EFA, in the size steps of EFA. */
function cheapest({ tiers }: PlanStorage, efa: boolean, tier?: number): SizeAndTier | undefined {
  const sizes = tiers.map(({ tier: name, sizeGiB: min, usdPerMonth = Infinity }) => {
    const throughputMBpsPerTiB = Number(name);
    const sizeGiB = smallestLustre(min, efa, throughputMBpsPerTiB);
    return { sizeGiB, throughputMBpsPerTiB, usd: (usdPerMonth / min) * sizeGiB };
  });
  const [best] = sizes
    .filter(({ throughputMBpsPerTiB }) => tier === undefined || throughputMBpsPerTiB === tier)
    .sort((a, b) => a.usd - b.usd || a.sizeGiB - b.sizeGiB);
  return best && { sizeGiB: best.sizeGiB, throughputMBpsPerTiB: best.throughputMBpsPerTiB };
}

/** The slowest tier that is fast enough at a size, or the fastest tier with that size. */
function slowestOf({ readMBps, writeMBps }: PlanStorage, sizeGiB: number, efa: boolean): SizeAndTier | undefined {
  const possible = FSX_LUSTRE.tiers.filter(({ efaStepGiB }) => !efa || sizeGiB % efaStepGiB === 0);
  const needed = Math.max(readMBps, writeMBps);
  const enough = possible.find((row) => (sizeGiB / FSX_LUSTRE.gibPerTiB) * row.throughputMBpsPerTiB >= needed);
  const row = enough ?? possible.at(-1);
  return row && { sizeGiB, throughputMBpsPerTiB: row.throughputMBpsPerTiB };
}
