import type * as Prices from '../../core/catalog/prices';
import type * as Replicas from '../../core/planning/plan-replicas';
import type * as Serving from '../../core/planning/plan-serving';

/** What plans a serving load. */
export interface ServingPlanner extends Pick<typeof Serving, 'planServing'>, Pick<typeof Replicas, 'requestsAtOnce'> {
  /** The day of the newest price of the table, `2026-08-03`. */
  readonly pricesDay: string;
}

/** The planner. It is loaded where a load is declared, and nowhere else: its tables take longer to load than a cluster takes to make. */
export function servingPlanner(): ServingPlanner {
  const { planServing } = require('../../core/planning/plan-serving') as typeof Serving;
  const { requestsAtOnce } = require('../../core/planning/plan-replicas') as typeof Replicas;
  const { PRICE_SOURCES } = require('../../core/catalog/prices') as typeof Prices;
  const days = Object.values(PRICE_SOURCES).flatMap((source) => ('date' in source ? [source.date] : []));
  return { planServing, requestsAtOnce, pricesDay: days.sort().at(-1)! };
}
