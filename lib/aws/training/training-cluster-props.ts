import type { Prices } from '../../core/catalog/own-prices';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { TrainingJob } from '../../core/workload/training-job';
import type { ClusterSource } from '../cluster/cluster-source';
import type { Installation } from '../cluster/installation';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import type { IDataBucket } from '../storage/data-bucket';
import type { TrainingImages } from './training-software';
import type { TrainingStorage } from './training-storage';

/** Properties for `TrainingCluster`: the first group of nodes, and what all groups share. */
export interface TrainingClusterProps extends Omit<EfaNodeGroupOptions, 'nodes'> {
  /**
   * Number of nodes in the first group, from 1 to the limit of one fabric. The limit is 450, the default quota of a managed node group, or
   * 18 in a GB200 UltraServer.
   *
   * @default - the minimum number for `job`; required without a job
   * @schema WHOLE_NODES
   */
  readonly nodes?: number;
  /**
   * Training job of the first group. Sizes the nodes and the file system if you leave them out, and validates them if you set them.
   *
   * @default - the library validates only the hardware
   */
  readonly job?: TrainingJob;
  /** Your own prices, and the day that the age of a price is counted from. @default - the prices of the catalog */
  readonly prices?: Prices;
  /** More groups of accelerator nodes, by name. @default - none */
  readonly groups?: Readonly<Record<string, EfaNodeGroupOptions>>;
  /** VPC of the nodes and of a new cluster. @default - the VPC of an existing cluster, or a new `MlVpc` */
  readonly vpc?: IVpc;
  /** Zones of a new VPC, at least two. Include the zone of reserved capacity. @default - up to three zones of the region */
  readonly availabilityZones?: readonly string[];
  /** The EKS cluster: a new one or an existing one. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /** Bucket with training data. Jobs can read it, and a new file system mirrors it at `/datasets`. @default - none */
  readonly datasets?: IDataBucket;
  /** Bucket for checkpoints. Jobs can write to it, and a new file system exports files in `/checkpoints` to it. @default - none */
  readonly checkpoints?: IDataBucket;
  /** Parallel file system that all jobs mount at `/shared`. @default TrainingStorage.lustre() */
  readonly storage?: TrainingStorage;
  /** How charts and manifests get onto the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Images of the jobs. @default - the AWS images, if AWS has one for the machine */
  readonly images?: TrainingImages;
  /** KMS key of the file system, and of Kubernetes secrets if `cluster` names none. @default - a new key for each */
  readonly encryptionKey?: IKey;
}
