import type { StorageTier } from '../core/catalog/storage-tiers';
import { ProblemCollector } from '../core/errors';
import type { StorageContext } from '../core/planning/layout/cluster-sizing';
import { resolveStorage, type StorageSizing } from '../core/planning/storage/open-storage';
import type { PlanStorage } from '../core/planning/plan';
import { isKnown, isUnknown } from './tokens';

/** A valid size of a file system, with its throughput. */
export interface LustreSize {
  /** Throughput tier. */
  readonly tier: StorageTier;
  /** Size in GiB. */
  readonly sizeGiB: number;
  /** Throughput in MB/s. */
  readonly throughputMBps: number;
}

type Tier = StorageTier & Required<Pick<StorageTier, 'smallestGiB' | 'stepGiB' | 'largestGiB'>>;

/** Sizes of a managed parallel file system: minimum, step, and maximum for each throughput tier. */
export class LustreGrid {
  /** Throughput tiers in MB/s per TiB, slowest first. */
  readonly throughputs: readonly number[];
  private readonly tiers: readonly Tier[];

  /**
   * @param tiers tiers of the service. Tiers without documented sizes are ignored.
   * @param usual default throughput in MB/s per TiB
   * @param largest whether sizes above the documented maximum are rejected, or only advised against
   */
  constructor(
    tiers: readonly StorageTier[],
    readonly usual: number,
    private readonly largest: 'limit' | 'advice' = 'limit',
  ) {
    this.tiers = tiers.filter(isSized);
    this.throughputs = this.tiers.map(({ MBpsPerTiB }) => MBpsPerTiB).sort((a, b) => a - b);
  }

  /** Returns the size of a file system, or adds a problem and returns undefined. */
  check(problems: ProblemCollector, sizing: StorageSizing): LustreSize | undefined {
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
        allowed: 'set if requiredThroughputMBps is unset, and unset if it is set',
        got: sizeGiB,
        fix: 'Set either sizeGiB or requiredThroughputMBps.',
      });
      return undefined;
    }
    const tiers = this.tiersFor(problems, throughputMBpsPerTiB, sizeGiB);
    if (sizeGiB !== undefined) return tiers[0] && this.onGrid(problems, tiers[0], sizeGiB);
    return smallestOf(problems, tiers, requiredThroughputMBps!);
  }

  /** Returns the minimum size of a tier for a capacity. */
  smallest(gib: number, throughputMBpsPerTiB: number): number | undefined {
    const tier = this.tiers.find(({ MBpsPerTiB }) => MBpsPerTiB === throughputMBpsPerTiB);
    return tier && stepped(tier, gib);
  }

  /** Returns the size and tier for a plan, if they are open. Undefined if both are set, or no tier is sufficient. */
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

  /** Fills in the open sizes of a file system for training. */
  sized<S extends StorageSizing>(stated: S, { nodes, need }: Pick<StorageContext, 'nodes' | 'need'>): S {
    return resolveStorage(stated, {
      nodes,
      planned: need && this.planned(need, stated),
      throughputMBpsPerTiB: this.usual,
      // Another check rejects an unknown tier.
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
    return this.check(new ProblemCollector(), sizing)?.throughputMBps ?? 0;
  }

  private tiersFor(
    problems: ProblemCollector,
    wanted: number | undefined,
    sizeGiB: number | undefined,
  ): readonly Tier[] {
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
        fix: 'Use the next higher tier.',
      });
    }
    return tiers;
  }

  private onGrid(problems: ProblemCollector, tier: Tier, sizeGiB: number): LustreSize | undefined {
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
      fix: `Use ${next}, or another throughputMBpsPerTiB.`,
    });
    return undefined;
  }
}

function isSized(tier: StorageTier): tier is Tier {
  return tier.smallestGiB !== undefined && tier.stepGiB !== undefined && tier.largestGiB !== undefined;
}

/** Rounds up to the next valid size. */
function stepped({ smallestGiB, stepGiB, coarse }: Tier, sizeGiB: number): number {
  const step = coarse && sizeGiB > coarse.aboveGiB ? coarse.stepGiB : stepGiB;
  return Math.max(smallestGiB, Math.ceil(sizeGiB / step) * step);
}

function smallestOf(problems: ProblemCollector, tiers: readonly Tier[], needed: number): LustreSize | undefined {
  const fitting = tiers
    .map((tier) => sized(tier, stepped(tier, (needed / tier.MBpsPerTiB) * tier.gibPerTiB)))
    .filter(
      ({ tier, sizeGiB }) => sizeGiB <= tier.largestGiB! && needed > 0 && needed <= (tier.largestMBps ?? Infinity),
    )
    .sort((a, b) => a.sizeGiB - b.sizeGiB || a.throughputMBps - b.throughputMBps);
  if (fitting.length === 0 && tiers.length > 0) {
    const max = Math.max(...tiers.map((tier) => throughputOf(tier, tier.largestGiB)));
    const allowed = `greater than 0 and at most ${max} MB/s`;
    problems.add({
      code: 'LustreSizing',
      prop: 'requiredThroughputMBps',
      allowed,
      got: needed,
      fix: 'Use several file systems.',
    });
  }
  return fitting[0];
}

function sized(tier: Tier, sizeGiB: number): LustreSize {
  return { tier, sizeGiB, throughputMBps: throughputOf(tier, sizeGiB) };
}

function throughputOf({ MBpsPerTiB, gibPerTiB, largestMBps = Infinity }: Tier, sizeGiB: number): number {
  return Math.min((sizeGiB / gibPerTiB) * MBpsPerTiB, largestMBps);
}
