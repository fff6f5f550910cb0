import type { Duration } from 'aws-cdk-lib';
import type { ErrorCode } from '../../core/error-codes';
import type { Problems } from '../../core/errors';
import { isKnown } from '../props/tokens';

/**
 * Child executions of a distributed map at once.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export const MOST_CONCURRENCY = 10_000;

/** The range of a number. */
export interface Range {
  readonly prop: string;
  readonly least: number;
  readonly most: number;
  /** What the most is, for the message. */
  readonly of: string;
  readonly fix: string;
}

/** Adds a problem where an optional number is no whole one of a range, or not known now. */
export function checkWhole(problems: Problems, value: number | undefined, { prop, least, most, of, fix }: Range): void {
  if (!isKnown(problems, prop, value) || (Number.isInteger(value) && value >= least && value <= most)) return;
  problems.add({
    code: 'BatchLimit',
    prop,
    allowed: `a whole number from ${least} to ${most.toLocaleString('en-US')}, ${of}`,
    got: value,
    fix,
  });
}

/** Adds a problem where an optional duration is outside a range of whole seconds, or not known now. */
export function checkTime(
  problems: Problems,
  value: Duration | undefined,
  { prop, least, most, of, fix }: Range,
): void {
  if (value === undefined) return;
  if (value.isUnresolved()) {
    isKnown(problems, prop, value.toSeconds());
    return;
  }
  const seconds = value.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return;
  problems.add({
    code: 'BatchTimeout' satisfies ErrorCode,
    prop,
    allowed: `whole seconds from ${least} to ${most.toLocaleString('en-US')}, ${of}`,
    got: value.toHumanString(),
    fix,
  });
}
