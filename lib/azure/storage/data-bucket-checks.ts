import { DATA_CLASS_FLOORS, DataClass } from '../../core/data-class';
import { DataPurpose, type Retention } from '../../core/data-purpose';
import type { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkHierarchical, checkKept, type RetentionLimits } from '../../terraform/bucket-retention';
import { isKnown } from '../../terraform/tokens';
import { checkResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { type DataBucketProps, StorageRedundancy } from './data-bucket-props';
import { DATA_BUCKET_PROPS } from '../prop-schemas';

/**
 * Limits of soft delete and retention locks. A lifecycle rule supports up to 99,999 days (validation of azurerm 4.55, recalled, unverified).
 * Noncurrent versions are kept at most as long as soft delete supports.
 *
 * @see https://learn.microsoft.com/en-us/azure/storage/blobs/soft-delete-blob-overview
 * @see https://learn.microsoft.com/en-us/azure/storage/blobs/immutable-time-based-retention-policy-overview
 */
const LIMITS: RetentionLimits = {
  service: 'Azure Storage',
  softDelete: { min: 1, max: 365 },
  longestLockDays: 146_000,
  longestLifeDays: 99_999,
  longestVersionDays: 365,
};

/** How long a bucket keeps data. */
export interface BucketRetention extends Retention {
  /** Days that deleted objects can be restored. 0 turns soft delete off. */
  readonly softDeleteDays: number;
}

const SOFT_DELETE_DAYS = 7;

/** Adds each problem in the props of a bucket, and returns how long it keeps data. */
export function checkDataBucket(problems: ProblemCollector, props: DataBucketProps): BucketRetention {
  if (!validateProps(problems, props, DATA_BUCKET_PROPS)) return { softDeleteDays: 0 };
  const { hierarchical = false, retention, versioned = !hierarchical && !retention } = props;
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  const workspace = 'Microsoft.OperationalInsights/workspaces';
  checkResourceId(problems, 'accessLogs.id', props.accessLogs?.id, workspace);
  // @see https://learn.microsoft.com/en-us/azure/storage/blobs/storage-feature-support-in-storage-accounts
  if (hierarchical) checkHierarchical(problems, { versioned: props.versioned, restoreDays: props.restoreDays });
  if (props.nfs) checkNfs(problems, props);
  if (props.premium) checkPremium(problems, props);
  if (props.accountKeys) checkKeys(problems, props);
  if (retention) checkLock(problems, props);
  const retained = checkKept(problems, retention ? { ...props, expirationDays: undefined } : props, versioned, LIMITS);
  const requested = props.softDeleteDays ?? (props.purpose === DataPurpose.CHECKPOINTS ? 0 : SOFT_DELETE_DAYS);
  // A lifecycle rule deletes a version by its age, not by the time of its replacement. Soft delete keeps it for the promised days.
  // @see https://learn.microsoft.com/en-us/azure/storage/blobs/lifecycle-management-policy-structure#action-run-conditions
  const softDeleteDays = Math.max(requested, retained.oldVersionDays ?? 0);
  checkRestore(problems, props, versioned, softDeleteDays);
  return { ...retained, softDeleteDays };
}

type Contradiction = readonly [prop: keyof DataBucketProps, isWrong: boolean, allowed: string, fix: string];

function addContradictions(
  problems: ProblemCollector,
  props: DataBucketProps,
  contradictions: readonly Contradiction[],
): void {
  for (const [prop, isWrong, allowed, fix] of contradictions)
    if (isWrong) problems.add({ code: 'BucketOption', prop, allowed, got: props[prop], fix });
}

/** Lifecycle rules cannot delete from a container with a lock, not even after the lock. @see https://learn.microsoft.com/en-us/azure/storage/blobs/lifecycle-management-policy-structure#actions */
function checkLock(problems: ProblemCollector, props: DataBucketProps): void {
  const allowed = 'left out with retention, because lifecycle rules cannot delete from a locked container';
  addContradictions(problems, props, [
    ['expirationDays', props.expirationDays !== undefined, allowed, 'Use a separate bucket for locked data.'],
  ]);
}

/** An account key gives access to the whole account, and logs do not show who used it. */
function checkKeys(problems: ProblemCollector, { dataClass = DataClass.INTERNAL }: DataBucketProps): void {
  if (!DATA_CLASS_FLOORS[dataClass].customerKey) return;
  problems.add({
    code: 'DataClassFloor',
    prop: 'accountKeys',
    allowed: `false for ${dataClass} data`,
    got: true,
    fix: 'Use a separate bucket for staging data of a lower class.',
  });
}

/** @see https://learn.microsoft.com/en-us/azure/storage/blobs/network-file-system-protocol-known-issues */
function checkNfs(problems: ProblemCollector, props: DataBucketProps): void {
  const { redundancy, hierarchical, retention, network } = props;
  addContradictions(problems, props, [
    [
      'hierarchical',
      hierarchical === false,
      'true or unset with NFS, which requires a hierarchical namespace',
      'Remove hierarchical.',
    ],
    [
      'retention',
      retention !== undefined,
      'left out with NFS, which does not support locks',
      'Use a separate bucket for locked data.',
    ],
    [
      'network',
      network === undefined,
      'set with NFS, whose clients connect only from a network',
      'Set the network of the nodes.',
    ],
    ['redundancy', !staysInRegion(redundancy), 'LRS or ZRS with NFS', 'Use StorageRedundancy.ZONES.'],
  ]);
}

/** @see https://learn.microsoft.com/en-us/azure/storage/common/storage-account-overview#types-of-storage-accounts */
function checkPremium(problems: ProblemCollector, props: DataBucketProps): void {
  const { redundancy, restoreDays } = props;
  addContradictions(problems, props, [
    ['redundancy', !staysInRegion(redundancy), 'LRS or ZRS on SSDs', 'Use StorageRedundancy.ZONES.'],
    [
      'restoreDays',
      restoreDays !== undefined,
      'left out on SSDs, which do not support point-in-time restore',
      'Restore versions instead.',
    ],
  ]);
}

function staysInRegion(redundancy = StorageRedundancy.ZONES): boolean {
  return redundancy === StorageRedundancy.LOCAL || redundancy === StorageRedundancy.ZONES;
}

/** @see https://learn.microsoft.com/en-us/azure/storage/blobs/point-in-time-restore-overview */
function checkRestore(
  problems: ProblemCollector,
  props: DataBucketProps,
  versioned: boolean,
  softDeleteDays: number,
): void {
  const { restoreDays, hierarchical, premium } = props;
  if (!isKnown(problems, 'restoreDays', restoreDays) || hierarchical || premium) return;
  const inRange = Number.isInteger(restoreDays) && restoreDays >= 1 && restoreDays < softDeleteDays;
  addContradictions(problems, props, [
    [
      'restoreDays',
      !versioned,
      'left out without versioning, which point-in-time restore requires',
      'Remove versioned and retention.',
    ],
    [
      'restoreDays',
      versioned && !inRange,
      `a whole number from 1 to ${softDeleteDays - 1}, less than softDeleteDays`,
      'Lower restoreDays, or raise softDeleteDays.',
    ],
  ]);
}
