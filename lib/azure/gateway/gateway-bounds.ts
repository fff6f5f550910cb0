import type { ProblemCollector } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';
import { MAX_COUNT, SECONDS_A_MINUTE } from './gateway-limits';

/** Adds a problem for an invalid rate. A rate can be a fraction, because it is counted over a minute. */
export function checkRate(problems: ProblemCollector, prop: string, value: number | undefined): void {
  if (!isKnown(problems, prop, value) || (value > 0 && value * SECONDS_A_MINUTE <= MAX_COUNT)) return;
  const allowed = `a number above 0 and at most ${Math.floor(MAX_COUNT / SECONDS_A_MINUTE)}`;
  problems.add({ code: 'GatewayLimit', prop, allowed, got: value, fix: 'Use requests per second, or leave it out.' });
}
