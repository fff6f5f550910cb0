import { Token } from 'aws-cdk-lib';
import type { Problems } from '../../core/errors';

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

/** Adds a problem where an optional number of nodes is no whole one of a range, or not known now. */
export function checkCount(
  problems: Problems,
  prop: string,
  value: number | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): void {
  if (!isKnown(problems, prop, value) || (Number.isInteger(value) && value >= least && value <= most)) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop,
    allowed: `a whole number from ${least} to ${most}`,
    got: value,
    fix: 'Give whole nodes within that range, or leave it out.',
  });
}
