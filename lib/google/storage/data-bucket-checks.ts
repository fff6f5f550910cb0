import type { Retention } from '../../core/data-purpose';
import type { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkHierarchical, checkKept, type RetentionLimits } from '../../terraform/bucket-retention';
import { checkInspection } from '../governance/data-inspection-options';
import { checkKeyRegion } from '../operations/encryption-key';
import { checkRegion, isIn } from '../props/location';
import type { DataBucketProps } from './data-bucket';
import { DATA_BUCKET_PROPS } from '../prop-schemas';

/**
 * Limits of Cloud Storage. Soft delete keeps objects for 7 to 90 days (recalled, unverified). A retention period must be less than
 * 3,155,760,000 s, 100 years, and the provider stores the seconds in 31 bits (google 6.50.0, `retention_period`).
 *
 * @see https://cloud.google.com/storage/docs/soft-delete
 * @see https://cloud.google.com/storage/docs/bucket-lock
 */
const LONGEST_DAYS = 36_500;
const LONGEST_LOCK_DAYS = Math.floor((2 ** 31 - 1) / 86_400);
const LIMITS: RetentionLimits = {
  service: 'Cloud Storage',
  softDelete: { min: 7, max: 90 },
  longestLockDays: LONGEST_LOCK_DAYS,
  longestLifeDays: LONGEST_DAYS,
  longestVersionDays: LONGEST_DAYS,
};

/** Adds each problem in the props of a bucket. Returns how long the bucket keeps objects. */
export function checkDataBucket(problems: ProblemCollector, props: DataBucketProps): Retention {
  if (!validateProps(problems, props, DATA_BUCKET_PROPS)) return {};
  // Sources from 2020 to 2022 say that a retention policy and versioning exclude each other. No source confirms that they still do, so a user
  // who sets both gets both.
  const { hierarchical = false, retention, versioned = !hierarchical && !retention, region, cacheZones = [] } = props;
  checkRegion(problems, 'region', region);
  checkKeyRegion(problems, props.encryptionKey, region);
  cacheZones.forEach((zone, index) => {
    if (isIn(zone, region)) return;
    problems.add({
      code: 'LocationInvalid',
      prop: `cacheZones[${index}]`,
      allowed: `a zone of ${region}, the region of the bucket`,
      got: zone,
      fix: 'Use the zones of the nodes.',
    });
  });
  // The missing support for a retention policy is recalled, unverified. @see https://cloud.google.com/storage/docs/hns-overview
  if (hierarchical) checkHierarchical(problems, { versioned: props.versioned, retention: props.retention });
  if (props.inspection) checkInspection(problems.within('inspection'), props.inspection);
  return checkKept(problems, props, versioned, LIMITS);
}
