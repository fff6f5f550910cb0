import type { Problems } from '../errors';

/** A time that can tell its length: a `Duration` of the AWS CDK, or any object like it. */
export type DurationLike = { toSeconds(): number } | { toDays(): number };

const SECONDS_PER_DAY = 86_400;

/** What a deadline is told by: one of the two. */
export interface Deadline {
  readonly finishWithin?: DurationLike;
  readonly finishWithinDays?: number;
}

/** Seconds until a deadline, or nothing where there is none. */
export function secondsOf(problems: Problems, { finishWithin, finishWithinDays }: Deadline): number | undefined {
  if (finishWithin === undefined && finishWithinDays === undefined) return undefined;
  const wrong = (prop: string, allowed: string, got: unknown) => {
    problems.add({
      code: 'DeadlineInvalid',
      prop,
      allowed,
      got,
      fix: 'Give one deadline: Duration.days(60), or 60 days.',
    });
  };
  if (finishWithin !== undefined && finishWithinDays !== undefined) {
    wrong('finishWithinDays', 'absent beside finishWithin', finishWithinDays);
    return undefined;
  }
  const seconds = finishWithin === undefined ? daysToSeconds(finishWithinDays) : lengthOf(finishWithin);
  if (seconds !== undefined && Number.isFinite(seconds) && seconds > 0) return seconds;
  const prop = finishWithin === undefined ? 'finishWithinDays' : 'finishWithin';
  wrong(prop, 'a time of more than 0, known at synthesis', finishWithin ?? finishWithinDays);
  return undefined;
}

function daysToSeconds(days: unknown): number | undefined {
  return typeof days === 'number' ? days * SECONDS_PER_DAY : undefined;
}

/** A duration refuses to tell a part of a second, or what is known only at deployment. */
function lengthOf(duration: DurationLike): number | undefined {
  try {
    return 'toSeconds' in duration ? duration.toSeconds() : daysToSeconds(duration.toDays());
  } catch {
    return undefined;
  }
}
