import { type Bounds, isWithin, outOfBounds } from '../../core/bounds';
import type { ErrorCode } from '../../core/error-codes';
import type { Problems } from '../../core/errors';
import { isKnown } from './tokens';

export { type Bounds, isWithin } from '../../core/bounds';

/** Adds a problem where an optional number is no whole one within bounds, or not known now. */
export function checkBounds(
  problems: Problems,
  code: ErrorCode,
  prop: string,
  value: number | undefined,
  bounds: Bounds,
): void {
  if (!isKnown(problems, prop, value) || isWithin(value, bounds)) return;
  problems.add(outOfBounds(code, prop, value, bounds));
}
