import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { imageFindings, planFindings } from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { recordMachineFindings } from '../machine/machine-findings';
import { requestTime } from './endpoint-checks';
import { IMAGE_NAMES } from './image-names';
import type { InferenceEndpoint } from './inference-endpoint';
import type { InferenceEndpointProps } from './inference-endpoint-props';
import { recordRequestTime } from './request-time';

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
