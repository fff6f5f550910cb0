import { Token } from 'cdktf';
import type { Problems } from '../core/errors';

/** Whether a value, or anything in it, is known only once Terraform runs. */
export function isUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isUnknown);
  return Token.isUnresolved(value);
}

/** Whether an optional value is given and known now. A token is a problem: what sizes hardware must be a plain value at synthesis. */
export function isKnown<T>(problems: Problems, prop: string, value: T | undefined): value is T {
  if (value === undefined) return false;
  if (!isUnknown(value)) return true;
  problems.add({
    code: 'ValueUnknown',
    prop,
    allowed: 'known at synthesis, since the wiring depends on it',
    got: 'a token',
    fix: 'Pass a plain value, e.g. from the environment of the synthesis.',
  });
  return false;
}
