import type { ITerraformDependable } from 'cdktf';
import type { Prices } from '../../core/catalog/own-prices';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ServingCache, ServingScaling, ServingServer } from '../../kubernetes';
import type { Installation } from '../../terraform/installation';
import type { Capacity } from '../capacity/capacity';
import type { ClusterSource } from '../cluster/cluster-source';
import type { GoogleMachine } from '../machine/machine';
import type { IMlNetwork } from '../network/network-attributes';
import type { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { NodeOptions } from '../nodes/node-pool-options';
import type { ServingIngress } from './serving-ingress';
import type { ServingModel } from './serving-model';

/** Properties for `KubernetesInference`. */
export interface KubernetesInferenceProps {
  /** Zone of the machines. A new cluster is created in its region. */
  readonly zone: string;
  /** Machine type of the replicas, for example `GoogleMachine.G2_STANDARD_48`. */
  readonly machine: GoogleMachine;
  /** Source of the model. */
  readonly model: ServingModel;
  /** Server program. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /**
   * Expected load. Sizes the settings you leave out, and validates the ones you set.
   *
   * @default - no load: only the size of the weights is checked
   */
  readonly load?: ServingLoad;
  /** Accelerators of one replica: a part of a machine, or whole machines. @default - the minimum for `load`, or for the weights without a load */
  readonly acceleratorsPerReplica?: number;
  /** Number or range of replicas. @default - derived from `load`, or 1 without a load */
  readonly scaling?: ServingScaling;
  /** Capacity of the machines. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Topology of the TPU slice of one machine. @default - the topology of the machine */
  readonly topology?: string;
  /** Rarely used settings of the nodes. @default - the defaults of the node pool; the boot disk is sized for the model */
  readonly nodeOptions?: NodeOptions;
  /** Existing node pool with this machine type, in this zone, with enough nodes. @default - a new node pool that follows the replicas */
  readonly nodePool?: AcceleratorNodePool;
  /** Ingress of the model. It is always private. @default ServingIngress.clusterOnly() */
  readonly ingress?: ServingIngress;
  /** Cache for the model files between starts. @default ServingCache.pod() */
  readonly cache?: ServingCache;
  /** Name of the Kubernetes objects, of the node pool, and of the model in requests. @default - the ID of the construct, in lowercase */
  readonly name?: string;
  /** Namespace of the model. The construct creates it, so no other construct can create the same one. @default - the name */
  readonly namespace?: string;
  /** New or existing cluster. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /** Network of the cluster, in the region of `zone`. @default - the network of the cluster */
  readonly network?: IMlNetwork;
  /** Resources that must exist before the objects of the model, for example `first.software.objects!.release` of a model that installs shared charts. @default - only the resources that the objects refer to */
  readonly after?: readonly ITerraformDependable[];
  /** Who installs the software on the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}
