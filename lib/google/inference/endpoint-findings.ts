import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { imageFindings, planFindings } from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { recordMachineFindings } from '../machine/machine';
import { IMAGE_NAMES } from './image-names';
import { type InferenceEndpoint, type InferenceEndpointProps, VertexEndpointAccess } from './inference-endpoint';
import { recordRequestTime, checkRequestTime, type RequestTime } from '../../terraform/request-time';
import { VERTEX_ENDPOINTS } from '../../core/catalog/vertex-inference';
import type { ProblemCollector } from '../../core/errors';
import { type PlannedLoad, type ReplicaLimits, planEndpoint } from '../../core/planning/serving/endpoint-load';
import { checkLimits, limitsOf } from '../../terraform/load-limits';
import { checkRegion } from '../props/location';
import { checkContainer } from './garden-container';
import { checkInvokers } from './invokers';
import { checkVertexMachine, plannedHost } from './vertex-machine';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import { servingPlanner } from '../../core/planning/serving/serving-planner';
import { priceMarket } from '../machine/planned-machine';

/** Records the findings of an endpoint. */
export function recordEndpointFindings(endpoint: InferenceEndpoint, props: InferenceEndpointProps): void {
  recordMachineFindings(endpoint, endpoint.machine, props.reservationZone ?? endpoint.region);
  recordFabric(endpoint, props);
  recordModel(endpoint, props);
  recordExposure(endpoint);
  recordReplicas(endpoint, props);
  recordLabels(endpoint);
  const { plan } = endpoint;
  if (!plan) return;
  for (const finding of planFindings(plan)) record(endpoint, finding);
  recordRequestTime(endpoint, plan, requestTime(props));
  recordPrice(endpoint, plan);
}

function recordFabric(endpoint: InferenceEndpoint, { machinesPerReplica = 1 }: InferenceEndpointProps): void {
  if (machinesPerReplica === 1) return;
  record(endpoint, {
    id: 'fabric/rdma',
    level: 'info',
    message: `Google does not publish how Vertex AI connects the ${machinesPerReplica} machines of a replica. The plan assumes the full network of ${endpoint.machine.name}.`,
    fix: 'Measure one replica before you rely on its latency.',
    evidence: 'multihost_gpu_node_count of vertex_ai_endpoint_with_model_garden_deployment, google 6.50.0',
  });
}

function recordModel(endpoint: InferenceEndpoint, { model, container }: InferenceEndpointProps): void {
  record(endpoint, {
    id: 'model/no-digest',
    level: 'info',
    message: model.isPinned
      ? `${model.name} has a fixed version, but no digest proves its content.`
      : `Vertex AI deploys the latest commit of ${model.name}, because the service does not accept a commit.`,
    fix: 'Use CloudRunInference or KubernetesInference if you must control the files.',
    evidence: 'https://cloud.google.com/vertex-ai/docs/reference/rest/v1beta1/projects.locations/deploy',
  });
  for (const finding of imageFindings(container?.image, IMAGE_NAMES)) record(endpoint, finding);
}

function recordExposure(endpoint: InferenceEndpoint): void {
  record(endpoint, {
    id: 'network/public-endpoint',
    level: 'warning',
    message:
      'The endpoint accepts requests from the internet, if IAM allows the caller. Its containers can reach the internet.',
    fix: 'Use PrivateEndpoint with a pipeline that deploys the model, use CloudRunInference, or acknowledge this.',
    evidence: 'https://cloud.google.com/vertex-ai/docs/predictions/choose-endpoint-type',
  });
}

function recordReplicas(endpoint: InferenceEndpoint, { capacity }: InferenceEndpointProps): void {
  const { minReplicas, maxReplicas } = endpoint.limits;
  if (minReplicas === 1 && maxReplicas === 1) {
    record(endpoint, {
      id: 'serving/one-replica',
      level: 'info',
      message: 'One replica answers all requests.',
      fix: 'Set scaling.minReplicas to 2 or more for availability.',
      evidence: 'https://cloud.google.com/vertex-ai/docs/predictions/autoscaling',
    });
  }
  if (capacity?.market !== 'spot') return;
  record(endpoint, {
    id: 'spot/no-fallback',
    level: 'warning',
    message: 'Google can reclaim spot machines with 30 seconds of notice, and the endpoint has no fallback.',
    fix: 'Add a second endpoint on demand and let your clients fail over to it, or acknowledge this.',
    evidence: 'https://cloud.google.com/vertex-ai/docs/predictions/use-spot-vms',
  });
}

function recordLabels(endpoint: InferenceEndpoint): void {
  record(endpoint, {
    id: 'cost/unlabelled',
    level: 'info',
    message: 'A Model Garden deployment does not support labels, so bills and budgets by label do not include it.',
    fix: 'Use a separate project, with a budget for the whole project.',
    evidence: 'vertex_ai_endpoint_with_model_garden_deployment of google 6.50.0',
  });
}

function recordPrice(endpoint: InferenceEndpoint, { costs, cluster }: ServingPlan): void {
  const price = costs.find(({ chosen }) => chosen)?.price;
  if (!price || price.overridden) return;
  record(endpoint, {
    id: 'cost/price',
    level: 'info',
    message: `The price is for ${cluster.machine} on Compute Engine. Vertex AI adds a management fee.`,
    fix: 'Set prices from the price list of Vertex AI.',
    evidence: 'https://cloud.google.com/vertex-ai/pricing',
  });
}

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

/** Props of an endpoint whose names differ from those of the planner. */
const NAMES = { acceleratorsPerReplica: 'machine', replicas: 'scaling.maxReplicas' };

/** Plans the load of an endpoint, and adds its problems. Returns nothing without a load, or if the machine is invalid. */
export function planLoad(problems: ProblemCollector, props: InferenceEndpointProps): PlannedLoad | undefined {
  const { load, machine, machinesPerReplica = 1, region, scaling } = props;
  const accelerators = machine.spec.accelerators * machinesPerReplica;
  // Other checks report invalid values of these.
  if (!load || isUnknown(region) || !Number.isInteger(accelerators) || accelerators < 1) return undefined;
  const input = {
    load,
    machine: plannedHost(machine),
    market: priceMarket(props.capacity),
    region,
    prices: props.prices,
    acceleratorsPerReplica: accelerators,
    maxReplicas: isUnknown(scaling?.maxReplicas) ? undefined : scaling?.maxReplicas,
  };
  return planEndpoint(problems, servingPlanner(), input, NAMES);
}
