import { PRICE_OVERRIDE } from '../../core/catalog/price-override';
import { listOf, NUMBER, oneOf, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import { SERVING_LOAD } from '../../core/workload/serving-load';
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
import { SERVING_CACHE } from '../../kubernetes/serving/serving-cache';
import { SERVING_INGRESS } from './serving-ingress';
import { SERVING_MODEL } from './serving-model';
import { SERVING_NODES } from './serving-nodes';
import { SERVING_SCALING } from '../../kubernetes/serving/serving-scaling';
import { SERVING_SERVER } from '../../kubernetes/serving/serving-server';

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
  server: SERVING_SERVER,
  load: SERVING_LOAD,
  acceleratorsPerReplica: NUMBER,
  scaling: SERVING_SCALING,
  nodes: SERVING_NODES,
  capacity: CAPACITY,
  subnets: SUBNET_SELECTION,
  ingress: SERVING_INGRESS,
  cache: SERVING_CACHE,
  name: TEXT,
  namespace: TEXT,
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
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
};
