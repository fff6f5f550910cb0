import type * as Latency from './plan-latency';
import type * as Serving from './plan-serving';

/** The functions that plan a serving load. */
export interface ServingPlanner extends Pick<typeof Serving, 'planServing'>, Pick<typeof Latency, 'requestsAtOnce'> {}

/** Loads the planner. Call it only if a load is declared: its tables take longer to load than a cluster takes to synthesize. */
export function servingPlanner(): ServingPlanner {
  const { planServing } = require('./plan-serving') as typeof Serving;
  const { requestsAtOnce } = require('./plan-latency') as typeof Latency;
  return { planServing, requestsAtOnce };
}
