import type { DataClass } from '../../core/data-class';
import type { DataPurpose } from '../../core/data-purpose';
import type { IMlNetwork } from '../network/network-attributes';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { IResourceGroup } from '../props/resource-group';

/** How many copies Azure keeps, and where. */
export enum StorageRedundancy {
  /** Three in one building. */
  LOCAL = 'LRS',
  /** One in each of three zones of the region. */
  ZONES = 'ZRS',
  /** Three in one building, and three in the paired region. */
  GEO = 'GRS',
  /** One in each of three zones, and three in the paired region. */
  GEO_ZONES = 'GZRS',
}

/** How long no object can be deleted or replaced. */
export interface RetentionLock {
  /** Whole days, up to 146,000. */
  readonly days: number;
  /** Whether the lock can never be shortened or taken off again, not even with the bucket. @default false */
  readonly permanent?: boolean;
}

/** Properties for `DataBucket`. */
export interface DataBucketProps {
  /** The resource group, and by it the region: that of the nodes, or reading costs. */
  readonly resourceGroup: IResourceGroup;
  /** The network that it is reached from, by a private endpoint: from nowhere else. @default - none: you add the endpoint */
  readonly network?: IMlNetwork;
  /** What it holds: it decides the lifecycle. @default DataPurpose.DATASETS */
  readonly purpose?: DataPurpose;
  /** How sensitive its content is: it raises the floor of the other props. @default DataClass.INTERNAL */
  readonly dataClass?: DataClass;
  /** The key of its objects. @default - a new key that rotates every 90 days */
  readonly encryptionKey?: IEncryptionKey;
  /** The workspace of Log Analytics that tells who read, wrote and deleted what. @default - none */
  readonly accessLogs?: { readonly id: string };
  /** Whether replaced and deleted objects can be restored. @default true, false with `hierarchical` or `retention` */
  readonly versioned?: boolean;
  /**
   * Whether folders are real: renaming one, as frameworks do with a finished checkpoint, is one step. It can never change, and such a bucket
   * has no versions.
   *
   * @default false, true with `nfs`, and for checkpoints that are not confidential
   */
  readonly hierarchical?: boolean;
  /** Whether it stands on SSDs: lower latency, a higher price, and no cheaper tier for cold objects. It can never change. @default false */
  readonly premium?: boolean;
  /** Whether NFS 3.0 clients of the network mount it, unencrypted. It can never change. @default false */
  readonly nfs?: boolean;
  /** Whether callers may show a key of the account in place of an identity: blob integration of Managed Lustre may ask for it. @default false */
  readonly accountKeys?: boolean;
  /** @default StorageRedundancy.ZONES */
  readonly redundancy?: StorageRedundancy;
  /** Days after which an object goes: none with `retention`. @default - never; a year for logs without `retention` */
  readonly keepDays?: number;
  /** Days that a replaced or deleted version can be restored, up to 365. @default - by purpose; at least 90 for restricted data */
  readonly keepOldVersionsDays?: number;
  /** Days that a deleted object can be brought back, 1 to 365, or 0. @default - 7, 0 for checkpoints; as long as old versions stay where there are any */
  readonly softDeleteDays?: number;
  /** Days to which the whole bucket can be set back. @default - none */
  readonly restoreDays?: number;
  /** @default - no lock */
  readonly retention?: RetentionLock;
}
