import type { Prices } from '../../core/catalog/own-prices';
import type { TrainingJob } from '../../core/workload/training-job';
import type { TrainingImages } from '../../kubernetes';
import type { Installation } from '../../terraform/installation';
import type { ClusterSource } from '../cluster/cluster-source';
import type { IMlNetwork } from '../network/network-attributes';
import type { IDataBucket } from '../storage/bucket-attributes';
import type { TrainingGroupOptions } from './training-group';
import type { TrainingStorage } from './training-storage';

/** Properties for `TrainingCluster`: the first group of nodes, and the settings that all groups share. */
export interface TrainingClusterProps extends TrainingGroupOptions {
  /** Zone of all nodes and of their file system. An accelerator network never spans zones. A new cluster is created in its region. */
  readonly zone: string;
  /**
   * Number of nodes: 1 to 1,000, or 18 in an NVL72 domain.
   *
   * @default - the nodes of the topology for TPUs; the smallest number that completes `job` for GPUs, which have no default without a job
   */
  readonly nodes?: number;
  /** Network of the nodes, in the region of `zone`. @default - the network of the cluster */
  readonly network?: IMlNetwork;
  /** New or existing cluster. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /**
   * Expected job of the first group. Sizes the settings you leave out, the number of GPU nodes and the file system, and validates the ones you set.
   *
   * @default - only the hardware is validated
   */
  readonly job?: TrainingJob;
  /** Your own prices, and the date from which the age of prices counts. @default - the prices of the catalog */
  readonly prices?: Prices;
  /** More groups of accelerator nodes, by name, in the same zone. @default - none */
  readonly groups?: Readonly<Record<string, TrainingGroupOptions>>;
  /** Bucket with the training data. Jobs can read it. @default - none */
  readonly datasets?: IDataBucket;
  /** Bucket for checkpoints. Jobs can read and write it. @default - none */
  readonly checkpoints?: IDataBucket;
  /** Parallel file system that all nodes mount at `/shared`. @default TrainingStorage.lustre() */
  readonly storage?: TrainingStorage;
  /** Who installs the software of the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Container images of jobs. @default - PyTorch from NVIDIA, or JAX from Google for TPUs */
  readonly images?: TrainingImages;
}
