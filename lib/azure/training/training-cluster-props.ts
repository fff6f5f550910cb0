import type { PriceOverride } from '../../core/catalog/price-override';
import type { TrainingJob } from '../../core/workload/training-job';
import type { TrainingImages } from '../../kubernetes';
import type { Installation } from '../../terraform/installation';
import type { IAksCluster } from '../cluster/aks-cluster';
import type { ControlPlaneProps } from '../cluster/control-plane-props';
import type { AcceleratorNodePoolOptions } from '../nodes/node-pool-options';
import type { IDataBucket } from '../storage/bucket-attributes';
import type { TrainingStorage } from './training-storage';

/** Properties for `TrainingCluster`: the first group of nodes, and what all groups share. */
export interface TrainingClusterProps
  extends
    AcceleratorNodePoolOptions,
    Pick<
      ControlPlaneProps,
      | 'resourceGroup'
      | 'network'
      | 'outboundType'
      | 'version'
      | 'upgradeChannel'
      | 'systemNodes'
      | 'encryptionKey'
      | 'apiAccess'
      | 'authorizedCidrs'
      | 'admins'
      | 'logs'
      | 'deletionProtection'
    > {
  /**
   * Availability zone of all nodes and of their file system, `1`, `2` or `3`: a fabric never crosses zones. A new file system needs one.
   *
   * @default - none
   */
  readonly zone?: string;
  /**
   * What the first group trains. It sizes what is left open, its nodes and the file system, and what is stated is checked against it.
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
  /** Further groups of accelerator nodes, by name: 1 to 12 lower-case letters and digits. @default - none */
  readonly groups?: Readonly<Record<string, AcceleratorNodePoolOptions>>;
  /** A cluster that exists, with workload identity and system nodes of its own. @default - a new one */
  readonly cluster?: IAksCluster;
  /** Labels of the nodes of `cluster` that controllers run on: they carry no taint. @default - those of the new system nodes */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** What to train on: jobs may read it. @default - none */
  readonly datasets?: IDataBucket;
  /** Where finished checkpoints go: jobs may read and write it. @default - none */
  readonly checkpoints?: IDataBucket;
  /** The parallel file system. @default TrainingStorage.lustre() */
  readonly storage?: TrainingStorage;
  /**
   * Whether a node whose GPU has a fault that only a restart ends, by the log of NVIDIA's driver, is handed to the repair of AKS: an agent stops its
   * kubelet, its jobs queue again, and AKS restarts it, or moves it to other hardware. Nobody has run this on an account.
   *
   * @default false
   */
  readonly repairFaults?: boolean;
  /** Who installs what runs on the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Images that jobs run. @default - public ones */
  readonly images?: TrainingImages;
}
