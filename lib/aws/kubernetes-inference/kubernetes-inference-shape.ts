import { listOf, NUMBER, oneOf, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import { CAPACITY } from '../capacity/capacity';
import { INSTALLATION } from '../cluster/installation';
import { AWS_MACHINE } from '../machine/machine';
import {
  CLUSTER,
  ENDPOINT_ACCESS,
  KEY,
  KUBERNETES_VERSION,
  LABELS,
  ROLE,
  SUBNET_SELECTION,
  TEXTS,
  VPC,
} from '../props/shapes';
import type { KubernetesInferenceProps, SharedChart } from './kubernetes-inference-options';
import { SERVING_INGRESS } from './serving-ingress';
import { SERVING_MODEL } from './serving-model';
import { SERVING_NODES } from './serving-nodes';
import { SERVING_OPTIONS } from '../../kubernetes/serving/serving-shape';

const SHARED_CHARTS = [
  'keda',
  'kube-prometheus-stack',
  'lws',
  'aws-load-balancer-controller',
] as const satisfies readonly SharedChart[];

/** The kinds of the props of `KubernetesInference`. */
export const KUBERNETES_INFERENCE: Shape<KubernetesInferenceProps> = {
  machine: required(AWS_MACHINE),
  model: required(SERVING_MODEL),
  ...SERVING_OPTIONS,
  nodes: SERVING_NODES,
  capacity: CAPACITY,
  subnets: SUBNET_SELECTION,
  ingress: SERVING_INGRESS,
  rootVolumeGiB: NUMBER,
  volumeKey: KEY,
  vpc: VPC,
  availabilityZones: TEXTS,
  controlPlaneSubnets: SUBNET_SELECTION,
  cluster: CLUSTER,
  systemLabels: LABELS,
  existingCharts: listOf(oneOf(SHARED_CHARTS)),
  addonVersions: recordOf(TEXT),
  kubernetesVersion: KUBERNETES_VERSION,
  endpointAccess: ENDPOINT_ACCESS,
  admins: listOf(ROLE),
  installation: INSTALLATION,
  encryptionKey: KEY,
};
