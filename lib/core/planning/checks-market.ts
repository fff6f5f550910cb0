import { STALE_AFTER_DAYS } from '../catalog/price-of';
import type { Machine } from '../catalog/machines';
import type { Checks } from './checks';
import type { MarketPrice } from './plan';

/** Whether there is a price in the market that was chosen, and whether it is of these days. */
export function checkPrice(checks: Checks, costs: readonly MarketPrice[]): void {
  const cost = costs.find(({ chosen }) => chosen);
  if (!cost) return;
  const { price, reason, market } = cost;
  if (!price) {
    checks
      .about('cost/price', 'the table of prices')
      .warn(
        `The cost is unknown: ${reason ?? 'there is no price'}.`,
        'Give the price as an override, or choose another market.',
      );
    return;
  }
  const report = checks.about('cost/price', price.source);
  const fix = 'Read the price of today and give it as an override.';
  if (price.stale) {
    const age = price.ageDays === undefined ? 'undated' : `${price.ageDays} days old, over ${STALE_AFTER_DAYS}`;
    report.warn(`The ${market} price is ${age}.`, fix);
  } else if (price.confidence === 'low') {
    report.warn(`The source of the ${market} price is wrong at times.`, fix);
  }
}

/** Whether all figures of the machine were read in a source. */
export function checkMachineRow(checks: Checks, { name, cloud, unverified }: Machine): void {
  if (unverified === undefined) return;
  checks
    .about('machine/unverified', `the table of ${cloud} machines, ${name}`)
    .inform(
      `Of ${name} not every figure was read in a source: ${unverified}.`,
      'Compare it with the page of the cloud.',
    );
}
