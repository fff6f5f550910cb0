import type * as Latency from './plan-latency';
import type * as Serving from './plan-serving';
import type * as Terms from './serving-terms';

/** The functions that plan the load of an endpoint. */
export interface ServingPlanner extends Pick<typeof Serving, 'planServing'>, Pick<typeof Latency, 'requestsAtOnce'> {}

/** Loads the planner. Call it only if a load is declared: its tables take longer to load than a cluster takes to synthesize. */
export function servingPlanner(): ServingPlanner {
  const { planServing } = require('./plan-serving') as typeof Serving;
  const { asPublished } = require('./serving-terms') as typeof Terms;
  const { requestsAtOnce } = require('./plan-latency') as typeof Latency;
  return {
    planServing: (props) => planServing({ ...props, load: asPublished(props.load, props.machine) }),
    requestsAtOnce,
  };
}
