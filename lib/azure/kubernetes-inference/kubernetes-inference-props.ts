import type { PriceOverride } from '../../core/catalog/price-override';
import { listOf, oneOf, recordOf, required, type Shape, TEXT, TEXT_OR_EMPTY, without } from '../../core/shapes';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ServingCache } from '../../kubernetes/serving/serving-cache';
import type { ServingScaling } from '../../kubernetes/serving/serving-scaling';
import { SERVING_OPTIONS } from '../../kubernetes/serving/serving-shape';
import type { ServingServer } from '../../kubernetes/serving/serving-server';
import { INSTALLATION, type Installation } from '../../terraform/installation';
import { AKS_CLUSTER, type IAksCluster } from '../cluster/aks-cluster';
import { CONTROL_PLANE_OPTIONS } from '../cluster/control-plane-checks';
import type { ControlPlaneProps } from '../cluster/control-plane-props';
import { NODE_POOL_OPTIONS } from '../nodes/node-pool-checks';
import type { AcceleratorNodePoolOptions } from '../nodes/node-pool-options';
import { RESOURCE_GROUP } from '../props/resource-group';
import { SERVING_INGRESS, type ServingIngress } from './serving-ingress';
import { SERVING_MODEL, type ServingModel } from './serving-model';

/** A chart that a cluster may run already. */
export type SharedChart = 'keda' | 'kube-prometheus-stack' | 'gpu-operator';

/** Properties for `KubernetesInference`: the machines, what they serve, and for whom. */
export interface KubernetesInferenceProps
  extends Omit<AcceleratorNodePoolOptions, 'nodes' | 'labels'>, Omit<ControlPlaneProps, 'zones'> {
  /** What is served. */
  readonly model: ServingModel;
  /** What serves it. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /**
   * What the model must bear. It sizes what is left open, a replica and how many there are, and what is stated is checked against it.
   *
   * @default - only that the weights fit is checked
   */
  readonly load?: ServingLoad;
  /** Accelerators of one replica: a part of a machine, or the whole of it. @default - the fewest that bear `load`, or hold the weights */
  readonly acceleratorsPerReplica?: number;
  /** How many replicas there are: machines follow them, but on reserved capacity. @default - as many as `load` takes, or one */
  readonly scaling?: ServingScaling;
  /** The way in, which is always private. @default ServingIngress.clusterOnly() */
  readonly ingress?: ServingIngress;
  /** Where the files of the model are kept between starts. @default ServingCache.pod() */
  readonly cache?: ServingCache;
  /** Name of all Kubernetes objects, and of the model in requests. @default - the id of the construct, in lower case */
  readonly name?: string;
  /** Namespace of the model, made here: no other construct may make it. @default - the name */
  readonly namespace?: string;
  /** Availability zone of the machines, `1`, `2` or `3`. @default - none: the region has none, or Azure chooses */
  readonly zone?: string;
  /** A cluster that exists, with workload identity and system nodes of its own. @default - a new one */
  readonly cluster?: IAksCluster;
  /** Labels of the nodes of `cluster` that controllers run on: they carry no taint. @default - those of the new system nodes */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** Charts that `cluster` runs already, and that are not to be installed again. @default - none */
  readonly existingCharts?: readonly SharedChart[];
  /** Who installs what runs on the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Prices of your own for the plan of `load`, before those of the table. @default - none */
  readonly prices?: readonly PriceOverride[];
  /** The day from which the age of prices counts. @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
}

const SHARED_CHARTS = ['keda', 'kube-prometheus-stack', 'gpu-operator'] as const satisfies readonly SharedChart[];

/** The kinds of the props of `KubernetesInference`. */
export const KUBERNETES_INFERENCE: Shape<KubernetesInferenceProps> = {
  ...without(NODE_POOL_OPTIONS, 'nodes', 'labels'),
  ...CONTROL_PLANE_OPTIONS,
  resourceGroup: required(RESOURCE_GROUP),
  model: required(SERVING_MODEL),
  ...SERVING_OPTIONS,
  ingress: SERVING_INGRESS,
  zone: TEXT,
  cluster: AKS_CLUSTER,
  systemLabels: recordOf(TEXT_OR_EMPTY),
  existingCharts: listOf(oneOf(SHARED_CHARTS)),
  installation: INSTALLATION,
};
