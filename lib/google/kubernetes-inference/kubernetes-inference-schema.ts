import { ANY, hasMembers, listOf, objectOf, type PropSchema, required, STRING } from '../../core/prop-schema';
import { SERVING_OPTIONS } from '../../kubernetes/serving/serving-schema';
import { INSTALLATION } from '../../terraform/installation';
import { CLUSTER_SOURCE } from '../cluster/cluster-source';
import { ML_NETWORK } from '../network/network-attributes';
import { ACCELERATOR_NODE_OPTIONS, NODE_OPTIONS } from '../nodes/node-pool-checks';
import type { KubernetesInferenceProps } from './kubernetes-inference-props';
import { SERVING_INGRESS } from './serving-ingress';
import { SERVING_MODEL } from './serving-model';

/** An `AcceleratorNodePool` from any copy of the package. */
const NODE_POOL = hasMembers(
  'an AcceleratorNodePool',
  ['machine', 'nodes', 'group', 'networks'],
  'Pass the AcceleratorNodePool itself.',
);

const { machine, topology, capacity } = ACCELERATOR_NODE_OPTIONS;

/** Prop types of `KubernetesInferenceProps`. */
export const KUBERNETES_INFERENCE: PropSchema<KubernetesInferenceProps> = {
  ...{ machine, topology, capacity },
  zone: required(STRING),
  model: required(SERVING_MODEL),
  ...SERVING_OPTIONS,
  nodeOptions: objectOf(NODE_OPTIONS, 'an object with node options'),
  nodePool: NODE_POOL,
  ingress: SERVING_INGRESS,
  cluster: CLUSTER_SOURCE,
  network: ML_NETWORK,
  after: listOf(ANY),
  installation: INSTALLATION,
};
