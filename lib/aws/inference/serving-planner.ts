import type * as Prices from '../../core/catalog/prices';
import { SAGEMAKER_PRICES } from '../../core/catalog/sagemaker-machines';
import type * as Serving from '../../core/planning/plan-serving';

/** What plans a serving load. */
export interface ServingPlanner extends Pick<typeof Serving, 'planServing'> {
  /** The day of the newest price of the tables. */
  readonly pricesDay: string;
}

/** The planner. It is loaded where a load is declared, and nowhere else: its tables take longer to load than an endpoint takes to make. */
export function servingPlanner(): ServingPlanner {
  const { planServing } = require('../../core/planning/plan-serving') as typeof Serving;
  const { PRICE_SOURCES } = require('../../core/catalog/prices') as typeof Prices;
  const days = Object.values(PRICE_SOURCES).flatMap((source) => ('date' in source ? [source.date] : []));
  return { planServing, pricesDay: [...days, SAGEMAKER_PRICES.date].sort().at(-1)! };
}
