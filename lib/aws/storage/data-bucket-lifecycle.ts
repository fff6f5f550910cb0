import { Duration } from 'aws-cdk-lib';
import { type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import { type DataPurpose, PURPOSES, type Retention } from '../../core/data-purpose';

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
