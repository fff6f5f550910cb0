import { Token } from 'cdktf';
import { boundsCheck, knownCheck } from '../core/bounds';

/** Whether a value, or anything in it, is known only once Terraform runs. */
export function isUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isUnknown);
  return Token.isUnresolved(value);
}

/** Whether an optional value is given and known now; a token is a problem. */
export const isKnown = knownCheck(isUnknown, 'Pass a plain value, e.g. from the environment of the synthesis.');

/** Whether an optional number is absent, or a whole one within bounds that is known now; adds a problem where it is not. */
export const checkBounds = boundsCheck(isKnown);
