import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { EndpointAccess, ICluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { PriceOverride } from '../../core/catalog/price-override';
import type { TrainingJob } from '../../core/workload/training-job';
import type { ClusterAddonsProps } from '../cluster/cluster-addons';
import type { Installation } from '../cluster/installation';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import type { DataStore } from '../storage/data-store';
import type { TrainingImages } from './training-software';
import type { TrainingStorage } from './training-storage';

/** Properties for `TrainingCluster`: the first group of nodes, and what all groups share. */
export interface TrainingClusterProps extends Omit<EfaNodeGroupOptions, 'nodes'> {
  /**
   * Nodes of the first group: at least 1, at most what one fabric takes, 450 by the default quota of a node group or 18 in a GB200
   * UltraServer.
   *
   * @default - the fewest that hold `job` and end it in time; without a job it must be given
   */
  readonly nodes?: number;
  /**
   * What the first group trains. It sizes what is left open, the nodes and the file system, and what is stated is checked against it.
   *
   * @default - the hardware alone is checked
   */
  readonly job?: TrainingJob;
  /** Prices of your own for the plan of `job`, before those of the table. @default - none */
  readonly prices?: readonly PriceOverride[];
  /**
   * The day from which the age of prices counts, e.g. `new Date().toISOString()`.
   *
   * @default - the day of the newest price of the table, so that the same app gives the same plan on every day
   */
  readonly pricesAsOf?: string;
  /** Further groups of accelerator nodes, by name. @default - none */
  readonly groups?: Readonly<Record<string, EfaNodeGroupOptions>>;
  /** @default - that of `cluster`, or a new `MlVpc` */
  readonly vpc?: IVpc;
  /** Zones of a new VPC: at least two, among them that of reserved capacity. @default - up to three of the stack's region */
  readonly availabilityZones?: readonly string[];
  /** Subnets of a new control plane and its system nodes, never in a Local Zone. @default - the private subnets of the VPC */
  readonly controlPlaneSubnets?: SubnetSelection;
  /** A cluster that exists, with its own system nodes and add-ons. @default - a new one */
  readonly cluster?: ICluster;
  /** Labels of the nodes of `cluster` that controllers run on: they carry no taint. @default - those of the new system nodes */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** Versions of EKS add-ons to hold or to upgrade to. @default - what EKS takes when the cluster is made */
  readonly addonVersions?: ClusterAddonsProps['versions'];
  /** What to train on: jobs may read it, and a new file system mirrors it at `/datasets`. @default - none */
  readonly datasets?: DataStore;
  /** Where checkpoints go: jobs may write it, and a new file system exports to it what is written below `/checkpoints`. @default - none */
  readonly checkpoints?: DataStore;
  /** The parallel file system that all nodes mount at `/shared`. @default TrainingStorage.lustre() */
  readonly storage?: TrainingStorage;
  /** Kubernetes of a new cluster; GB200 needs 1.34 or later. @default KubernetesVersion.V1_36 */
  readonly kubernetesVersion?: KubernetesVersion;
  /** Who reaches the Kubernetes API of a new cluster. @default EndpointAccess.PRIVATE */
  readonly endpointAccess?: EndpointAccess;
  /** Roles that administer a new cluster. @default - none */
  readonly admins?: readonly IRole[];
  /** Who installs what runs on the cluster. @default Installation.inCluster() */
  readonly installation?: Installation;
  /** Images that jobs run. @default - AWS's own, where there is one for the machine */
  readonly images?: TrainingImages;
  /** Key of Kubernetes secrets and of the file system. @default - a new key each */
  readonly encryptionKey?: IKey;
}
