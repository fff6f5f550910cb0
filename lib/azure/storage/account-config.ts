import { DataClass } from '../../core/data-class';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { StorageAccountConfig } from '../provider/azurerm';
import { isTiered } from './bucket-lifecycle';
import type { BucketRetention } from './data-bucket-checks';
import { type DataBucketProps, StorageRedundancy } from './data-bucket-props';

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
