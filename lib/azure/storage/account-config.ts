import { DataClass } from '../../core/data-class';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { StorageAccountConfig, StorageManagementPolicyRule } from '../provider/azurerm';
import {
  type BucketRetention,
  type DataBucketProps,
  StorageRedundancy,
  type IDataBucket,
  type DataBucket,
} from './data-bucket';
import { DataPurpose, PURPOSES, type Retention } from '../../core/data-purpose';
import type { ITerraformDependable } from 'cdktf';

/** Days that a deleted container can be restored. The choice of this library. */
const CONTAINER_DAYS = 7;

/** Settings of a storage account, except its name. */
export function accountConfig(
  props: DataBucketProps,
  retained: BucketRetention,
  key: IEncryptionKey,
): Omit<StorageAccountConfig, 'name'> {
  const { resourceGroup, premium = false, nfs = false, redundancy = StorageRedundancy.ZONES } = props;
  return {
    resourceGroupName: resourceGroup.name,
    location: resourceGroup.location,
    accountKind: premium ? 'BlockBlobStorage' : 'StorageV2',
    accountTier: premium ? 'Premium' : 'Standard',
    accountReplicationType: redundancy,
    accessTier: premium ? undefined : 'Hot',
    isHnsEnabled: props.hierarchical,
    nfsv3Enabled: nfs,
    // NFS 3.0 does not support TLS, and an account that requires it rejects mounts.
    httpsTrafficOnlyEnabled: !nfs,
    minTlsVersion: 'TLS1_2',
    sharedAccessKeyEnabled: props.accountKeys ?? false,
    defaultToOauthAuthentication: true,
    localUserEnabled: false,
    allowNestedItemsToBePublic: false,
    crossTenantReplicationEnabled: false,
    allowedCopyScope: 'AAD',
    publicNetworkAccessEnabled: false,
    networkRules: { defaultAction: 'Deny', bypass: ['AzureServices'] },
    infrastructureEncryptionEnabled: props.dataClass === DataClass.RESTRICTED,
    identity: { type: 'UserAssigned', identityIds: [key.identity.id] },
    customerManagedKey: { keyVaultKeyId: key.keyId, userAssignedIdentityId: key.identity.id },
    blobProperties: {
      versioningEnabled: retained.oldVersionDays !== undefined,
      changeFeedEnabled: props.restoreDays === undefined ? undefined : true,
      lastAccessTimeEnabled: isTiered(props),
      deleteRetentionPolicy: retained.softDeleteDays > 0 ? { days: retained.softDeleteDays } : undefined,
      containerDeleteRetentionPolicy: { days: CONTAINER_DAYS },
      restorePolicy: props.restoreDays === undefined ? undefined : { days: props.restoreDays },
    },
  };
}

/** Days without a read after which an object is cold: the minimum storage duration of the cool tier. @see https://learn.microsoft.com/en-us/azure/storage/blobs/access-tiers-overview */
const COLD_AFTER_DAYS = 30;

/** Whether cold objects move to a cheaper tier, and back on the first read. */
export function isTiered({ purpose = DataPurpose.DATASETS, premium }: DataBucketProps): boolean {
  return PURPOSES[purpose].tiering && !premium;
}

/** Lifecycle rules of a bucket. Can be empty. */
export function lifecycleRules(
  props: DataBucketProps,
  { expirationDays, oldVersionDays }: Retention,
): StorageManagementPolicyRule[] {
  const tiers = isTiered(props)
    ? {
        tierToCoolAfterDaysSinceLastAccessTimeGreaterThan: COLD_AFTER_DAYS,
        autoTierToHotFromCoolEnabled: true,
      }
    : {};
  // Lifecycle rules cannot delete from a container with a retention lock.
  const deletes = props.retention === undefined;
  const ends =
    expirationDays === undefined || !deletes ? {} : { deleteAfterDaysSinceModificationGreaterThan: expirationDays };
  const baseBlob = { ...tiers, ...ends };
  const version =
    oldVersionDays === undefined || !deletes ? undefined : { deleteAfterDaysSinceCreation: oldVersionDays };
  if (Object.keys(baseBlob).length === 0 && !version) return [];
  return [
    {
      name: 'lifecycle',
      enabled: true,
      filters: { blobTypes: ['blockBlob'] },
      actions: { baseBlob: Object.keys(baseBlob).length === 0 ? undefined : baseBlob, version },
    },
  ];
}

/** Resources that must exist before role assignments on a container: the container, if this app creates it. */
export function beforeRightsTo(bucket: IDataBucket): ITerraformDependable[] | undefined {
  return isCreatedHere(bucket) ? [bucket.container] : undefined;
}

function isCreatedHere(bucket: IDataBucket): bucket is DataBucket {
  return 'addContainer' in bucket;
}
