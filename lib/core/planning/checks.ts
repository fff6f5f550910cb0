import type { Problem } from '../errors';
import type { Finding, FindingId, FindingLevel } from '../findings';
import type { Contradiction, MarketPrice } from './plan';
import { STALE_AFTER_DAYS } from '../catalog/price-of';
import type { Machine } from '../catalog/machines';

/** Collects the contradictions and findings of a plan. */
export class Checks {
  private readonly failed: Contradiction[] = [];
  private readonly reported: Finding[] = [];

  /** Returns a reporter for one check. @param evidence the table row, limit or document that the check is based on */
  about(check: FindingId, evidence: string): Reporter {
    return {
      contradict: (problem) => void this.failed.push({ ...problem, check, evidence }),
      warn: (message, fix) => this.report(check, evidence, 'warning', message, fix),
      inform: (message, fix) => this.report(check, evidence, 'info', message, fix),
    };
  }

  get contradictions(): readonly Contradiction[] {
    return this.failed;
  }

  get findings(): readonly Finding[] {
    return this.reported;
  }

  private report(id: FindingId, evidence: string, level: FindingLevel, message: string, fix: string): void {
    this.reported.push({ id, level, message, fix, evidence });
  }
}

/** Reports the result of one check. */
export interface Reporter {
  readonly contradict: (problem: Problem) => void;
  readonly warn: (message: string, fix: string) => void;
  readonly inform: (message: string, fix: string) => void;
}

/** Checks whether the chosen market has a price that is current. */
export function checkPrice(checks: Checks, costs: readonly MarketPrice[]): void {
  const cost = costs.find(({ chosen }) => chosen);
  if (!cost) return;
  const { price, reason, market } = cost;
  if (!price) {
    checks
      .about('cost/price', 'price table')
      .warn(
        `The cost is unknown: ${reason ?? 'no price was found'}.`,
        'Set the price with `Prices.of`, or choose another market.',
      );
    return;
  }
  if (price.fromRegion !== undefined) {
    checks
      .about('cost/region', price.source)
      .inform(
        `No ${market} price is listed for ${price.region}, so the plan uses the price of ${price.fromRegion}, the nearest region with one.`,
        'Set the price of the region with `Prices.of` or `Prices.fromFile`.',
      );
  }
  const report = checks.about('cost/price', price.source);
  const fix =
    'Read the prices of today with `ai-infra prices update` and `Prices.fromFile`, or set the price with `Prices.of`.';
  if (price.stale) {
    const age = price.ageDays === undefined ? 'undated' : `${price.ageDays} days old, more than ${STALE_AFTER_DAYS}`;
    report.warn(`The ${market} price is ${age}.`, fix);
  } else if (price.confidence === 'low') {
    report.warn(`The source of the ${market} price is sometimes wrong.`, fix);
  }
}

/** Checks whether all figures of the machine were read in a source. */
export function checkMachineRow(checks: Checks, { name, cloud, unverified }: Machine): void {
  if (unverified === undefined) return;
  checks
    .about('machine/unverified', `table of ${cloud} machines, ${name}`)
    .inform(
      `Some figures of ${name} were not read in a source: ${unverified}.`,
      'Compare the figures with the documentation of the cloud.',
    );
}
