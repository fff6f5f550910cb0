import { type Duration, Token } from 'aws-cdk-lib';
import type { ErrorCode } from '../../core/error-codes';
import type { ProblemCollector } from '../../core/errors';
import { isKnown } from '../props/tokens';

/**
 * Maximum number of concurrent child executions of a distributed map.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export const MAX_CONCURRENCY = 10_000;

/** The range of a number. */
export interface Range {
  readonly prop: string;
  readonly min: number;
  readonly max: number;
  /** Meaning of the maximum, at the end of the message. */
  readonly of: string;
  readonly fix: string;
}

/** Adds a problem if an optional number is not a whole number in the range, or is not known at synthesis. */
export function checkWhole(
  problems: ProblemCollector,
  value: number | undefined,
  { prop, min, max, of, fix }: Range,
): void {
  if (!isKnown(problems, prop, value) || (Number.isInteger(value) && value >= min && value <= max)) return;
  problems.add({
    code: 'BatchLimit',
    prop,
    allowed: `a whole number from ${min} to ${max.toLocaleString('en-US')}, ${of}`,
    got: value,
    fix,
  });
}

/** Returns whether an optional duration is set and known at synthesis. Adds a problem if it is a token. */
export function isKnownTime(problems: ProblemCollector, prop: string, value: Duration | undefined): value is Duration {
  return isKnown(problems, prop, value?.isUnresolved() ? Token.asAny(value) : value);
}

/** Adds a problem if an optional duration is not a whole number of seconds in the range, or is not known at synthesis. */
export function checkTime(
  problems: ProblemCollector,
  value: Duration | undefined,
  { prop, min, max, of, fix }: Range,
): void {
  if (!isKnownTime(problems, prop, value)) return;
  const seconds = value.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && seconds >= min && seconds <= max) return;
  problems.add({
    code: 'BatchTimeout' satisfies ErrorCode,
    prop,
    allowed: `a whole number of seconds from ${min} to ${max.toLocaleString('en-US')}, ${of}`,
    got: value.toHumanString(),
    fix,
  });
}
