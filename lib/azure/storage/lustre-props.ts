import type { IMlNetwork } from '../network/network-attributes';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { IResourceGroup } from '../props/resource-group';
import type { IDataBucket } from './bucket-attributes';

/** Connection of a file system to a bucket. The file system imports objects on first access and exports on request. */
export interface BlobIntegration {
  /** Bucket whose objects appear as files. Its storage account can be in another subscription. */
  readonly bucket: IDataBucket;
  /**
   * Object id of the service principal "HPC Cache Resource Provider" in your tenant, which gets access to the storage account:
   * `az ad sp list --display-name "HPC Cache Resource Provider" --query [].id`.
   */
  readonly resourceProviderId: string;
  /** Prefix of the objects to import when the file system is created. @default '/': all objects */
  readonly importPrefix?: string;
  /** Another container in the same account, for import and export logs. @default - a new container; required for an imported bucket */
  readonly loggingContainerName?: string;
}

/** Users whose root permissions end at the file system. */
export enum RootSquashMode {
  /** Root on a client becomes nobody. */
  ROOT_ONLY = 'RootOnly',
  /** Every user on a client becomes nobody. */
  ALL = 'All',
}

/** Root squash: removes root permissions of clients. */
export interface RootSquash {
  /** Users to squash. @default RootSquashMode.ROOT_ONLY */
  readonly mode?: RootSquashMode;
  /** Clients that keep root permissions, for example `10.0.0.[4-9]@tcp;10.0.1.7@tcp`. */
  readonly noSquashNids: string;
  /** User id of squashed users. @default 65534 */
  readonly uid?: number;
  /** Group id of squashed users. @default 65534 */
  readonly gid?: number;
}

/** A day of the week. */
export enum Weekday {
  /** Monday. */
  MONDAY = 'Monday',
  /** Tuesday. */
  TUESDAY = 'Tuesday',
  /** Wednesday. */
  WEDNESDAY = 'Wednesday',
  /** Thursday. */
  THURSDAY = 'Thursday',
  /** Friday. */
  FRIDAY = 'Friday',
  /** Saturday. */
  SATURDAY = 'Saturday',
  /** Sunday. */
  SUNDAY = 'Sunday',
}

/** Weekly maintenance window of 30 minutes, in which Azure can update the file system. */
export interface LustreMaintenance {
  /** Day of the week. */
  readonly day: Weekday;
  /** Start time in UTC, as `HH:MM`. */
  readonly time: string;
}

/** Properties for `LustreFileSystem`. */
export interface LustreFileSystemProps {
  /** Resource group of the file system. */
  readonly resourceGroup: IResourceGroup;
  /** Network of the nodes that mount the file system. */
  readonly network: IMlNetwork;
  /** Availability zone of the nodes, for example `1`. The file system can never move to another zone. */
  readonly zone: string;
  /** Size in GiB: a multiple of the step of its tier, which is 4, 8, 16, or 48 TiB. It can never change. @default - derived from `requiredThroughputMBps` */
  readonly sizeGiB?: number;
  /** Throughput per TiB in MB/s: 40, 125, 250, or 500. It can never change. @default - 250, or the tier with the smallest size for `requiredThroughputMBps` */
  readonly throughputMBpsPerTiB?: number;
  /** Throughput of all clients together, in MB/s. Selects the smallest file system that provides it. @default - derived from `sizeGiB` */
  readonly requiredThroughputMBps?: number;
  /** Resource id of a subnet that only the servers use. @default - a new subnet in `network`, sized for the file system */
  readonly subnetId?: string;
  /** Address range of the new subnet. @default - the first free block in the second half of the network */
  readonly subnetCidr?: string;
  /** Address ranges that can mount the file system, in the rules of the new subnet. @default - the node subnet */
  readonly clientCidrs?: readonly string[];
  /** Key that encrypts the disks. A switch back to Azure-managed keys is impossible. @default - a new key that rotates every 90 days */
  readonly encryptionKey?: IEncryptionKey;
  /** Connection to a bucket. It can never be added later. @default - no bucket: programs copy the data */
  readonly blobIntegration?: BlobIntegration;
  /** Root squash. @default - root on every client is root */
  readonly rootSquash?: RootSquash;
  /** Maintenance window. @default - Sunday, 02:00 UTC */
  readonly maintenance?: LustreMaintenance;
}
