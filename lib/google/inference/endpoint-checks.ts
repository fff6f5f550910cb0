import { VERTEX_ENDPOINTS } from '../../core/catalog/vertex-inference';
import type { ProblemCollector } from '../../core/errors';
import type { PlannedLoad, ReplicaLimits } from '../../core/planning/endpoint-load';
import { limitsOf } from '../../terraform/load-limits';
import { checkRegion } from '../props/location';
import { planLoad } from './endpoint-plan';
import { checkLimits } from './endpoint-scaling';
import { checkContainer } from './garden-container';
import { VertexEndpointAccess, type InferenceEndpointProps } from './inference-endpoint-props';
import { checkInvokers } from './invokers';
import { checkRequestTime, type RequestTime } from './request-time';
import { checkVertexMachine } from './vertex-machine';
import { checkBounds } from '../../terraform/tokens';

/** The limits of an endpoint, with all defaults filled in. */
export interface ResolvedEndpoint {
  readonly limits: ReplicaLimits;
  /** @default - no load, or a load that cannot be planned */
  readonly planned?: PlannedLoad;
}

/** Maximum number of replicas. Our choice: the quota of a project is far below. */
export const MAX_REPLICAS = 1000;

/** Validates the values of the props, whose types are valid already, and fills in the defaults. */
export function resolveEndpoint(problems: ProblemCollector, props: InferenceEndpointProps): ResolvedEndpoint {
  const { scaling, container } = props;
  checkRegion(problems, 'region', props.region);
  props.model.check(problems.within('model'));
  if (container) checkContainer(problems.within('container'), container);
  checkVertexMachine(problems, props);
  checkScaling(problems, props);
  checkInvokers(problems, props.invokers);
  checkDisplayName(problems, props.displayName);
  // Problems of the load come last: invalid hardware is the first thing to fix.
  const planned = planLoad(problems, props);
  if (planned) checkRequestTime(problems, planned.plan, requestTime(props));
  return { limits: limitsOf(problems, scaling, planned?.needed, MAX_REPLICAS), planned };
}

function checkScaling(problems: ProblemCollector, { scaling }: InferenceEndpointProps): void {
  if (!scaling) return;
  const inScaling = problems.within('scaling');
  checkZero(inScaling, scaling.minReplicas);
  checkLimits(inScaling, scaling, { min: scaling.minReplicas === 0 ? 0 : 1, max: MAX_REPLICAS });
  checkBounds(inScaling, 'ScalingLimits', 'targetUtilizationPercent', scaling.targetUtilizationPercent, {
    min: 1,
    max: 100,
  });
}

/** Source: documentation of the provider, google 6.50.0, min_replica_count. */
function checkZero(problems: ProblemCollector, minReplicas: number | undefined): void {
  if (minReplicas !== 0) return;
  problems.add({
    code: 'ScaleToZero',
    prop: 'minReplicas',
    allowed: '1 or more, because a Model Garden deployment does not scale to zero',
    got: minReplicas,
    fix: 'Use 1, or use CloudRunInference, which scales to zero.',
  });
}

/** Maximum length of the display name of an endpoint. Source: documentation of the provider, google 6.50.0, vertex_ai_endpoint. */
export const LONGEST_DISPLAY_NAME = 128;

/** Adds a problem if a display name is too long. */
export function checkDisplayName(problems: ProblemCollector, displayName: string | undefined): void {
  if (displayName === undefined || displayName.length <= LONGEST_DISPLAY_NAME) return;
  problems.add({
    code: 'InferenceName',
    prop: 'displayName',
    allowed: `at most ${LONGEST_DISPLAY_NAME} characters`,
    got: displayName,
    fix: 'Shorten the name.',
  });
}

/** Returns how long the endpoint waits for a response. */
export function requestTime({ access = VertexEndpointAccess.DEDICATED }: InferenceEndpointProps): RequestTime {
  const dedicated = access === VertexEndpointAccess.DEDICATED;
  return {
    seconds: VERTEX_ENDPOINTS[access].timeoutSeconds,
    allowed: (needed) => `an endpoint type that waits at least ${needed} s`,
    prop: 'access',
    fix: dedicated
      ? 'Request shorter responses, or use CloudRunInference, which waits up to an hour.'
      : 'Use VertexEndpointAccess.DEDICATED, which waits ten minutes, or request shorter responses.',
    evidence: 'https://cloud.google.com/vertex-ai/docs/predictions/choose-endpoint-type',
  };
}
