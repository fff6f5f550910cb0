import { Token } from 'aws-cdk-lib';
import type { Problems } from '../core/errors';

/** Whether an optional value is given and known now. A token is a problem: what sizes hardware must be a plain value at synthesis. */
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

/** Whether a required value is given and known now. */
export function isGiven<T>(problems: Problems, prop: string, allowed: string, value: T | undefined | null): value is T {
  if (value !== undefined && value !== null) return isKnown(problems, prop, value);
  problems.add({ code: 'ValueMissing', prop, allowed, got: value, fix: `Give ${prop}.` });
  return false;
}
