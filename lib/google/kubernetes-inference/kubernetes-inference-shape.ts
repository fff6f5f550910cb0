import { ANYTHING, having, listOf, oneOf, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import { SERVING_OPTIONS } from '../../kubernetes/serving/serving-shape';
import { INSTALLATION } from '../../terraform/installation';
import { GKE_CLUSTER } from '../cluster/gke-cluster';
import { NEW_CLUSTER_OPTIONS } from '../cluster/new-cluster-options';
import { NODE_POOL_OPTIONS } from '../nodes/node-pool-checks';
import type { KubernetesInferenceProps, SharedChart } from './kubernetes-inference-props';
import { SERVING_INGRESS } from './serving-ingress';
import { SERVING_MODEL } from './serving-model';

const SHARED_CHARTS = [
  'keda',
  'kube-prometheus-stack',
  'lws',
  'picker-kinds',
] as const satisfies readonly SharedChart[];

/** A node pool, of whichever copy of the package. */
const NODE_POOL = having(
  'an AcceleratorNodePool',
  ['machine', 'nodes', 'group', 'networks'],
  'Pass the AcceleratorNodePool itself.',
);

const { topology, networks, driver, bootDiskGiB, imageStreaming, preloadedImages, capacity, machine } =
  NODE_POOL_OPTIONS;

/** The kinds of the props of `KubernetesInference`. */
export const KUBERNETES_INFERENCE: Shape<KubernetesInferenceProps> = {
  ...{ topology, networks, driver, bootDiskGiB, imageStreaming, preloadedImages, capacity, machine },
  zone: required(TEXT),
  model: required(SERVING_MODEL),
  ...SERVING_OPTIONS,
  nodePool: NODE_POOL,
  ingress: SERVING_INGRESS,
  cluster: GKE_CLUSTER,
  systemLabels: recordOf(TEXT),
  existingCharts: listOf(oneOf(SHARED_CHARTS)),
  after: listOf(ANYTHING),
  installation: INSTALLATION,
  ...NEW_CLUSTER_OPTIONS,
};
