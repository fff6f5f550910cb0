import type { ErrorCode } from './error-codes';
import type { Problem, ProblemCollector } from './errors';

/** A range of whole numbers. Both limits are included. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Returns whether a number is a whole number in the range. */
export function isWithin(value: number, { min: min, max: max }: Bounds): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** The problem for a number outside the range. @param of text after the maximum, as `, …` */
export function outOfBounds(
  code: ErrorCode,
  prop: string,
  got: number,
  { min: min, max: max }: Bounds,
  of = '',
): Problem {
  return {
    code,
    prop,
    allowed: `a whole number from ${min} to ${max}${of}`,
    got,
    fix: 'Use a number in that range, or leave it out.',
  };
}

/** Returns whether an optional value is set and known at synthesis. Adds a problem if it is a token. */
export type IsKnown = <T>(problems: ProblemCollector, prop: string, value: T | undefined) => value is T;

/** Creates the check for known values. Values that size hardware must be known at synthesis. @param fix how to get such a value on that cloud */
export function knownCheck(isUnknown: (value: unknown) => boolean, fix: string): IsKnown {
  return <T>(problems: ProblemCollector, prop: string, value: T | undefined): value is T => {
    if (value === undefined) return false;
    if (!isUnknown(value)) return true;
    const allowed = 'known at synthesis, because the resources depend on it';
    problems.add({ code: 'ValueUnknown', prop, allowed, got: 'a token', fix });
    return false;
  };
}

/** Returns whether an optional number is unset, or a known whole number in the range. Adds a problem if not. */
export type CheckBounds = (
  problems: ProblemCollector,
  code: ErrorCode,
  prop: string,
  value: number | undefined,
  bounds: Bounds,
  of?: string,
) => boolean;

/** Creates the check for numbers that can be tokens. */
export function boundsCheck(isKnown: IsKnown): CheckBounds {
  return (problems, code, prop, value, bounds, of) => {
    if (value === undefined) return true;
    if (!isKnown(problems, prop, value)) return false;
    if (isWithin(value, bounds)) return true;
    problems.add(outOfBounds(code, prop, value, bounds, of));
    return false;
  };
}

/** Adds a problem if minReplicas is greater than maxReplicas. */
export function checkReplicaOrder(
  problems: ProblemCollector,
  { minReplicas, maxReplicas }: { readonly minReplicas: number; readonly maxReplicas: number },
): void {
  if (minReplicas <= maxReplicas) return;
  problems.add({
    code: 'ScalingLimits',
    prop: 'minReplicas',
    allowed: `at most maxReplicas, which is ${maxReplicas}`,
    got: minReplicas,
    fix: 'Lower minReplicas, or raise maxReplicas.',
  });
}
