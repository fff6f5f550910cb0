import type { DataClass } from '../../core/data-class';
import type { DataPurpose } from '../../core/data-purpose';
import type { IMlNetwork } from '../network/network-attributes';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { ILogWorkspace } from '../operations/log-workspace';
import type { IResourceGroup } from '../props/resource-group';

/** Number and location of the copies of data. */
export enum StorageRedundancy {
  /** Three copies in one data center. */
  LOCAL = 'LRS',
  /** One copy in each of three zones of the region. */
  ZONES = 'ZRS',
  /** Three copies in one data center, and three in the paired region. */
  GEO = 'GRS',
  /** One copy in each of three zones, and three in the paired region. */
  GEO_ZONES = 'GZRS',
}

/** Time in which no object can be deleted or overwritten. */
export interface RetentionLock {
  /** Number of days, up to 146,000. */
  readonly days: number;
  /** Whether the lock can never be shortened or removed, not even with the bucket. @default false */
  readonly permanent?: boolean;
}

/** Properties for `DataBucket`. */
export interface DataBucketProps {
  /** Resource group of the bucket. Use the region of the nodes, because reads from another region cost extra. */
  readonly resourceGroup: IResourceGroup;
  /** Network that can reach the bucket through a private endpoint. No other network can. @default - none: add a private endpoint elsewhere */
  readonly network?: IMlNetwork;
  /** Purpose of the data. It determines the lifecycle. @default DataPurpose.DATASETS */
  readonly purpose?: DataPurpose;
  /** Sensitivity of the data. It raises the minimum of other props. @default DataClass.INTERNAL */
  readonly dataClass?: DataClass;
  /** Key that encrypts the data. @default - a new key that rotates every 90 days */
  readonly encryptionKey?: IEncryptionKey;
  /** Log Analytics workspace for access logs: who read, wrote, and deleted data. @default - no access logs */
  readonly accessLogs?: ILogWorkspace;
  /** Whether overwritten and deleted objects can be restored. @default true, false with `hierarchical` or `retention` */
  readonly versioned?: boolean;
  /**
   * Whether the bucket has a hierarchical namespace. Renaming a folder is then one operation, which frameworks use for finished checkpoints. It can
   * never change, and excludes versioning.
   *
   * @default false, true with `nfs`, and for checkpoints that are not confidential
   */
  readonly hierarchical?: boolean;
  /** Whether the bucket is on SSDs: lower latency, a higher price, and no cheaper tier for cold objects. It can never change. @default false */
  readonly premium?: boolean;
  /** Whether clients in the network can mount the bucket with NFS 3.0, unencrypted. It can never change. @default false */
  readonly nfs?: boolean;
  /** Whether callers can use account keys instead of an identity. Blob integration of Managed Lustre can require them. @default false */
  readonly accountKeys?: boolean;
  /** Number and location of copies. @default StorageRedundancy.ZONES */
  readonly redundancy?: StorageRedundancy;
  /** Days after which an object is deleted. Unavailable with `retention`. @default - never; 365 for logs without `retention` */
  readonly expirationDays?: number;
  /** Days that a noncurrent version can be restored, up to 365. @default - derived from the purpose; at least 90 for restricted data */
  readonly noncurrentVersionExpirationDays?: number;
  /** Days that a deleted object can be restored: 1 to 365, or 0. @default - 7, or 0 for checkpoints; at least the days of noncurrent versions */
  readonly softDeleteDays?: number;
  /** Days for point-in-time restore of the whole bucket. @default - none */
  readonly restoreDays?: number;
  /** Retention lock of all objects. @default - none */
  readonly retention?: RetentionLock;
}
