import { DATA_CLASS_FLOORS, DataClass } from '../core/data-class';
import { DataPurpose, PURPOSES, type Retention } from '../core/data-purpose';
import type { Problems } from '../core/errors';
import { isKnown } from './tokens';

/** What is stated of how long a bucket keeps things. */
export interface KeptData {
  readonly purpose?: DataPurpose;
  readonly dataClass?: DataClass;
  readonly hierarchical?: boolean;
  readonly keepDays?: number;
  readonly keepOldVersionsDays?: number;
  readonly softDeleteDays?: number;
  readonly retention?: { readonly days: number };
}

/** Whole days, both ends included. */
export interface DayRange {
  readonly least: number;
  readonly most: number;
}

/** What a service takes. */
export interface RetentionLimits {
  /** Its name, as the subject of a sentence. */
  readonly service: string;
  /** Days that deleted objects can be brought back; none is taken, too. */
  readonly softDelete: DayRange;
  /** The longest lock. */
  readonly longestLockDays: number;
  /** The longest life of an object. */
  readonly longestLifeDays: number;
  /** The longest life of an old version. */
  readonly longestVersionDays: number;
}

/** Adds what is wrong with how long a bucket keeps things, and tells how long it does. @param versioned whether it has versions */
export function checkKept(problems: Problems, props: KeptData, versioned: boolean, limits: RetentionLimits): Retention {
  checkClass(problems, props, versioned);
  const { purpose = DataPurpose.DATASETS, dataClass = DataClass.INTERNAL, retention } = props;
  const { service, softDelete, longestLockDays, longestLifeDays, longestVersionDays } = limits;
  const check = (prop: string, days: number | undefined, range: DayRange, none = false) => {
    checkDays(problems, prop, days, { ...range, none, service });
  };
  check('softDeleteDays', props.softDeleteDays, softDelete, true);
  check('retention.days', retention?.days, { least: 1, most: longestLockDays });
  check('keepDays', props.keepDays, { least: retention?.days ?? 1, most: longestLifeDays });
  check('keepOldVersionsDays', props.keepOldVersionsDays, { least: 1, most: longestVersionDays });
  const oldVersionDays =
    props.keepOldVersionsDays ??
    Math.max(PURPOSES[purpose].oldVersionDays, DATA_CLASS_FLOORS[dataClass].oldVersionDays);
  const keepDays = props.keepDays ?? PURPOSES[purpose].keepDays;
  return { keepDays, oldVersionDays: versioned ? oldVersionDays : undefined };
}

function checkClass(
  problems: Problems,
  { dataClass = DataClass.INTERNAL, ...props }: KeptData,
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

function checkDays(
  problems: Problems,
  prop: string,
  days: number | undefined,
  { least, most, none, service }: DayRange & { readonly none: boolean; readonly service: string },
): void {
  if (!isKnown(problems, prop, days)) return;
  if ((none && days === 0) || (Number.isInteger(days) && days >= least && days <= most)) return;
  const allowed = `a whole number of days from ${least} to ${most}${none ? ', or 0 for none' : ''}`;
  problems.add({ code: 'BucketRetention', prop, allowed, got: days, fix: `${service} counts in days.` });
}

/** Adds a problem for each option that a bucket with folders has not. @param options by prop, those that are given */
export function checkHierarchical(
  problems: Problems,
  { versioned, ...others }: { readonly versioned?: boolean } & Readonly<Record<string, unknown>>,
): void {
  for (const [prop, got] of Object.entries({ versioned: versioned === true ? true : undefined, ...others })) {
    if (got === undefined) continue;
    const allowed = 'left out: a bucket with a hierarchical namespace has none';
    problems.add({ code: 'BucketHierarchy', prop, allowed, got, fix: 'Leave hierarchical out, or this.' });
  }
}
