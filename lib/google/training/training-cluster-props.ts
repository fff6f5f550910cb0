import type { PriceOverride } from '../../core/catalog/price-override';
import type { TrainingJob } from '../../core/workload/training-job';
import type { TrainingImages } from '../../kubernetes';
import type { Installation } from '../../terraform/installation';
import type { IGkeCluster } from '../cluster/gke-cluster';
import type { INamedBucket } from '../cluster/job-identity';
import type { NewClusterOptions } from '../cluster/new-cluster-options';
import type { TrainingGroupOptions } from './training-group';
import type { TrainingStorage } from './training-storage';

/** Properties for `TrainingCluster`: the first group of nodes, and what all groups share. */
export interface TrainingClusterProps extends TrainingGroupOptions, NewClusterOptions {
  /** The zone of all nodes and of their file system: a fabric never crosses zones. */
  readonly zone: string;
  /** Number of nodes: 1 to 1,000, 18 in an NVL72 domain. @default - those of the topology, for TPUs; the fewest that do `job`, for GPUs, which have no default without one */
  readonly nodes?: number;
  /**
   * What the first group trains. It sizes what is left open, the nodes of GPUs and the file system, and what is stated is checked against it.
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
  /** Further groups of accelerator nodes, by name, in the same zone. @default - none */
  readonly groups?: Readonly<Record<string, TrainingGroupOptions>>;
  /** A cluster that exists, with Dataplane V2, multi-networking and system nodes of its own. @default - a new one */
  readonly cluster?: IGkeCluster;
  /** Labels of the nodes of `cluster` that controllers run on: they carry no taint. @default - those of the new system nodes */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** What to train on: jobs may read it. @default - none */
  readonly datasets?: INamedBucket;
  /** Where checkpoints go: jobs may write it. @default - none */
  readonly checkpoints?: INamedBucket;
  /** The parallel file system that all nodes mount at `/shared`. @default TrainingStorage.lustre() */
  readonly storage?: TrainingStorage;
  /**
   * Who administers the cluster: `user:…` or `serviceAccount:…`. To reach it they need `roles/container.clusterViewer` of the project, too.
   *
   * @default - whom IAM of the project lets
   */
  readonly admins?: readonly string[];
  /** Who installs what runs on the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Images that jobs run. @default - NVIDIA's PyTorch, Google's JAX for TPUs */
  readonly images?: TrainingImages;
}
