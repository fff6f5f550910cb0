import type { ProblemCollector } from '../errors';

/** A `Duration` of the AWS CDK, or any object with one of its methods `toSeconds` or `toDays`. */
export type DurationLike = { toSeconds(): number } | { toDays(): number };

const SECONDS_PER_DAY = 86_400;

/** A deadline. Set one of the two props. */
export interface Deadline {
  /** Time until the job must be finished. @default - no deadline */
  readonly finishWithin?: DurationLike;
  /** The same time in days, for code without a `Duration`. @default - no deadline */
  readonly finishWithinDays?: number;
}

/** Returns the seconds until a deadline, or `undefined` without one. Adds a problem if it is invalid. */
export function secondsOf(
  problems: ProblemCollector,
  { finishWithin, finishWithinDays }: Deadline,
): number | undefined {
  if (finishWithin === undefined && finishWithinDays === undefined) return undefined;
  const wrong = (prop: string, allowed: string, got: unknown) => {
    problems.add({
      code: 'DeadlineInvalid',
      prop,
      allowed,
      got,
      fix: 'Set `finishWithin: Duration.days(60)` or `finishWithinDays: 60`.',
    });
  };
  if (finishWithin !== undefined && finishWithinDays !== undefined) {
    wrong('finishWithinDays', 'undefined if finishWithin is set', finishWithinDays);
    return undefined;
  }
  const seconds = finishWithin === undefined ? daysToSeconds(finishWithinDays) : lengthOf(finishWithin);
  if (seconds !== undefined && Number.isFinite(seconds) && seconds > 0) return seconds;
  const prop = finishWithin === undefined ? 'finishWithinDays' : 'finishWithin';
  wrong(prop, 'a positive time that is known at synthesis', finishWithin ?? finishWithinDays);
  return undefined;
}

function daysToSeconds(days: unknown): number | undefined {
  return typeof days === 'number' ? days * SECONDS_PER_DAY : undefined;
}

/** Returns the length of a duration. A `Duration` throws for fractions of a second, and for tokens. */
function lengthOf(duration: DurationLike): number | undefined {
  try {
    return 'toSeconds' in duration ? duration.toSeconds() : daysToSeconds(duration.toDays());
  } catch {
    return undefined;
  }
}
