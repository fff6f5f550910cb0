import type { Prices } from '../../core/catalog/own-prices';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ServingCache } from '../../kubernetes/serving/serving-cache';
import type { ServingScaling } from '../../kubernetes/serving/serving-scaling';
import type { ServingServer } from '../../kubernetes/serving/serving-server';
import type { Installation } from '../../terraform/installation';
import type { ClusterSource } from '../cluster/cluster-source';
import type { IMlNetwork } from '../network/network-attributes';
import type { AcceleratorNodeOptions, NodeOptions } from '../nodes/node-pool-options';
import type { IResourceGroup } from '../props/resource-group';
import type { ServingIngress } from './serving-ingress';
import type { ServingModel } from './serving-model';

/** Properties for `KubernetesInference`. */
export interface KubernetesInferenceProps extends Omit<AcceleratorNodeOptions, 'nodes'> {
  /** Resource group of all resources. Its region is the region of the cluster. */
  readonly resourceGroup: IResourceGroup;
  /** Model to serve. */
  readonly model: ServingModel;
  /** Server of the model. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /**
   * Expected load. Sizes the settings you leave out, and validates the ones you set.
   *
   * @default - only the memory for the weights is validated
   */
  readonly load?: ServingLoad;
  /** Accelerators of one replica, at most those of one machine. @default - the minimum for `load`, or for the weights without a load */
  readonly acceleratorsPerReplica?: number;
  /**
   * Number of replicas. Nodes scale with the replicas, except on reserved capacity.
   *
   * @default - a fixed number, derived from `load`, or 1 without a load
   */
  readonly scaling?: ServingScaling;
  /** Access to the model. It is always private. @default ServingIngress.clusterOnly() */
  readonly ingress?: ServingIngress;
  /** Cache of the model files between starts. @default ServingCache.pod() */
  readonly cache?: ServingCache;
  /** Name of all Kubernetes objects, and of the model in requests. @default - the construct id in lower case */
  readonly name?: string;
  /** Namespace of the model. The construct creates it, so no other construct can use it. @default - `name` */
  readonly namespace?: string;
  /** Rarely used settings of the nodes. @default - the defaults of `NodeOptions` */
  readonly nodeOptions?: NodeOptions;
  /** Availability zone of the nodes: `1`, `2`, or `3`. @default - none: the region has no zones, or Azure chooses */
  readonly zone?: string;
  /** New or existing AKS cluster. An existing one requires `systemLabels`. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /** Network of a new cluster. Leave it out for an existing cluster. @default - a new `MlNetwork` */
  readonly network?: IMlNetwork;
  /** Who installs the software of the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}
