import { Token } from 'aws-cdk-lib';
import { knownCheck } from '../../core/bounds';
import type { Problems } from '../../core/errors';

/** Whether an optional value is given and known now; a token is a problem. */
export const isKnown = knownCheck(
  (value) => Token.isUnresolved(value),
  'Pass a plain value, e.g. from the app’s context.',
);

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
