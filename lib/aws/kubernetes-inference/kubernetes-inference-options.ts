import type { ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { EndpointAccess, ICluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { PriceOverride } from '../../core/catalog/price-override';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { Capacity } from '../capacity/capacity';
import type { ClusterAddonsProps } from '../cluster/cluster-addons';
import type { Installation } from '../cluster/installation';
import type { AwsMachine } from '../machine/machine';
import type { ServingCache } from '../../kubernetes/serving/serving-cache';
import type { ServingIngress } from './serving-ingress';
import type { ServingModel } from './serving-model';
import type { ServingNodes } from './serving-nodes';
import type { ServingScaling } from '../../kubernetes/serving/serving-scaling';
import type { ServingServer } from '../../kubernetes/serving/serving-server';

/** A chart that a cluster may run already. */
export type SharedChart = 'keda' | 'kube-prometheus-stack' | 'lws' | 'aws-load-balancer-controller';

/** Properties for `KubernetesInference`. */
export interface KubernetesInferenceProps {
  /** The machine that replicas run on, e.g. `AwsMachine.G6E_12XLARGE`. */
  readonly machine: AwsMachine;
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
  /** Accelerators of one replica: a part of a machine, or whole machines. @default - the fewest that bear `load`, or hold the weights */
  readonly acceleratorsPerReplica?: number;
  /** How many replicas there are. @default - as many as `load` takes, or one */
  readonly scaling?: ServingScaling;
  /** Who makes the machines. @default - Karpenter where one machine holds a replica, else a managed node group */
  readonly nodes?: ServingNodes;
  /** How the machines are bought. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Subnets of the machines; of a managed group in one zone. @default - the private subnets of the VPC */
  readonly subnets?: SubnetSelection;
  /** The way in, which is always private. @default ServingIngress.clusterOnly() */
  readonly ingress?: ServingIngress;
  /** Where the files of the model are kept between starts. @default ServingCache.pod() */
  readonly cache?: ServingCache;
  /** Name of all Kubernetes objects, and of the model in requests. @default - the id of the construct, in lower case */
  readonly name?: string;
  /** Namespace of the model, made here: no other construct may make it. @default - the name */
  readonly namespace?: string;
  /** Size of the root volume, 20 to 16384 GiB. @default - 100, and the model where the machine has no local NVMe */
  readonly rootVolumeGiB?: number;
  /** Key of the root volumes. @default - the account's default EBS key */
  readonly volumeKey?: IKey;
  /** @default - that of `cluster`, or a new `MlVpc` */
  readonly vpc?: IVpc;
  /** Zones of a new VPC: at least two, among them that of reserved capacity. @default - up to three of the stack's region */
  readonly availabilityZones?: readonly string[];
  /** Subnets of a new control plane and its system nodes. @default - the private subnets of the VPC */
  readonly controlPlaneSubnets?: SubnetSelection;
  /** A cluster that exists, with its own system nodes and add-ons. @default - a new one */
  readonly cluster?: ICluster;
  /** Labels of the nodes that controllers run on, which carry no taint: needed with `cluster`. @default - those of the system nodes of a new cluster */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** Charts that `cluster` runs already, and that are not to be installed again. @default - none */
  readonly existingCharts?: readonly SharedChart[];
  /** Versions of EKS add-ons to hold or to upgrade to. @default - what EKS takes when the cluster is made */
  readonly addonVersions?: ClusterAddonsProps['versions'];
  /** Kubernetes of a new cluster. @default KubernetesVersion.V1_36 */
  readonly kubernetesVersion?: KubernetesVersion;
  /** Who reaches the Kubernetes API of a new cluster. @default EndpointAccess.PRIVATE */
  readonly endpointAccess?: EndpointAccess;
  /** Roles that administer a new cluster. @default - none */
  readonly admins?: readonly IRole[];
  /** Who installs what runs on the cluster. @default Installation.inCluster() */
  readonly installation?: Installation;
  /** Key of Kubernetes secrets. @default - a new key */
  readonly encryptionKey?: IKey;
  /** Prices of your own for the plan of `load`, before those of the table. @default - none */
  readonly prices?: readonly PriceOverride[];
  /** The day from which the age of prices counts. @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
}

/** Where machines and control plane go. */
export interface InferencePlaces {
  readonly nodes: readonly ISubnet[];
  readonly controlPlane: readonly ISubnet[];
}
