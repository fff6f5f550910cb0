import { DataClass } from '../../core/data-class';
import { DataPurpose, type Retention } from '../../core/data-purpose';
import type { Problems } from '../../core/errors';
import { FLAG, fits, having, listOf, NUMBER, objectOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { checkHierarchical, checkKept, type RetentionLimits } from '../../terraform/bucket-retention';
import { checkInspection, INSPECTION } from '../governance/data-inspection-options';
import { checkKeyRegion, ENCRYPTION_KEY } from '../operations/encryption-key';
import { checkRegion, isIn } from '../props/location';
import type { DataBucketProps, RetentionLock } from './data-bucket';

const LOCK: Shape<RetentionLock> = { days: required(NUMBER), permanent: FLAG };

const SHAPE: Shape<DataBucketProps> = {
  location: required(TEXT),
  purpose: oneOf(Object.values(DataPurpose)),
  dataClass: oneOf(Object.values(DataClass)),
  encryptionKey: ENCRYPTION_KEY,
  accessLogs: having('a bucket', ['name'], 'Pass the bucket itself, or { name } of one.'),
  versioned: FLAG,
  hierarchical: FLAG,
  keepDays: NUMBER,
  keepOldVersionsDays: NUMBER,
  softDeleteDays: NUMBER,
  retention: objectOf(LOCK, 'a lock { days, permanent }'),
  cacheZones: listOf(TEXT),
  inspection: objectOf(INSPECTION, 'an inspection { results }'),
};

/**
 * Days that deleted objects can be brought back, or none (recalled, unverified), and the longest retention: the service takes less than
 * 3,155,760,000 s, 100 years, and the provider no more seconds than 31 bits count (google 6.50.0, `retention_period`).
 *
 * @see https://cloud.google.com/storage/docs/soft-delete
 * @see https://cloud.google.com/storage/docs/bucket-lock
 */
const LONGEST_DAYS = 36_500;
const LONGEST_LOCK_DAYS = Math.floor((2 ** 31 - 1) / 86_400);
const LIMITS: RetentionLimits = {
  service: 'Cloud Storage',
  softDelete: { least: 7, most: 90 },
  longestLockDays: LONGEST_LOCK_DAYS,
  longestLifeDays: LONGEST_DAYS,
  longestVersionDays: LONGEST_DAYS,
};

/** Adds what is wrong with the props of a bucket, and tells how long it keeps things. */
export function checkDataBucket(problems: Problems, props: DataBucketProps): Retention {
  if (!fits(problems, props, SHAPE)) return {};
  // Of 2020 to 2022 are sources by which a retention policy and versions exclude each other, and none says that they still do: neither is
  // taken from the other, and who states both gets both.
  const { hierarchical = false, retention, versioned = !hierarchical && !retention, location, cacheZones = [] } = props;
  checkRegion(problems, 'location', location);
  checkKeyRegion(problems, props.encryptionKey, location);
  cacheZones.forEach((zone, index) => {
    if (isIn(zone, location)) return;
    const allowed = `a zone of ${location}: a cache stands in the region of its bucket`;
    problems.add({
      code: 'LocationInvalid',
      prop: `cacheZones[${index}]`,
      allowed,
      got: zone,
      fix: 'Name zones where the nodes are.',
    });
  });
  // That it has no retention policy is recalled, unverified. @see https://cloud.google.com/storage/docs/hns-overview
  if (hierarchical) checkHierarchical(problems, { versioned: props.versioned, retention: props.retention });
  if (props.inspection) checkInspection(problems.within('inspection'), props.inspection);
  return checkKept(problems, props, versioned, LIMITS);
}
