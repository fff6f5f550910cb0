import type { Duration } from 'aws-cdk-lib';
import { FSX_LUSTRE, type LustreTierRow } from '../../core/catalog/fsx-lustre';
import type { Problems } from '../../core/errors';
import { checkDataRepositories, type DataRepositoryProps } from './data-repository';
import { checkLustreMetadata, type LustreMetadata } from './lustre-metadata';
import { isKnown } from '../props/tokens';

/** What decides whether FSx takes a Lustre file system: a part of `LustreFileSystemProps`, so that a composite can check it first. */
export interface LustreRules {
  readonly sizeGiB?: number;
  readonly throughputMBpsPerTiB?: number;
  readonly requiredThroughputMBps?: number;
  readonly efa?: boolean;
  readonly metadata?: LustreMetadata;
  readonly backupRetention?: Duration;
  readonly dataRepositories?: readonly DataRepositoryProps[];
}

/** The size of a file system, and what it gives. */
export interface LustreSize {
  readonly sizeGiB: number;
  readonly throughputMBpsPerTiB: number;
  readonly throughputMBps: number;
}

const TIERS: readonly LustreTierRow[] = FSX_LUSTRE.tiers;
const DEFAULT_TIER = TIERS.find((row) => row.throughputMBpsPerTiB === 250);

/**
 * Adds whatever FSx would refuse at deployment, and tells the size where there is one.
 *
 * @see https://docs.aws.amazon.com/fsx/latest/APIReference/API_CreateFileSystem.html
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/increase-storage-capacity.html
 */
export function checkLustre(problems: Problems, rules: LustreRules): LustreSize | undefined {
  checkLustreMetadata(problems, rules.metadata);
  checkDataRepositories(problems, rules.dataRepositories ?? []);
  checkBackups(problems, rules);
  const tiers = checkTiers(problems, rules);
  const { sizeGiB, requiredThroughputMBps } = rules;
  if ((sizeGiB === undefined) === (requiredThroughputMBps === undefined)) {
    problems.add({
      code: 'LustreSizing',
      prop: 'sizeGiB',
      allowed: 'given, or else requiredThroughputMBps, and never both',
      got: sizeGiB === undefined ? 'neither' : 'both',
      fix: 'State the size if the data decides it, and the throughput if the nodes do.',
    });
    return undefined;
  }
  if (sizeGiB === undefined) return sizeFor(problems, rules, tiers);
  const tier = rules.throughputMBpsPerTiB === undefined ? DEFAULT_TIER : tiers?.[0];
  if (!isKnown(problems, 'sizeGiB', sizeGiB) || !tier) return undefined;
  checkSize(problems, sizeGiB, tier, rules.efa);
  return sizeOf(sizeGiB, tier);
}

/** The tier of a file system whose throughput nobody stated. */
export const DEFAULT_THROUGHPUT_MBPS_PER_TIB = 250;

/** The smallest size of a tier that holds so much; as it was given for a tier that does not exist, which `checkLustre` tells. */
export function smallestLustre(leastGiB: number, efa: boolean, throughputMBpsPerTiB: number): number {
  const tier = TIERS.find((row) => row.throughputMBpsPerTiB === throughputMBpsPerTiB);
  return tier ? smallestHolding(leastGiB, tier, efa) : leastGiB;
}

/** The tiers that are open: the one asked for, or all. */
function checkTiers(problems: Problems, { throughputMBpsPerTiB }: LustreRules): readonly LustreTierRow[] | undefined {
  if (throughputMBpsPerTiB === undefined) return TIERS;
  if (!isKnown(problems, 'throughputMBpsPerTiB', throughputMBpsPerTiB)) return undefined;
  const asked = TIERS.filter((tier) => tier.throughputMBpsPerTiB === throughputMBpsPerTiB);
  if (asked.length > 0) return asked;
  problems.add({
    code: 'LustreThroughput',
    prop: 'throughputMBpsPerTiB',
    allowed: `${TIERS.map((tier) => tier.throughputMBpsPerTiB).join(', ')} MB/s per TiB`,
    got: throughputMBpsPerTiB,
    fix: 'Take one of these, or leave it out.',
  });
  return undefined;
}

