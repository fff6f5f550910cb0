import type * as Prices from '../catalog/price-of';
import type * as Replicas from './plan-replicas';
import type * as Serving from './plan-serving';

/** What plans a serving load. */
export interface ServingPlanner extends Pick<typeof Serving, 'planServing'>, Pick<typeof Replicas, 'requestsAtOnce'> {
  /** The day of the newest price of the table, `2026-08-03`. */
  readonly pricesDay: string;
}

/** The planner. It is loaded where a load is declared, and nowhere else: its tables take longer to load than a cluster takes to make. */
export function servingPlanner(): ServingPlanner {
  const { planServing } = require('./plan-serving') as typeof Serving;
  const { requestsAtOnce } = require('./plan-replicas') as typeof Replicas;
  const { newestPriceDay } = require('../catalog/price-of') as typeof Prices;
  return { planServing, requestsAtOnce, pricesDay: newestPriceDay() };
}
