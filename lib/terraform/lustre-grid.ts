import type { StorageTier } from '../core/catalog/storage-tiers';
import { Problems } from '../core/errors';
import type { StorageContext } from '../core/planning/cluster-sizing';
import { sizedStorage, type StorageSizing } from '../core/planning/open-storage';
import type { PlanStorage } from '../core/planning/plan';
import { isKnown, isUnknown } from './tokens';

/** A size on the grid of a service, and what it gives. */
export interface LustreSize {
  readonly tier: StorageTier;
  readonly sizeGiB: number;
  readonly throughputMBps: number;
}

type Tier = StorageTier & Required<Pick<StorageTier, 'smallestGiB' | 'stepGiB' | 'largestGiB'>>;

/** Sizes that a service of Lustre file systems sells: for each tier of throughput a smallest size, a step, and a largest size. */
export class LustreGrid {
  /** MB/s for each TiB that a file system may have, slowest first. */
  readonly throughputs: readonly number[];
  private readonly tiers: readonly Tier[];

  /**
   * @param tiers those that the service sells; one without a documented size is none to check by
   * @param usual MB/s for each TiB, where nobody says otherwise
   * @param largest whether a size above the largest that is documented is refused, or is a matter between user and service
   */
  constructor(
    tiers: readonly StorageTier[],
    readonly usual: number,
    private readonly largest: 'limit' | 'advice' = 'limit',
  ) {
    this.tiers = tiers.filter(isSized);
    this.throughputs = this.tiers.map(({ MBpsPerTiB }) => MBpsPerTiB).sort((a, b) => a - b);
  }

  /** The size of a file system, or nothing, with the problem added. */
  check(problems: Problems, sizing: StorageSizing): LustreSize | undefined {
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
    const tiers = this.tiersFor(problems, throughputMBpsPerTiB, sizeGiB);
    if (sizeGiB !== undefined) return tiers[0] && this.onGrid(problems, tiers[0], sizeGiB);
    return smallestOf(problems, tiers, requiredThroughputMBps!);
  }

  /** The smallest size of a tier that holds so much. */
  smallest(gib: number, throughputMBpsPerTiB: number): number | undefined {
    const tier = this.tiers.find(({ MBpsPerTiB }) => MBpsPerTiB === throughputMBpsPerTiB);
    return tier && stepped(tier, gib);
  }

  /** Size and tier that do what a plan needs, as far as nobody stated them; nothing where both are stated, or no tier does. */
  planned(need: PlanStorage, { sizeGiB, throughputMBpsPerTiB: tier }: StorageSizing): StorageSizing | undefined {
    if (sizeGiB === undefined) {
      const [cheapest] = need.tiers
        .map((one) => ({ sizeGiB: one.sizeGiB, throughputMBpsPerTiB: this.throughputNamed(one.tier) }))
        .filter((one) => (tier === undefined || one.throughputMBpsPerTiB === tier) && this.isSold(one));
      return cheapest;
    }
    if (tier !== undefined || isUnknown(sizeGiB)) return undefined;
    const needed = Math.max(need.readMBps, need.writeMBps);
    const open = this.throughputs
      .map((throughputMBpsPerTiB) => ({ sizeGiB, throughputMBpsPerTiB }))
      .filter((one) => this.isSold(one));
    return open.find((one) => this.throughputOf(one) >= needed) ?? open.at(-1);
  }

  /** What is stated of a file system for training, and sizes of the service where they are left open. */
  sized<S extends StorageSizing>(stated: S, { nodes, need }: Pick<StorageContext, 'nodes' | 'need'>): S {
    return sizedStorage(stated, {
      nodes,
      planned: need && this.planned(need, stated),
      throughputMBpsPerTiB: this.usual,
      // A tier that the service does not have is refused as such.
      smallest: (gib, tier) => this.smallest(gib, tier) ?? 0,
    });
  }

  private throughputNamed(name: string): number {
    return this.tiers.find((tier) => tier.name === name)?.MBpsPerTiB ?? 0;
  }

  private isSold(sizing: StorageSizing): boolean {
    return this.throughputOf(sizing) > 0;
  }

  private throughputOf(sizing: StorageSizing): number {
    return this.check(new Problems(), sizing)?.throughputMBps ?? 0;
  }

  private tiersFor(problems: Problems, wanted: number | undefined, sizeGiB: number | undefined): readonly Tier[] {
    if (wanted === undefined)
      return sizeGiB === undefined ? this.tiers : this.tiers.filter(({ MBpsPerTiB }) => MBpsPerTiB === this.usual);
    const tiers = this.tiers.filter(({ MBpsPerTiB }) => MBpsPerTiB === wanted);
    if (tiers.length === 0) {
      const allowed = `one of ${this.throughputs.join(', ')}`;
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

  private onGrid(problems: Problems, tier: Tier, sizeGiB: number): LustreSize | undefined {
    const within = sizeGiB <= tier.largestGiB || (this.largest === 'advice' && Number.isFinite(sizeGiB));
    if (within && stepped(tier, sizeGiB) === sizeGiB) return sized(tier, sizeGiB);
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
}

function isSized(tier: StorageTier): tier is Tier {
  return tier.smallestGiB !== undefined && tier.stepGiB !== undefined && tier.largestGiB !== undefined;
}

/** The smallest size on the grid that is no less. */
function stepped({ smallestGiB, stepGiB, coarse }: Tier, sizeGiB: number): number {
  const step = coarse && sizeGiB > coarse.aboveGiB ? coarse.stepGiB : stepGiB;
  return Math.max(smallestGiB, Math.ceil(sizeGiB / step) * step);
}

function smallestOf(problems: Problems, tiers: readonly Tier[], needed: number): LustreSize | undefined {
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
