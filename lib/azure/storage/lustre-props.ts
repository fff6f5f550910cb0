import type { IMlNetwork } from '../network/network-attributes';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { IResourceGroup } from '../props/resource-group';
import type { IDataBucket } from './bucket-attributes';

/** A bucket that a file system reads from when a file is first asked for, and writes to when it is told. */
export interface BlobIntegration {
  /** The bucket whose objects appear as files: its account may be in another subscription. */
  readonly bucket: IDataBucket;
  /**
   * Object id of the service principal "HPC Cache Resource Provider" in your tenant, which gets the right to the account:
   * `az ad sp list --display-name "HPC Cache Resource Provider" --query [].id`.
   */
  readonly resourceProviderId: string;
  /** Beginning of the names of objects that are imported when it is made. @default '/': all */
  readonly importPrefix?: string;
  /** Another container of the same account, for logs of import and export. @default - a new one where the bucket is made here */
  readonly loggingContainerName?: string;
}

/** Whose rights of root end at the file system. */
export enum RootSquashMode {
  /** Root of a client is nobody. */
  ROOT_ONLY = 'RootOnly',
  /** Everyone of a client is nobody. */
  ALL = 'All',
}

/** Takes the rights of root from clients. */
export interface RootSquash {
  /** @default RootSquashMode.ROOT_ONLY */
  readonly mode?: RootSquashMode;
  /** Clients that keep theirs, e.g. `10.0.0.[4-9]@tcp;10.0.1.7@tcp`. */
  readonly noSquashNids: string;
  /** User that root becomes. @default 65534 */
  readonly uid?: number;
  /** Group that root becomes. @default 65534 */
  readonly gid?: number;
}

/** The half hour of a week in which Azure may update the file system. */
export interface LustreMaintenance {
  readonly day: 'Monday' | 'Tuesday' | 'Wednesday' | 'Thursday' | 'Friday' | 'Saturday' | 'Sunday';
  /** `HH:MM`, UTC. */
  readonly time: string;
}

/** Properties for `LustreFileSystem`. */
export interface LustreFileSystemProps {
  readonly resourceGroup: IResourceGroup;
  /** The network of the nodes that mount it. */
  readonly network: IMlNetwork;
  /** The zone of the nodes, e.g. `1`: it stands in one, and can never move. */
  readonly zone: string;
  /** A multiple of the step of its tier: 4, 8, 16 or 48 TiB, in GiB. It can never change. @default - from `requiredThroughputMBps` */
  readonly sizeGiB?: number;
  /** MB/s for each TiB: 40, 125, 250 or 500. It can never change. @default 250 - or what `requiredThroughputMBps` makes smallest */
  readonly throughputMBpsPerTiB?: number;
  /** What all clients together must read or write: the smallest file system that gives it is taken. @default - from `sizeGiB` */
  readonly requiredThroughputMBps?: number;
  /** Resource id of a subnet for its servers alone. @default - a new one in `network`, as large as the size asks for */
  readonly subnetId?: string;
  /** Addresses of the new subnet. @default - the first of the second half of the network */
  readonly subnetCidr?: string;
  /** Addresses that may mount it, by the rules of the new subnet. @default - those of the nodes */
  readonly clientCidrs?: readonly string[];
  /** The key of its disks. It can never become Azure's own again. @default - a new key that rotates every 90 days */
  readonly encryptionKey?: IEncryptionKey;
  /** @default - no bucket: programs copy what they need. It can never be added later */
  readonly blobIntegration?: BlobIntegration;
  /** @default - root of every client is root */
  readonly rootSquash?: RootSquash;
  /** @default - Sunday, 02:00 UTC */
  readonly maintenance?: LustreMaintenance;
}
