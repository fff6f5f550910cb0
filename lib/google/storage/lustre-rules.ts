import { type StorageTier, storageTiers } from '../../core/catalog/storage-tiers';
import type { Problems } from '../../core/errors';
import type { StorageSizing } from '../../core/planning/open-storage';
import { isKnown } from '../../terraform/tokens';

/** A size on the grid of the service, and what it gives. */
export interface LustreSize {
  readonly tier: StorageTier;
  readonly sizeGiB: number;
  readonly throughputMBps: number;
}

type Tier = StorageTier & Required<Pick<StorageTier, 'smallestGiB' | 'stepGiB' | 'largestGiB'>>;

/** The dynamic tier needs a newer provider than the bindings are of. */
const TIERS = storageTiers('google').filter((tier): tier is Tier => tier.name !== '25-dynamic');

/** MB/s for each TiB that a file system may have, slowest first. */
export const LUSTRE_THROUGHPUTS = TIERS.map(({ MBpsPerTiB }) => MBpsPerTiB).sort((a, b) => a - b);

/** MB/s for each TiB, where nobody says otherwise. */
export const DEFAULT_TIER = 500;

/**
 * The size of a file system, or nothing, with the problem added.
 *
 * @see https://cloud.google.com/managed-lustre/docs/create-instance#performance-tiers
 */
export function checkLustreSize(problems: Problems, sizing: StorageSizing): LustreSize | undefined {
  const { sizeGiB, throughputMBpsPerTiB, requiredThroughputMBps } = sizing;
  const known = [
    throughputMBpsPerTiB === undefined || isKnown(problems, 'throughputMBpsPerTiB', throughputMBpsPerTiB),
    sizeGiB === undefined || isKnown(problems, 'sizeGiB', sizeGiB),
    requiredThroughputMBps === undefined || isKnown(problems, 'requiredThroughputMBps', requiredThroughputMBps),
  ];
  if (!known.every(Boolean)) return undefined;
  if ((sizeGiB === undefined) === (requiredThroughputMBps === undefined)) {
    problems.add({
      code: 'LustreSizing',
      prop: 'sizeGiB',
      allowed: 'given where requiredThroughputMBps is not, and left out where it is',
      got: sizeGiB,
      fix: 'State the size, or what all clients together must read.',
    });
    return undefined;
  }
  const tiers = tiersFor(problems, throughputMBpsPerTiB, sizeGiB);
  if (sizeGiB !== undefined) return tiers[0] && onGrid(problems, tiers[0], sizeGiB);
  return smallest(problems, tiers, requiredThroughputMBps!);
}

/** The smallest size of a tier that holds so much. */
export function smallestLustre(gib: number, throughputMBpsPerTiB: number): number | undefined {
  const tier = TIERS.find(({ MBpsPerTiB }) => MBpsPerTiB === throughputMBpsPerTiB);
  return tier && stepped(tier, gib);
}

function tiersFor(problems: Problems, wanted: number | undefined, sizeGiB: number | undefined): Tier[] {
  if (wanted === undefined)
    return sizeGiB === undefined ? TIERS : TIERS.filter(({ MBpsPerTiB }) => MBpsPerTiB === DEFAULT_TIER);
  const tiers = TIERS.filter(({ MBpsPerTiB }) => MBpsPerTiB === wanted);
  if (tiers.length === 0) {
    const allowed = `one of ${LUSTRE_THROUGHPUTS.join(', ')}`;
    problems.add({
      code: 'LustreThroughput',
      prop: 'throughputMBpsPerTiB',
      allowed,
      got: wanted,
      fix: 'Take the next tier above.',
    });
  }
  return tiers;
}

function onGrid(problems: Problems, tier: Tier, sizeGiB: number): LustreSize | undefined {
  if (stepped(tier, sizeGiB) === sizeGiB) return sized(tier, sizeGiB);
  const { smallestGiB, stepGiB, coarse, largestGiB, MBpsPerTiB } = tier;
  const beyond = coarse ? `; above ${coarse.aboveGiB} in steps of ${coarse.stepGiB}` : '';
  const next = stepped(tier, Math.min(Math.max(sizeGiB, 0) || 0, largestGiB));
  problems.add({
    code: 'LustreSize',
    prop: 'sizeGiB',
    allowed: `${smallestGiB} to ${largestGiB} GiB in steps of ${stepGiB} at ${MBpsPerTiB} MB/s per TiB${beyond}`,
    got: sizeGiB,
    fix: `Take ${next}, or another throughputMBpsPerTiB.`,
  });
  return undefined;
}

/** The smallest size on the grid that is no less. */
function stepped({ smallestGiB, stepGiB, coarse }: Tier, sizeGiB: number): number {
  const step = coarse && sizeGiB > coarse.aboveGiB ? coarse.stepGiB : stepGiB;
  return Math.max(smallestGiB, Math.ceil(sizeGiB / step) * step);
}

function smallest(problems: Problems, tiers: readonly Tier[], needed: number): LustreSize | undefined {
  const fitting = tiers
    .map((tier) => sized(tier, stepped(tier, (needed / tier.MBpsPerTiB) * tier.gibPerTiB)))
    .filter(({ tier, sizeGiB }) => sizeGiB <= tier.largestGiB! && needed > 0 && Number.isFinite(needed))
    .sort((a, b) => a.sizeGiB - b.sizeGiB || a.throughputMBps - b.throughputMBps);
  if (fitting.length === 0 && tiers.length > 0) {
    const most = Math.max(
      ...tiers.map(({ largestGiB, MBpsPerTiB, gibPerTiB }) => (largestGiB / gibPerTiB) * MBpsPerTiB),
    );
    const allowed = `more than 0 and at most ${most} MB/s`;
    problems.add({
      code: 'LustreSizing',
      prop: 'requiredThroughputMBps',
      allowed,
      got: needed,
      fix: 'Spread the data over several file systems.',
    });
  }
  return fitting[0];
}

function sized(tier: Tier, sizeGiB: number): LustreSize {
  return { tier, sizeGiB, throughputMBps: (sizeGiB / tier.gibPerTiB) * tier.MBpsPerTiB };
}
