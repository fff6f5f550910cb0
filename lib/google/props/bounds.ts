import { type Bounds, isWithin, outOfBounds } from '../../core/bounds';
import type { ErrorCode } from '../../core/error-codes';
import type { Problems } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';

/** Whether an optional number is absent, or a whole one within bounds that is known now; adds a problem where it is not. */
export function checkBounds(
  problems: Problems,
  code: ErrorCode,
  prop: string,
  value: number | undefined,
  bounds: Bounds,
): boolean {
  if (value === undefined) return true;
  if (!isKnown(problems, prop, value)) return false;
  if (isWithin(value, bounds)) return true;
  problems.add(outOfBounds(code, prop, value, bounds));
  return false;
}
