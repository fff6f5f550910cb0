import { Token } from 'aws-cdk-lib';
import type { Problems } from '../core/errors';

/** Whether a value is known now. A token is a problem: what sizes hardware must be a plain value at synthesis. */
export function isKnown<T>(problems: Problems, prop: string, value: T | undefined): value is T {
  if (value === undefined) return false;
  if (!Token.isUnresolved(value)) return true;
  problems.add({
    code: 'ValueUnknown',
    prop,
    allowed: 'known at synthesis, since the wiring depends on it',
    got: 'a token',
    fix: 'Pass a plain value, e.g. from the app’s context.',
  });
  return false;
}
