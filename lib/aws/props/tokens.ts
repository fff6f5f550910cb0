import { Token } from 'aws-cdk-lib';
import { knownCheck, boundsCheck } from '../../core/bounds';
import type { ProblemCollector } from '../../core/errors';

/** Returns whether an optional value is set and known at synthesis. Adds a problem if it is a token. */
export const isKnown = knownCheck(
  (value) => Token.isUnresolved(value),
  'Pass a plain value, for example from the context of the app.',
);

/** Adds a problem if an optional number of nodes is not a whole number in the range, or not known at synthesis. */
export function checkCount(
  problems: ProblemCollector,
  prop: string,
  value: number | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): void {
  if (!isKnown(problems, prop, value) || (Number.isInteger(value) && value >= min && value <= max)) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop,
    allowed: `a whole number from ${min} to ${max}`,
    got: value,
    fix: 'Use a number in that range, or leave it out.',
  });
}

export { type Bounds, isWithin } from '../../core/bounds';

/** Returns whether an optional number is unset, or a whole number in the range that is known at synthesis. Adds a problem if not. */
export const checkBounds = boundsCheck(isKnown);
