import type { ErrorCode } from '../../core/error-codes';
import type { Problems } from '../../core/errors';
import { isKnown } from './tokens';

/** The whole numbers that a field takes. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Adds a problem where an optional number is no whole one within bounds, or not known now. */
export function checkBounds(
  problems: Problems,
  code: ErrorCode,
  prop: string,
  value: number | undefined,
  { least, most }: Bounds,
): void {
  if (!isKnown(problems, prop, value) || isWithin(value, { least, most })) return;
  problems.add({
    code,
    prop,
    allowed: `a whole number from ${least} to ${most}`,
    got: value,
    fix: 'Take one of that range, or leave it out.',
  });
}

/** Whether a number is a whole one within bounds. */
export function isWithin(value: number, { least, most }: Bounds): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
