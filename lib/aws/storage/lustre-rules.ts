import type { Duration } from 'aws-cdk-lib';
import { FSX_LUSTRE, type LustreTierRow } from '../../core/catalog/fsx-lustre';
import type { ProblemCollector } from '../../core/errors';
import { checkDataRepositories, type DataRepositoryProps } from './data-repository';
import { checkLustreMetadata, type LustreMetadata } from './lustre-file-system';
import { isKnown } from '../props/tokens';

/** The values of a Lustre file system that FSx validates. A composite can check them before it creates the file system. */
export interface LustreRules {
  readonly sizeGiB?: number;
  readonly throughputMBpsPerTiB?: number;
  readonly requiredThroughputMBps?: number;
  readonly efa?: boolean;
  readonly metadata?: LustreMetadata;
  readonly backupRetention?: Duration;
  readonly dataRepositories?: readonly DataRepositoryProps[];
}

/** Size and throughput of a file system. */
export interface LustreSize {
  readonly sizeGiB: number;
  readonly throughputMBpsPerTiB: number;
  readonly throughputMBps: number;
}

const TIERS: readonly LustreTierRow[] = FSX_LUSTRE.tiers;
const DEFAULT_TIER = TIERS.find((row) => row.throughputMBpsPerTiB === 250);

/**
 * Adds each problem that FSx would report at deployment. Returns the size if it is defined.
 *
 * @see https://docs.aws.amazon.com/fsx/latest/APIReference/API_CreateFileSystem.html
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/increase-storage-capacity.html
 */
export function checkLustre(problems: ProblemCollector, rules: LustreRules): LustreSize | undefined {
  checkLustreMetadata(problems, rules.metadata);
  checkDataRepositories(problems, rules.dataRepositories ?? []);
  checkBackups(problems, rules);
  const tiers = checkTiers(problems, rules);
  const { sizeGiB, requiredThroughputMBps } = rules;
  if ((sizeGiB === undefined) === (requiredThroughputMBps === undefined)) {
    problems.add({
      code: 'LustreSizing',
      prop: 'size',
      allowed: 'set if requiredThroughputMBps is left out, and left out if it is set',
      got: sizeGiB === undefined ? 'neither' : 'both',
      fix: 'Set the size if the data decides it, or the throughput if the nodes decide it.',
    });
    return undefined;
  }
  if (sizeGiB === undefined) return sizeFor(problems, rules, tiers);
  const tier = rules.throughputMBpsPerTiB === undefined ? DEFAULT_TIER : tiers?.[0];
  if (!isKnown(problems, 'size', sizeGiB) || !tier) return undefined;
  checkSize(problems, sizeGiB, tier, rules.efa);
  return sizeOf(sizeGiB, tier);
}

/** The default throughput tier. */
export const DEFAULT_THROUGHPUT_MBPS_PER_TIB = 250;

/** The smallest size of a tier with at least `minGiB`. For a tier that does not exist, `minGiB` itself: `checkLustre` reports the tier. */
export function smallestLustre(minGiB: number, efa: boolean, throughputMBpsPerTiB: number): number {
  const tier = TIERS.find((row) => row.throughputMBpsPerTiB === throughputMBpsPerTiB);
  return tier ? smallestHolding(minGiB, tier, efa) : minGiB;
}

/** The possible tiers: the given one, or all. */
function checkTiers(
  problems: ProblemCollector,
  { throughputMBpsPerTiB }: LustreRules,
): readonly LustreTierRow[] | undefined {
  if (throughputMBpsPerTiB === undefined) return TIERS;
  if (!isKnown(problems, 'throughputMBpsPerTiB', throughputMBpsPerTiB)) return undefined;
  const given = TIERS.filter((tier) => tier.throughputMBpsPerTiB === throughputMBpsPerTiB);
  if (given.length > 0) return given;
  problems.add({
    code: 'LustreThroughput',
    prop: 'throughputMBpsPerTiB',
    allowed: `${TIERS.map((tier) => tier.throughputMBpsPerTiB).join(', ')} MB/s per TiB`,
    got: throughputMBpsPerTiB,
    fix: 'Use one of these values, or remove it.',
  });
  return undefined;
}

function checkSize(problems: ProblemCollector, sizeGiB: number, tier: LustreTierRow, efa = false): void {
  if (efa) {
    if (sizeGiB > 0 && sizeGiB % tier.efaStepGiB === 0) return;
    const steps = TIERS.map((row) => `${row.efaStepGiB} at ${row.throughputMBpsPerTiB}`).join(', ');
    problems.add({
      code: 'LustreEfaFloor',
      prop: 'size',
      allowed: `a multiple of ${tier.efaStepGiB} GiB with EFA at ${tier.throughputMBpsPerTiB} MB/s per TiB`,
      got: `${sizeGiB} GiB`,
      fix: `Use ${multiplesAround(sizeGiB, tier.efaStepGiB)} GiB, or change throughputMBpsPerTiB (steps in GiB: ${steps}).`,
    });
    return;
  }
  const { smallestGiB, stepGiB } = FSX_LUSTRE;
  if (sizeGiB === smallestGiB || (sizeGiB > 0 && sizeGiB % stepGiB === 0)) return;
  problems.add({
    code: 'LustreSize',
    prop: 'size',
    allowed: `${smallestGiB} GiB, or a multiple of ${stepGiB} GiB`,
    got: `${sizeGiB} GiB`,
    fix: `Use ${sizeGiB <= smallestGiB ? smallestGiB : roundUp(sizeGiB, stepGiB)} GiB.`,
  });
}

/** The smallest file system with enough throughput. If several tiers have the same size, the lowest one. */
function sizeFor(
  problems: ProblemCollector,
  { requiredThroughputMBps: required, efa }: LustreRules,
  tiers: readonly LustreTierRow[] | undefined,
): LustreSize | undefined {
  if (!isKnown(problems, 'requiredThroughputMBps', required) || !tiers) return undefined;
  if (!(required > 0 && Number.isFinite(required))) {
    problems.add({
      code: 'LustreSizing',
      prop: 'requiredThroughputMBps',
      allowed: 'a number greater than 0',
      got: required,
      fix: 'Use the throughput that all nodes need together, in MB/s.',
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

function checkBackups(problems: ProblemCollector, { backupRetention, dataRepositories = [] }: LustreRules): void {
  if (backupRetention === undefined) return;
  const max = dataRepositories.length > 0 ? 0 : FSX_LUSTRE.maxBackupDays;
  const days = backupRetention.isUnresolved() ? Number.NaN : backupRetention.toDays({ integral: false });
  if (Number.isInteger(days) && days <= max) return;
  problems.add({
    code: 'LustreBackup',
    prop: 'backupRetention',
    allowed:
      max === 0 ? 'left out for a file system with data repositories' : `a whole number of days from 0 to ${max}`,
    got: backupRetention.isUnresolved() ? 'a token' : backupRetention.toHumanString(),
    fix:
      max === 0
        ? 'Export to the bucket, and use its object versions as the backup.'
        : 'Use Duration.days(…) in that range.',
  });
}
