import { Token } from 'cdktf';
import { boundsCheck, knownCheck } from '../core/bounds';

/** Whether a value, or an item in it, is known only at deployment. */
export function isUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isUnknown);
  return Token.isUnresolved(value);
}

/** Returns whether an optional value is set and known at synthesis. Adds a problem for a token. */
export const isKnown = knownCheck(
  isUnknown,
  'Use a plain value, for example from an environment variable at synthesis.',
);

/** Returns whether an optional number is unset, or a known whole number in a range, and adds a problem if not. */
export const checkBounds = boundsCheck(isKnown);
