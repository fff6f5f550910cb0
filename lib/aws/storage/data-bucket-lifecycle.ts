import { Duration } from 'aws-cdk-lib';
import { type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';

/** What a data bucket holds: it decides how long old versions stay and where cold objects go. */
export enum DataPurpose {
  /** Training and evaluation data: read in waves, cold in between. Old versions stay 30 days. */
  DATASETS = 'datasets',
  /** Training checkpoints: large, overwritten often, hot until they are worthless. Old versions stay 7 days. */
  CHECKPOINTS = 'checkpoints',
  /** Model weights and artefacts: few, and worth restoring. Old versions stay 90 days. */
  MODELS = 'models',
  /** Logs and metrics of runs: gone after a year, unless `keepFor` says otherwise. Old versions stay 30 days. */
  LOGS = 'logs',
}

/** The defaults of a purpose. */
export interface PurposeRow {
  /** Whether S3 moves cold objects by itself: it costs a fee per object, and nothing to read them back. */
  readonly tiering: boolean;
  /** Days that replaced and deleted versions stay. */
  readonly oldVersionDays: number;
  /** Days after which objects go. Absent: never. */
  readonly keepDays?: number;
}

/** This library's own choice for each purpose. */
export const PURPOSES: Record<DataPurpose, PurposeRow> = {
  [DataPurpose.DATASETS]: { tiering: true, oldVersionDays: 30 },
  [DataPurpose.CHECKPOINTS]: { tiering: false, oldVersionDays: 7 },
  [DataPurpose.MODELS]: { tiering: true, oldVersionDays: 90 },
  [DataPurpose.LOGS]: { tiering: false, oldVersionDays: 30, keepDays: 365 },
};

/** How long a bucket keeps things, in whole days. */
export interface Retention {
  /** Days after which an object goes. Absent: never. */
  readonly keepDays?: number;
  /** Days that a replaced or deleted version stays. Absent: the bucket has no versions. */
  readonly oldVersionDays?: number;
}

/** The lifecycle rules of a purpose. Parts of uploads that never completed go after a week in any case. */
export function lifecycleOf(purpose: DataPurpose, retention: Retention): LifecycleRule[] {
  const { keepDays, oldVersionDays } = retention;
  return [
    {
      id: 'Retention',
      abortIncompleteMultipartUploadAfter: Duration.days(7),
      ...(oldVersionDays !== undefined && { noncurrentVersionExpiration: Duration.days(oldVersionDays) }),
      // S3 removes the markers itself where objects expire by age, and takes only one of the two.
      ...(keepDays === undefined ? { expiredObjectDeleteMarker: true } : { expiration: Duration.days(keepDays) }),
    },
    ...(PURPOSES[purpose].tiering
      ? [
          {
            id: 'Tiering',
            transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(0) }],
          },
        ]
      : []),
  ];
}
