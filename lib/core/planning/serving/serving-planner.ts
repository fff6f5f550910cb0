import type * as Replicas from './plan-replicas';
import type * as Serving from './plan-serving';

/** The functions that plan a serving load. */
export interface ServingPlanner extends Pick<typeof Serving, 'planServing'>, Pick<typeof Replicas, 'requestsAtOnce'> {}

/** Loads the planner. Call it only if a load is declared: its tables take longer to load than a cluster takes to synthesize. */
export function servingPlanner(): ServingPlanner {
  const { planServing } = require('./plan-serving') as typeof Serving;
  const { requestsAtOnce } = require('./plan-replicas') as typeof Replicas;
  return { planServing, requestsAtOnce };
}
