import { Duration } from 'aws-cdk-lib';
import { type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import { type DataPurpose, PURPOSES, type Retention } from '../../core/data-purpose';

/** The lifecycle rules for a purpose. They always delete the parts of incomplete uploads after a week. */
export function lifecycleOf(purpose: DataPurpose, retention: Retention): LifecycleRule[] {
  const { expirationDays, oldVersionDays } = retention;
  return [
    {
      id: 'Retention',
      abortIncompleteMultipartUploadAfter: Duration.days(7),
      ...(oldVersionDays !== undefined && { noncurrentVersionExpiration: Duration.days(oldVersionDays) }),
      // S3 accepts only one of the two: if objects expire by age, it removes their delete markers itself.
      ...(expirationDays === undefined
        ? { expiredObjectDeleteMarker: true }
        : { expiration: Duration.days(expirationDays) }),
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