function checkSize(problems: Problems, sizeGiB: number, tier: LustreTierRow, efa = false): void {
  if (efa) {
    if (sizeGiB > 0 && sizeGiB % tier.efaStepGiB === 0) return;
    const steps = TIERS.map((row) => `${row.efaStepGiB} at ${row.throughputMBpsPerTiB}`).join(', ');
    problems.add({
      code: 'LustreEfaFloor',
      prop: 'sizeGiB',
      allowed: `a multiple of ${tier.efaStepGiB} GiB, since EFA is on at ${tier.throughputMBpsPerTiB} MB/s per TiB`,
      got: sizeGiB,
      fix: `Take ${multiplesAround(sizeGiB, tier.efaStepGiB)}, or change throughputMBpsPerTiB: steps are ${steps}.`,
    });
    return;
  }
  const { smallestGiB, stepGiB } = FSX_LUSTRE;
  if (sizeGiB === smallestGiB || (sizeGiB > 0 && sizeGiB % stepGiB === 0)) return;
  problems.add({
    code: 'LustreSize',
    prop: 'sizeGiB',
    allowed: `${smallestGiB}, or a multiple of ${stepGiB} GiB`,
    got: sizeGiB,
    fix: `Raise it to ${sizeGiB <= smallestGiB ? smallestGiB : roundUp(sizeGiB, stepGiB)}.`,
  });
}

/** The smallest file system that is fast enough; of equally small ones, the lowest tier. */
function sizeFor(
  problems: Problems,
  { requiredThroughputMBps: required, efa }: LustreRules,
  tiers: readonly LustreTierRow[] | undefined,
): LustreSize | undefined {
  if (!isKnown(problems, 'requiredThroughputMBps', required) || !tiers) return undefined;
  if (!(required > 0 && Number.isFinite(required))) {
    problems.add({
      code: 'LustreSizing',
      prop: 'requiredThroughputMBps',
      allowed: 'more than 0 MB/s',
      got: required,
      fix: 'State what all nodes read and write together.',
    });
    return undefined;
  }
  const sizes = tiers.map((tier) => sizeOf(smallestSize(required, tier, efa), tier));
  return sizes.reduce((best, size) => (size.sizeGiB < best.sizeGiB ? size : best));
}

function smallestSize(required: number, { throughputMBpsPerTiB, efaStepGiB }: LustreTierRow, efa = false): number {
  return smallestHolding(
    (required / throughputMBpsPerTiB) * FSX_LUSTRE.gibPerTiB,
    { throughputMBpsPerTiB, efaStepGiB },
    efa,
  );
}

function smallestHolding(needed: number, { efaStepGiB }: LustreTierRow, efa: boolean): number {
  if (efa) return roundUp(needed, efaStepGiB);
  return needed <= FSX_LUSTRE.smallestGiB ? FSX_LUSTRE.smallestGiB : roundUp(needed, FSX_LUSTRE.stepGiB);
}

function sizeOf(sizeGiB: number, { throughputMBpsPerTiB }: LustreTierRow): LustreSize {
  return { sizeGiB, throughputMBpsPerTiB, throughputMBps: (sizeGiB / FSX_LUSTRE.gibPerTiB) * throughputMBpsPerTiB };
}

function multiplesAround(value: number, step: number): string {
  const below = Math.floor(value / step) * step;
  return below > 0 ? `${below} or ${below + step}` : `${step}`;
}

function roundUp(value: number, step: number): number {
  return Number.isFinite(value) ? Math.max(1, Math.ceil(value / step)) * step : step;
}

function checkBackups(problems: Problems, { backupRetention, dataRepositories = [] }: LustreRules): void {
  if (backupRetention === undefined) return;
  const most = dataRepositories.length > 0 ? 0 : FSX_LUSTRE.mostBackupDays;
  const days = backupRetention.isUnresolved() ? Number.NaN : backupRetention.toDays({ integral: false });
  if (Number.isInteger(days) && days <= most) return;
  problems.add({
    code: 'LustreBackup',
    prop: 'backupRetention',
    allowed:
      most === 0 ? 'left out, since FSx backs up no file system with a data repository' : `0 to ${most} whole days`,
    got: backupRetention.isUnresolved() ? 'a token' : backupRetention.toHumanString(),
    fix:
      most === 0 ? 'Export to the bucket, whose versions are the backup.' : 'Use Duration.days(…) within that range.',
  });
}
