import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { imageFindings, planFindings } from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { recordMachineFindings } from '../machine/machine-findings';
import { requestTime } from './endpoint-checks';
import { IMAGE_NAMES } from './image-names';
import type { InferenceEndpoint } from './inference-endpoint';
import type { InferenceEndpointProps } from './inference-endpoint-props';
import { recordRequestTime } from './request-time';

/** Records what is doubtful about an endpoint. */
export function recordEndpointFindings(endpoint: InferenceEndpoint, props: InferenceEndpointProps): void {
  recordMachineFindings(endpoint, endpoint.machine, props.reservationZone ?? endpoint.region);
  recordFabric(endpoint, props);
  recordModel(endpoint, props);
  recordReach(endpoint);
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
    message: `How Vertex AI joins the ${machinesPerReplica} machines of a replica is not published: a plan takes all that ${endpoint.machine.name} has.`,
    fix: 'Measure one replica before you count on its latency.',
    evidence: 'multihost_gpu_node_count of vertex_ai_endpoint_with_model_garden_deployment, google 6.50.0',
  });
}

function recordModel(endpoint: InferenceEndpoint, { model, container }: InferenceEndpointProps): void {
  record(endpoint, {
    id: 'model/no-digest',
    level: 'info',
    message: model.isPinned
      ? `${model.name} is pinned by its version, and nothing proves its content.`
      : `${model.name} is served in the version that the hub has when it is deployed: the service takes no commit.`,
    fix: 'Serve by CloudRunInference or KubernetesInference where the files must be yours.',
    evidence: 'https://cloud.google.com/vertex-ai/docs/reference/rest/v1beta1/projects.locations/deploy',
  });
  for (const finding of imageFindings(container?.image, IMAGE_NAMES)) record(endpoint, finding);
}

function recordReach(endpoint: InferenceEndpoint): void {
  record(endpoint, {
    id: 'network/public-endpoint',
    level: 'warning',
    message: 'The endpoint answers from any network, to whom IAM lets in, and its containers reach the internet.',
    fix: 'Use PrivateEndpoint, where a pipeline deploys the model, or CloudRunInference; or acknowledge this.',
    evidence: 'https://cloud.google.com/vertex-ai/docs/predictions/choose-endpoint-type',
  });
}

function recordReplicas(endpoint: InferenceEndpoint, { capacity }: InferenceEndpointProps): void {
  const { minimum, maximum } = endpoint.limits;
  if (minimum === 1 && maximum === 1) {
    record(endpoint, {
      id: 'serving/one-replica',
      level: 'info',
      message: 'One replica answers all requests.',
      fix: 'Set scaling.minimum to 2 or more where it matters.',
      evidence: 'https://cloud.google.com/vertex-ai/docs/predictions/autoscaling',
    });
  }
  if (capacity?.market !== 'spot') return;
  record(endpoint, {
    id: 'spot/no-fallback',
    level: 'warning',
    message: 'Spot machines are taken back on 30 seconds’ notice, and nothing takes over.',
    fix: 'Keep a second endpoint on demand before which your clients choose, or acknowledge this.',
    evidence: 'https://cloud.google.com/vertex-ai/docs/predictions/use-spot-vms',
  });
}

function recordLabels(endpoint: InferenceEndpoint): void {
  record(endpoint, {
    id: 'cost/unlabelled',
    level: 'info',
    message: 'A deployment of Model Garden takes no labels: bills and budgets by label do not show it.',
    fix: 'Give it a project of its own, and a budget on all of that.',
    evidence: 'vertex_ai_endpoint_with_model_garden_deployment of google 6.50.0',
  });
}

function recordPrice(endpoint: InferenceEndpoint, { costs, cluster }: ServingPlan): void {
  const price = costs.find(({ chosen }) => chosen)?.price;
  if (!price || price.overridden) return;
  record(endpoint, {
    id: 'cost/price',
    level: 'info',
    message: `The price is that of ${cluster.machine} on Compute Engine: Vertex AI asks more for its management.`,
    fix: 'Read it off the price list of Vertex AI, and give it in prices.',
    evidence: 'https://cloud.google.com/vertex-ai/pricing',
  });
}
