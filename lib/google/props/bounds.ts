import { type Bounds, isWithin } from '../../core/bounds';
import type { ErrorCode } from '../../core/error-codes';
import type { Problems } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';

/** Whether an optional number is absent, or a whole one within bounds that is known now; adds a problem where it is not. */
export function checkBounds(
  problems: Problems,
  code: ErrorCode,
  prop: string,
  value: number | undefined,
  { least, most }: Bounds,
): boolean {
  if (value === undefined) return true;
  if (!isKnown(problems, prop, value)) return false;
  if (isWithin(value, { least, most })) return true;
  problems.add({
    code,
    prop,
    allowed: `a whole number from ${least} to ${most}`,
    got: value,
    fix: 'Take one of that range, or leave it out.',
  });
  return false;
}
