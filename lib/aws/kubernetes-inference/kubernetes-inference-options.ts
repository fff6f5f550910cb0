import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Prices } from '../../core/catalog/own-prices';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ServingCache } from '../../kubernetes/serving/serving-cache';
import type { ServingScaling } from '../../kubernetes/serving/serving-scaling';
import type { ServingServer } from '../../kubernetes/serving/serving-server';
import type { Capacity } from '../capacity/capacity';
import type { ClusterSource } from '../cluster/cluster-source';
import type { Installation } from '../cluster/installation';
import type { AwsMachine } from '../machine/machine';
import type { NodeOptions } from '../nodes/node-group-options';
import type { ServingIngress } from './serving-ingress';
import type { ServingModel } from './serving-model';
import type { ServingNodes } from './serving-nodes';

/** Boot disk settings of inference nodes. */
export type InferenceNodeOptions = Pick<NodeOptions, 'bootDisk' | 'bootDiskKey'>;

/** Properties for `KubernetesInference`. */
export interface KubernetesInferenceProps {
  /** Machine type of the replicas, for example `AwsMachine.G6E_12XLARGE`. */
  readonly machine: AwsMachine;
  /** The model to serve. */
  readonly model: ServingModel;
  /** The inference server. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /**
   * Expected load. Sizes the replica and the number of replicas that you leave out, and validates the ones you set.
   *
   * @default - the library validates only that the weights fit
   */
  readonly load?: ServingLoad;
  /** Number of accelerators of one replica: a part of a machine, or whole machines. @default - the smallest number for `load` or the weights */
  readonly acceleratorsPerReplica?: number;
  /** Number of replicas. @default - the number that `load` needs, or one */
  readonly scaling?: ServingScaling;
  /** How nodes are created. @default - Karpenter if one machine holds a replica, otherwise a managed node group */
  readonly nodes?: ServingNodes;
  /** Purchase model of the nodes. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Subnets of the nodes. A managed node group needs subnets in one zone. @default - the private subnets of the VPC */
  readonly subnets?: SubnetSelection;
  /** How requests reach the model. Access is always private. @default ServingIngress.clusterOnly() */
  readonly ingress?: ServingIngress;
  /** Storage of the model files between restarts. @default ServingCache.pod() */
  readonly cache?: ServingCache;
  /** Name of all Kubernetes objects, and of the model in requests. @default - the construct id in lower case */
  readonly name?: string;
  /** Namespace of the model, which this construct creates. No other construct can create it. @default - the name */
  readonly namespace?: string;
  /**
   * Boot disk of the nodes, and its key.
   *
   * @default - a boot disk of 100 GiB with the default EBS key. It is larger by the model if the machine has no local NVMe.
   */
  readonly nodeOptions?: InferenceNodeOptions;
  /** VPC of the nodes and of a new cluster. @default - the VPC of an existing cluster, or a new `MlVpc` */
  readonly vpc?: IVpc;
  /** Zones of a new VPC, at least two. Include the zone of reserved capacity. @default - up to three zones of the region */
  readonly availabilityZones?: readonly string[];
  /** The EKS cluster: a new one or an existing one. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /** How charts and manifests get onto the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}
