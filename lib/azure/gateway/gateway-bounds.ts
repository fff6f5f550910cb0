import type { Problems } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';
import { MOST_COUNT, SECONDS_A_MINUTE } from './gateway-limits';

/** Adds a problem where a rate is none. It may be a fraction: it is counted over a minute. */
export function checkRate(problems: Problems, prop: string, value: number | undefined): void {
  if (!isKnown(problems, prop, value) || (value > 0 && value * SECONDS_A_MINUTE <= MOST_COUNT)) return;
  const allowed = 'more than 0, and a number that a minute of it can be counted';
  problems.add({ code: 'GatewayLimit', prop, allowed, got: value, fix: 'Give a rate, or leave it out.' });
}
