import { DATA_CLASS_FLOORS, DataClass } from '../../core/data-class';
import { DataPurpose, PURPOSES, type Retention } from '../../core/data-purpose';
import type { Problems } from '../../core/errors';
import { FLAG, fits, having, listOf, NUMBER, objectOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { isKnown } from '../../terraform/tokens';
import { checkInspection, INSPECTION } from '../governance/data-inspection-options';
import { ENCRYPTION_KEY } from '../operations/encryption-key';
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

/** Days that deleted objects can be brought back, or none (recalled, unverified). @see https://cloud.google.com/storage/docs/soft-delete */
const SOFT_DELETE = { least: 7, most: 90 } as const;
/** Longest retention: below 3,155,760,000 s, 100 years. Source: documentation of the provider, google 6.50.0. @see https://cloud.google.com/storage/docs/bucket-lock */
const LONGEST_RETENTION_DAYS = 36_500;

/** Adds what is wrong with the props of a bucket, and tells how long it keeps things. */
export function checkDataBucket(problems: Problems, props: DataBucketProps): Retention {
  if (!fits(problems, props, SHAPE)) return {};
  // Of 2020 to 2022 are sources by which a retention policy and versions exclude each other, and none says that they still do: neither is
  // taken from the other, and who states both gets both.
  const { hierarchical = false, retention, versioned = !hierarchical && !retention, location, cacheZones = [] } = props;
  checkRegion(problems, 'location', location);
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
  if (hierarchical) checkHierarchical(problems, props);
  if (props.inspection) checkInspection(problems.within('inspection'), props.inspection);
  checkClass(problems, props, versioned);
  return retentionOf(problems, props, versioned);
}

/** That it has no retention policy is recalled, unverified. @see https://cloud.google.com/storage/docs/hns-overview */
function checkHierarchical(problems: Problems, { versioned, retention }: DataBucketProps): void {
  for (const [prop, got] of Object.entries({ versioned: versioned === true ? true : undefined, retention })) {
    if (got === undefined) continue;
    const allowed = 'left out: a bucket with a hierarchical namespace has none';
    problems.add({ code: 'BucketHierarchy', prop, allowed, got, fix: 'Leave hierarchical out, or this.' });
  }
}

function checkClass(
  problems: Problems,
  { dataClass = DataClass.INTERNAL, ...props }: DataBucketProps,
  versioned: boolean,
): void {
  const floor = DATA_CLASS_FLOORS[dataClass];
  if (floor.versioned && !versioned && !props.retention) {
    const fix = props.hierarchical ? 'Leave hierarchical out: such a bucket has no versions.' : 'Leave versioned out.';
    problems.add({
      code: 'DataClassFloor',
      prop: 'versioned',
      allowed: `true for ${dataClass} data`,
      got: versioned,
      fix,
    });
  }
  const { keepOldVersionsDays: asked, retention } = props;
  if (asked !== undefined && Math.max(asked, retention?.days ?? 0) < floor.oldVersionDays) {
    const allowed = `at least ${floor.oldVersionDays} for ${dataClass} data`;
    problems.add({
      code: 'DataClassFloor',
      prop: 'keepOldVersionsDays',
      allowed,
      got: asked,
      fix: 'Raise it, or lock objects as long.',
    });
  }
}

function retentionOf(problems: Problems, props: DataBucketProps, versioned: boolean): Retention {
  const { purpose = DataPurpose.DATASETS, dataClass = DataClass.INTERNAL, retention } = props;
  checkDays(problems, 'softDeleteDays', props.softDeleteDays, SOFT_DELETE);
  checkDays(problems, 'retention.days', retention?.days, { least: 1, most: LONGEST_RETENTION_DAYS });
  checkDays(problems, 'keepDays', props.keepDays, { least: retention?.days ?? 1, most: LONGEST_RETENTION_DAYS });
  checkDays(problems, 'keepOldVersionsDays', props.keepOldVersionsDays, { least: 1, most: LONGEST_RETENTION_DAYS });
  const oldVersionDays =
    props.keepOldVersionsDays ??
    Math.max(PURPOSES[purpose].oldVersionDays, DATA_CLASS_FLOORS[dataClass].oldVersionDays);
  const keepDays = props.keepDays ?? PURPOSES[purpose].keepDays;
  return { keepDays, oldVersionDays: versioned ? oldVersionDays : undefined };
}

function checkDays(
  problems: Problems,
  prop: string,
  days: number | undefined,
  { least, most }: { least: number; most: number },
): void {
  if (!isKnown(problems, prop, days)) return;
  const off = prop === 'softDeleteDays' && days === 0;
  if (off || (Number.isInteger(days) && days >= least && days <= most)) return;
  const allowed = `a whole number of days from ${least} to ${most}${prop === 'softDeleteDays' ? ', or 0 for none' : ''}`;
  problems.add({ code: 'BucketRetention', prop, allowed, got: days, fix: 'Cloud Storage counts in days.' });
}
