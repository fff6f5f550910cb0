import { DATA_CLASS_FLOORS, DataClass } from '../../core/data-class';
import { DataPurpose, type Retention } from '../../core/data-purpose';
import type { Problems } from '../../core/errors';
import { FLAG, fits, NUMBER, objectOf, oneOf, required, type Shape } from '../../core/shapes';
import { checkHierarchical, checkKept, type RetentionLimits } from '../../terraform/bucket-retention';
import { isKnown } from '../../terraform/tokens';
import { ML_NETWORK } from '../network/network-attributes';
import { ENCRYPTION_KEY } from '../operations/encryption-key';
import { withMembers } from '../../core/member-kinds';
import { checkResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { type DataBucketProps, type RetentionLock, StorageRedundancy } from './data-bucket-props';

const LOCK: Shape<RetentionLock> = { days: required(NUMBER), permanent: FLAG };

const SHAPE: Shape<DataBucketProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  network: ML_NETWORK,
  purpose: oneOf(Object.values(DataPurpose)),
  dataClass: oneOf(Object.values(DataClass)),
  encryptionKey: ENCRYPTION_KEY,
  accessLogs: withMembers(
    'a workspace of Log Analytics',
    { id: 'string' },
    'Pass the workspace itself, or { id } of one.',
  ),
  versioned: FLAG,
  hierarchical: FLAG,
  premium: FLAG,
  nfs: FLAG,
  accountKeys: FLAG,
  redundancy: oneOf(Object.values(StorageRedundancy)),
  keepDays: NUMBER,
  keepOldVersionsDays: NUMBER,
  softDeleteDays: NUMBER,
  restoreDays: NUMBER,
  retention: objectOf(LOCK, 'a lock { days, permanent }'),
};

/**
 * Soft delete and locks as documented; a lifecycle rule counts up to 99,999 days (validation of azurerm 4.55, recalled, unverified). Old
 * versions stay as long as soft delete can keep them.
 *
 * @see https://learn.microsoft.com/en-us/azure/storage/blobs/soft-delete-blob-overview
 * @see https://learn.microsoft.com/en-us/azure/storage/blobs/immutable-time-based-retention-policy-overview
 */
const LIMITS: RetentionLimits = {
  service: 'Azure Storage',
  softDelete: { least: 1, most: 365 },
  longestLockDays: 146_000,
  longestLifeDays: 99_999,
  longestVersionDays: 365,
};

/** What a bucket keeps, as it was checked. */
export interface KeptByBucket extends Retention {
  /** Days that what was deleted can be brought back; 0 for none. */
  readonly softDeleteDays: number;
}

const SOFT_DELETE_DAYS = 7;

/** Adds what is wrong with the props of a bucket, and tells how long it keeps things. */
export function checkDataBucket(problems: Problems, props: DataBucketProps): KeptByBucket {
  if (!fits(problems, props, SHAPE)) return { softDeleteDays: 0 };
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
  const kept = checkKept(problems, retention ? { ...props, keepDays: undefined } : props, versioned, LIMITS);
  const asked = props.softDeleteDays ?? (props.purpose === DataPurpose.CHECKPOINTS ? 0 : SOFT_DELETE_DAYS);
  // A rule deletes a version by its own age, however lately it was replaced: soft delete keeps it for the days that were promised.
  // @see https://learn.microsoft.com/en-us/azure/storage/blobs/lifecycle-management-policy-structure#action-run-conditions
  const softDeleteDays = Math.max(asked, kept.oldVersionDays ?? 0);
  checkRestore(problems, props, versioned, softDeleteDays);
  return { ...kept, softDeleteDays };
}

type Contradiction = readonly [prop: keyof DataBucketProps, isWrong: boolean, allowed: string, fix: string];

function refuse(problems: Problems, props: DataBucketProps, contradictions: readonly Contradiction[]): void {
  for (const [prop, isWrong, allowed, fix] of contradictions)
    if (isWrong) problems.add({ code: 'BucketOption', prop, allowed, got: props[prop], fix });
}

/** No rule deletes what is locked, not even after the lock. @see https://learn.microsoft.com/en-us/azure/storage/blobs/lifecycle-management-policy-structure#actions */
function checkLock(problems: Problems, props: DataBucketProps): void {
  const allowed = 'left out with retention: no rule deletes from a container with a lock';
  refuse(problems, props, [['keepDays', props.keepDays !== undefined, allowed, 'Keep what is locked apart.']]);
}

/** A key opens the whole account to whoever has it, and no log tells who that was. */
function checkKeys(problems: Problems, { dataClass = DataClass.INTERNAL }: DataBucketProps): void {
  if (!DATA_CLASS_FLOORS[dataClass].customerKey) return;
  problems.add({
    code: 'DataClassFloor',
    prop: 'accountKeys',
    allowed: `false for ${dataClass} data`,
    got: true,
    fix: 'Stage data of a lower class in a bucket of its own.',
  });
}

/** @see https://learn.microsoft.com/en-us/azure/storage/blobs/network-file-system-protocol-known-issues */
function checkNfs(problems: Problems, props: DataBucketProps): void {
  const { redundancy, hierarchical, retention, network } = props;
  refuse(problems, props, [
    ['hierarchical', hierarchical === false, 'true, or left out: NFS mounts real folders', 'Leave it out.'],
    ['retention', retention !== undefined, 'left out: a bucket with NFS takes no lock', 'Keep what is locked apart.'],
    [
      'network',
      network === undefined,
      'given: NFS clients come from a network alone',
      'Name the network of the nodes.',
    ],
    ['redundancy', !staysInRegion(redundancy), 'LRS or ZRS with NFS', 'Use StorageRedundancy.ZONES.'],
  ]);
}

/** @see https://learn.microsoft.com/en-us/azure/storage/common/storage-account-overview#types-of-storage-accounts */
function checkPremium(problems: Problems, props: DataBucketProps): void {
  const { redundancy, restoreDays } = props;
  refuse(problems, props, [
    ['redundancy', !staysInRegion(redundancy), 'LRS or ZRS on SSDs', 'Use StorageRedundancy.ZONES.'],
    ['restoreDays', restoreDays !== undefined, 'left out: buckets on SSDs are not set back', 'Restore versions.'],
  ]);
}

function staysInRegion(redundancy = StorageRedundancy.ZONES): boolean {
  return redundancy === StorageRedundancy.LOCAL || redundancy === StorageRedundancy.ZONES;
}

/** @see https://learn.microsoft.com/en-us/azure/storage/blobs/point-in-time-restore-overview */
function checkRestore(problems: Problems, props: DataBucketProps, versioned: boolean, softDeleteDays: number): void {
  const { restoreDays, hierarchical, premium } = props;
  if (!isKnown(problems, 'restoreDays', restoreDays) || hierarchical || premium) return;
  const inRange = Number.isInteger(restoreDays) && restoreDays >= 1 && restoreDays < softDeleteDays;
  refuse(problems, props, [
    [
      'restoreDays',
      !versioned,
      'left out: only a bucket with versions is set back',
      'Leave versioned and retention out.',
    ],
    [
      'restoreDays',
      versioned && !inRange,
      `a whole number of days from 1 to ${softDeleteDays - 1}, below those that deleted objects stay`,
      'Raise softDeleteDays, or lower it.',
    ],
  ]);
}
