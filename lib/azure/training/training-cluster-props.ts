import type { Prices } from '../../core/catalog/own-prices';
import type { TrainingJob } from '../../core/workload/training-job';
import type { TrainingImages } from '../../kubernetes';
import type { Installation } from '../../terraform/installation';
import type { ClusterSource } from '../cluster/cluster-source';
import type { IMlNetwork } from '../network/network-attributes';
import type { AcceleratorNodeOptions, NodeOptions } from '../nodes/node-pool-options';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { IResourceGroup } from '../props/resource-group';
import type { IDataBucket } from '../storage/bucket-attributes';
import type { TrainingStorage } from './training-storage';

/** Options for a group of equal nodes of a training cluster. */
export interface TrainingGroupOptions extends AcceleratorNodeOptions {
  /** Rarely used settings of the nodes. @default - the defaults of `NodeOptions` */
  readonly nodeOptions?: NodeOptions;
}

/** Properties for `TrainingCluster`: the main group of nodes, and what all groups share. */
export interface TrainingClusterProps extends TrainingGroupOptions {
  /** Resource group of all resources. Its region is the region of the cluster. */
  readonly resourceGroup: IResourceGroup;
  /** Network of the nodes and of a new file system. @default - the network of the cluster; a new `MlNetwork` for a new cluster */
  readonly network?: IMlNetwork;
  /** Key for the file system, and for the node disks of a new cluster. @default - a new key */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * Availability zone of all nodes and of the file system: `1`, `2`, or `3`. An InfiniBand fabric never spans zones. Required for a new file system.
   *
   * @default - none
   */
  readonly zone?: string;
  /** Training job of the main group. Sizes the settings you leave out, and validates the ones you set. @default - only the hardware is validated */
  readonly job?: TrainingJob;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
  /** More groups of accelerator nodes, by name. A name has 1 to 12 lower-case letters and digits. @default - none */
  readonly groups?: Readonly<Record<string, TrainingGroupOptions>>;
  /** New or existing AKS cluster. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /** Bucket with training data. Jobs can read it. @default - none */
  readonly datasets?: IDataBucket;
  /** Bucket for finished checkpoints. Jobs can read and write it. @default - none */
  readonly checkpoints?: IDataBucket;
  /** Shared file system. @default TrainingStorage.lustre() */
  readonly storage?: TrainingStorage;
  /**
   * Whether AKS repairs nodes with a permanent GPU fault, as reported in the log of the NVIDIA driver. An agent stops the kubelet, the jobs of the node
   * are queued again, and AKS restarts or moves the node. Nobody has tested this on an account.
   *
   * @default false
   */
  readonly repairFaults?: boolean;
  /** Who installs the software of the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Container images of jobs. @default - public images */
  readonly images?: TrainingImages;
}
