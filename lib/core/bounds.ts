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

/** What is wrong with a number that is no whole one within bounds. */
export function outOfBounds(code: ErrorCode, prop: string, got: number, { least, most }: Bounds): Problem {
  return {
    code,
    prop,
    allowed: `a whole number from ${least} to ${most}`,
    got,
    fix: 'Take one of that range, or leave it out.',
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
