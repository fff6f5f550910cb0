import { DATA_CLASS_FLOORS, DataClass } from '../core/data-class';
import { DataPurpose, PURPOSES, type Retention } from '../core/data-purpose';
import type { ProblemCollector } from '../core/errors';
import { isKnown } from './tokens';

/** Retention props of a bucket. */
export interface KeptData {
  readonly purpose?: DataPurpose;
  readonly dataClass?: DataClass;
  readonly hierarchical?: boolean;
  readonly expirationDays?: number;
  readonly noncurrentVersionExpirationDays?: number;
  readonly softDeleteDays?: number;
  readonly retention?: { readonly days: number };
}

/** Inclusive range of days. */
export interface DayRange {
  readonly min: number;
  readonly max: number;
}

/** Limits of a storage service. */
export interface RetentionLimits {
  /** Name of the service. */
  readonly service: string;
  /** Days that deleted objects can be restored. 0 is valid too. */
  readonly softDelete: DayRange;
  /** Maximum days of a retention lock. */
  readonly longestLockDays: number;
  /** Maximum days until an object expires. */
  readonly longestLifeDays: number;
  /** Maximum days until a noncurrent version expires. */
  readonly longestVersionDays: number;
}

/** Adds each problem of the retention of a bucket, and returns the retention. @param versioned whether the bucket has versioning */
export function checkKept(
  problems: ProblemCollector,
  props: KeptData,
  versioned: boolean,
  limits: RetentionLimits,
): Retention {
  checkClass(problems, props, versioned);
  const { purpose = DataPurpose.DATASETS, dataClass = DataClass.INTERNAL, retention } = props;
  const { service, softDelete, longestLockDays, longestLifeDays, longestVersionDays } = limits;
  const check = (prop: string, days: number | undefined, range: DayRange, none = false) => {
    checkDays(problems, prop, days, { ...range, none, service });
  };
  check('softDeleteDays', props.softDeleteDays, softDelete, true);
  check('retention.days', retention?.days, { min: 1, max: longestLockDays });
  check('expirationDays', props.expirationDays, { min: retention?.days ?? 1, max: longestLifeDays });
  check('noncurrentVersionExpirationDays', props.noncurrentVersionExpirationDays, { min: 1, max: longestVersionDays });
  const oldVersionDays =
    props.noncurrentVersionExpirationDays ??
    Math.max(PURPOSES[purpose].oldVersionDays, DATA_CLASS_FLOORS[dataClass].oldVersionDays);
  const expirationDays = props.expirationDays ?? PURPOSES[purpose].expirationDays;
  return { expirationDays, oldVersionDays: versioned ? oldVersionDays : undefined };
}

function checkClass(
  problems: ProblemCollector,
  { dataClass = DataClass.INTERNAL, ...props }: KeptData,
  versioned: boolean,
): void {
  const floor = DATA_CLASS_FLOORS[dataClass];
  // Without versions, a lock must keep objects for as long as versions would be kept.
  const isLocked = (props.retention?.days ?? 0) >= Math.max(1, floor.oldVersionDays);
  if (floor.versioned && !versioned && !isLocked) {
    const fix = props.hierarchical ? 'Remove hierarchical, which excludes versioning.' : 'Remove versioned.';
    problems.add({
      code: 'DataClassFloor',
      prop: 'versioned',
      allowed: `true for ${dataClass} data`,
      got: versioned,
      fix,
    });
  }
  const { noncurrentVersionExpirationDays: days, retention } = props;
  if (days !== undefined && Math.max(days, retention?.days ?? 0) < floor.oldVersionDays) {
    const allowed = `at least ${floor.oldVersionDays} for ${dataClass} data`;
    problems.add({
      code: 'DataClassFloor',
      prop: 'noncurrentVersionExpirationDays',
      allowed,
      got: days,
      fix: 'Raise it, or use a retention lock of that length.',
    });
  }
}

function checkDays(
  problems: ProblemCollector,
  prop: string,
  days: number | undefined,
  { min, max, none, service }: DayRange & { readonly none: boolean; readonly service: string },
): void {
  if (!isKnown(problems, prop, days)) return;
  if ((none && days === 0) || (Number.isInteger(days) && days >= min && days <= max)) return;
  const allowed = `a whole number from ${min} to ${max}${none ? ', or 0' : ''}`;
  problems.add({
    code: 'BucketRetention',
    prop,
    allowed,
    got: days,
    fix: `Use whole days in the range of ${service}.`,
  });
}

/** Adds a problem for each option that a bucket with a hierarchical namespace does not support. */
export function checkHierarchical(
  problems: ProblemCollector,
  { versioned, ...others }: { readonly versioned?: boolean } & Readonly<Record<string, unknown>>,
): void {
  for (const [prop, got] of Object.entries({ versioned: versioned === true ? true : undefined, ...others })) {
    if (got === undefined) continue;
    const allowed = 'left out with a hierarchical namespace';
    problems.add({ code: 'BucketHierarchy', prop, allowed, got, fix: `Remove hierarchical or ${prop}.` });
  }
}
