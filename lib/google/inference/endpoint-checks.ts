import { VERTEX_ENDPOINTS } from '../../core/catalog/vertex-inference';
import type { Problems } from '../../core/errors';
import type { PlannedLoad, ReplicaLimits } from '../../core/planning/endpoint-load';
import { limitsOf } from '../../terraform/load-limits';
import { checkRegion } from '../props/location';
import { planLoad } from './endpoint-plan';
import { checkLimits } from './endpoint-scaling';
import { checkContainer } from './garden-container';
import { EndpointAccess, type InferenceEndpointProps } from './inference-endpoint-props';
import { checkInvokers } from './invokers';
import { checkRequestTime, type RequestTime } from './request-time';
import { checkVertexMachine } from './vertex-machine';
import { checkBounds } from '../../terraform/tokens';

/** An endpoint whose open sizes are settled. */
export interface SettledEndpoint {
  readonly limits: ReplicaLimits;
  /** @default - there is no load, or nothing to plan it on */
  readonly planned?: PlannedLoad;
}

/** Most replicas that anybody means: the quota of a project is far below. */
const MOST_REPLICAS = 1000;

/** Adds everything that contradicts itself in an endpoint whose props have the right kinds, and settles what was left open. */
export function settleEndpoint(problems: Problems, props: InferenceEndpointProps): SettledEndpoint {
  const { scaling, container } = props;
  checkRegion(problems, 'region', props.region);
  props.model.check(problems.within('model'));
  if (container) checkContainer(problems.within('container'), container);
  checkVertexMachine(problems, props);
  checkScaling(problems, props);
  checkInvokers(problems, props.invokers);
  checkDisplayName(problems, props.displayName);
  // What contradicts the load comes last: hardware that cannot be is the first thing to mend.
  const planned = planLoad(problems, props);
  if (planned) checkRequestTime(problems, planned.plan, requestTime(props));
  return { limits: limitsOf(problems, scaling, planned?.needed, MOST_REPLICAS), planned };
}

function checkScaling(problems: Problems, { scaling }: InferenceEndpointProps): void {
  if (!scaling) return;
  const of = problems.within('scaling');
  checkZero(of, scaling.minimum);
  checkLimits(of, scaling, { least: scaling.minimum === 0 ? 0 : 1, most: MOST_REPLICAS });
  checkBounds(of, 'ScalingLimits', 'acceleratorUsePercent', scaling.acceleratorUsePercent, { least: 1, most: 100 });
}

/** Source: documentation of the provider, google 6.50.0, min_replica_count. */
function checkZero(problems: Problems, minimum: number | undefined): void {
  if (minimum !== 0) return;
  problems.add({
    code: 'ScaleToZero',
    prop: 'minimum',
    allowed: '1 or more: a deployment of Model Garden always stands',
    got: minimum,
    fix: 'Use CloudRunInference, which scales to zero.',
  });
}

/** An endpoint has a name of up to 128 characters. Source: documentation of the provider, google 6.50.0, vertex_ai_endpoint. */
export const LONGEST_DISPLAY_NAME = 128;

/** Adds a problem where an endpoint would have too long a name. */
export function checkDisplayName(problems: Problems, displayName: string | undefined): void {
  if (displayName === undefined || displayName.length <= LONGEST_DISPLAY_NAME) return;
  problems.add({
    code: 'InferenceName',
    prop: 'displayName',
    allowed: `at most ${LONGEST_DISPLAY_NAME} characters`,
    got: displayName,
    fix: 'Shorten it.',
  });
}

/** How long the endpoint waits for an answer. */
export function requestTime({ access = EndpointAccess.DEDICATED }: InferenceEndpointProps): RequestTime {
  const dedicated = access === EndpointAccess.DEDICATED;
  return {
    seconds: VERTEX_ENDPOINTS[access].timeoutSeconds,
    prop: 'access',
    fix: dedicated
      ? 'Let answers be shorter, or serve by CloudRunInference, which waits up to an hour.'
      : 'Use EndpointAccess.DEDICATED, which waits ten minutes, or let answers be shorter.',
    evidence: 'https://cloud.google.com/vertex-ai/docs/predictions/choose-endpoint-type',
  };
}
