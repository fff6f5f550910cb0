import type { ErrorCode } from './error-codes';
import type { Problem, Problems } from './errors';

/** The whole numbers that a field takes. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Whether a number is a whole one within bounds. */
export function isWithin(value: number, { least, most }: Bounds): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** What is wrong with a number that is no whole one within bounds. @param of what the most is, as `, …` */
export function outOfBounds(code: ErrorCode, prop: string, got: number, { least, most }: Bounds, of = ''): Problem {
  return {
    code,
    prop,
    allowed: `a whole number from ${least} to ${most}${of}`,
    got,
    fix: 'Take one of that range, or leave it out.',
  };
}

/** Whether an optional value is given and known now; adds a problem where it is not known. */
export type IsKnown = <T>(problems: Problems, prop: string, value: T | undefined) => value is T;

/** Tells which values are known now: what sizes hardware must be a plain value at synthesis. @param fix how to come by one on that cloud */
export function knownCheck(isUnknown: (value: unknown) => boolean, fix: string): IsKnown {
  return <T>(problems: Problems, prop: string, value: T | undefined): value is T => {
    if (value === undefined) return false;
    if (!isUnknown(value)) return true;
    const allowed = 'known at synthesis, since the wiring depends on it';
    problems.add({ code: 'ValueUnknown', prop, allowed, got: 'a token', fix });
    return false;
  };
}

/** Whether an optional number is absent, or a whole one within bounds that is known now; adds a problem where it is not. */
export type CheckBounds = (
  problems: Problems,
  code: ErrorCode,
  prop: string,
  value: number | undefined,
  bounds: Bounds,
  of?: string,
) => boolean;

/** The check of numbers, where a value may be known only at deployment. */
export function boundsCheck(isKnown: IsKnown): CheckBounds {
  return (problems, code, prop, value, bounds, of) => {
    if (value === undefined) return true;
    if (!isKnown(problems, prop, value)) return false;
    if (isWithin(value, bounds)) return true;
    problems.add(outOfBounds(code, prop, value, bounds, of));
    return false;
  };
}

/** Adds a problem where the fewest replicas are more than the most. */
export function checkReplicaOrder(
  problems: Problems,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): void {
  if (minimum <= maximum) return;
  problems.add({
    code: 'ScalingLimits',
    prop: 'minimum',
    allowed: `at most maximum, ${maximum}`,
    got: minimum,
    fix: 'Raise maximum, or lower minimum.',
  });
}
