import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { AiInfraError, DataClass, findingsOf } from 'ai-infra-constructs';
import {
  AzapiProvider,
  DataBucket,
  type DataBucketProps,
  DataPurpose,
  MlNetwork,
  StorageRedundancy,
} from 'ai-infra-constructs/azure';
import { Testing } from 'cdktf';
import fc from 'fast-check';
import { codesOf, newStack, problemsOf, resolvedIn, resourcesOf, theOnly } from '../support';

const resourceGroup = { name: 'mine', location: 'swedencentral' };
const KEY = {
  keyId: 'https://mine.vault.azure.net/keys/data',
  versionedKeyId: 'https://mine.vault.azure.net/keys/data/1',
  vaultId: '/vault',
  identity: { id: '/identity', principalId: 'p', clientId: 'c' },
};

function bucket(props: Partial<DataBucketProps> = {}) {
  const stack = newStack();
  const network = new MlNetwork(stack, 'Network', { resourceGroup });
  const made = new DataBucket(stack, 'Data', { resourceGroup, network, encryptionKey: KEY, ...props });
  return { stack, made, account: theOnly(stack, 'azurerm_storage_account') };
}

/** The actions of the only rule of a bucket. */
function actionsOf(props: Partial<DataBucketProps>) {
  return theOnly(bucket(props).stack, 'azurerm_storage_management_policy').rule[0].actions;
}

describe('a bucket', () => {
  test('has no account keys and no public access, only a private endpoint', () => {
    const { stack, account } = bucket();
    expect(account).toMatchObject({
      shared_access_key_enabled: false,
      default_to_oauth_authentication: true,
      allow_nested_items_to_be_public: false,
      public_network_access_enabled: false,
      network_rules: { default_action: 'Deny' },
      https_traffic_only_enabled: true,
      min_tls_version: 'TLS1_2',
      local_user_enabled: false,
      cross_tenant_replication_enabled: false,
      account_replication_type: 'ZRS',
      lifecycle: { prevent_destroy: true },
    });
    expect(theOnly(stack, 'azurerm_private_endpoint').private_service_connection.subresource_names).toEqual(['blob']);
    expect(theOnly(stack, 'azurerm_storage_container')).toMatchObject({
      container_access_type: 'private',
      storage_account_id: expect.stringContaining('azurerm_storage_account.'),
      lifecycle: { prevent_destroy: true },
    });
  });

  test('is encrypted with a new key, after its role assignment', () => {
    const stack = newStack();
    new DataBucket(stack, 'Data', { resourceGroup });
    const account = theOnly(stack, 'azurerm_storage_account');
    expect(account.customer_managed_key.key_vault_key_id).toMatch(/azapi_resource\.Data_Key_.*\.keyUri}$/);
    expect(account.depends_on).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^azapi_resource\.Data_Key/),
        expect.stringMatching(/^azurerm_role_assignment\.Data_Key_Grant/),
      ]),
    );
  });

  test('uses an existing key with its identity', () => {
    expect(bucket().account).toMatchObject({
      identity: { type: 'UserAssigned', identity_ids: ['/identity'] },
      customer_managed_key: { key_vault_key_id: KEY.keyId, user_assigned_identity_id: '/identity' },
    });
  });

  test('has a globally unique name', () => {
    expect(bucket().account.name).toMatch(
      /^[a-z][a-z0-9]{8,17}\${substr\(sha256\(data\.azurerm_client_config\..*, 0, 6\)}$/,
    );
  });

  test('moves cold datasets to a cheaper tier, and back on the first read', () => {
    expect(bucket().account.blob_properties.last_access_time_enabled).toBe(true);
    expect(actionsOf({})).toEqual({
      base_blob: {
        tier_to_cool_after_days_since_last_access_time_greater_than: 30,
        auto_tier_to_hot_from_cool_enabled: true,
      },
      version: { delete_after_days_since_creation: 30 },
    });
  });

  test('deletes logs after a year, and keeps noncurrent versions of models for 90 days', () => {
    expect(actionsOf({ purpose: DataPurpose.LOGS }).base_blob).toEqual({
      delete_after_days_since_modification_greater_than: 365,
    });
    expect(actionsOf({ purpose: DataPurpose.MODELS }).version).toEqual({ delete_after_days_since_creation: 90 });
  });

  test('keeps deleted objects at least as long as noncurrent versions', () => {
    const days = (props: Partial<DataBucketProps>) =>
      bucket(props).account.blob_properties.delete_retention_policy?.days;
    expect(days({})).toBe(30);
    expect(days({ purpose: DataPurpose.MODELS })).toBe(90);
    expect(days({ softDeleteDays: 200 })).toBe(200);
    expect(days({ versioned: false })).toBe(7);
    expect(days({ versioned: false, softDeleteDays: 0 })).toBeUndefined();
  });

  test('of checkpoints has a hierarchical namespace without soft delete', () => {
    const { account, stack } = bucket({ purpose: DataPurpose.CHECKPOINTS });
    expect(account).toMatchObject({ is_hns_enabled: true, blob_properties: { versioning_enabled: false } });
    expect(account.blob_properties.delete_retention_policy).toBeUndefined();
    expect(resourcesOf(stack, 'azurerm_storage_management_policy')).toEqual({});
  });

  test('with a hierarchical namespace has two private endpoints, one after the other', () => {
    const { stack } = bucket({ hierarchical: true });
    const [blob, dfs] = Object.entries(resourcesOf(stack, 'azurerm_private_endpoint'));
    expect(dfs![1].private_service_connection.subresource_names).toEqual(['dfs']);
    expect(dfs![1].depends_on).toEqual([`azurerm_private_endpoint.${blob![0]}`]);
  });

  test('of confidential checkpoints has versioning and a data class tag', () => {
    const { account } = bucket({ purpose: DataPurpose.CHECKPOINTS, dataClass: DataClass.CONFIDENTIAL });
    expect(account).toMatchObject({
      is_hns_enabled: false,
      blob_properties: { versioning_enabled: true },
      tags: { 'data-class': 'confidential' },
    });
  });

  test('of restricted data has infrastructure encryption', () => {
    const twice = (dataClass: DataClass) => bucket({ dataClass }).account.infrastructure_encryption_enabled;
    expect([twice(DataClass.RESTRICTED), twice(DataClass.CONFIDENTIAL)]).toEqual([true, false]);
  });

  test('with a retention lock has no versioning', () => {
    const { account, stack } = bucket({ retention: { days: 365, permanent: true } });
    expect(theOnly(stack, 'azurerm_storage_container_immutability_policy')).toMatchObject({
      immutability_period_in_days: 365,
      locked: true,
      storage_container_resource_manager_id: expect.stringContaining('azurerm_storage_container.'),
    });
    expect(account.blob_properties.versioning_enabled).toBe(false);
  });

  test('with a retention lock has no deletion rule', () => {
    const retention = { days: 30 };
    const logs = bucket({ retention, purpose: DataPurpose.LOGS, versioned: true });
    expect(resourcesOf(logs.stack, 'azurerm_storage_management_policy')).toEqual({});
    expect(Object.keys(actionsOf({ retention }).base_blob)).toEqual([
      'auto_tier_to_hot_from_cool_enabled',
      'tier_to_cool_after_days_since_last_access_time_greater_than',
    ]);
  });

  test('with point-in-time restore has a change feed', () => {
    expect(bucket({ restoreDays: 29 }).account.blob_properties).toMatchObject({
      restore_policy: { days: 29 },
      change_feed_enabled: true,
      versioning_enabled: true,
      delete_retention_policy: { days: 30 },
    });
  });

  test('on SSDs is a block blob account without tiers', () => {
    const { account, stack } = bucket({ premium: true });
    expect(account).toMatchObject({ account_kind: 'BlockBlobStorage', account_tier: 'Premium' });
    expect(account.access_tier).toBeUndefined();
    const { rule } = theOnly(stack, 'azurerm_storage_management_policy');
    expect(rule[0].actions).toEqual({ version: { delete_after_days_since_creation: 30 } });
  });

  test('with NFS allows unencrypted traffic, and reports it', () => {
    const { account, stack } = bucket({ nfs: true });
    expect(account).toMatchObject({
      nfsv3_enabled: true,
      is_hns_enabled: true,
      https_traffic_only_enabled: false,
      network_rules: { default_action: 'Deny' },
    });
    expect(findingsOf(stack).map(({ id }) => id)).toEqual(['storage/plain-nfs']);
  });

  test('sends access logs to a workspace', () => {
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w';
    const setting = theOnly(bucket({ accessLogs: { id } }).stack, 'azurerm_monitor_diagnostic_setting');
    expect(setting.target_resource_id).toMatch(/}\/blobServices\/default$/);
    expect(setting.enabled_log.map(({ category }: { category: string }) => category)).toEqual([
      'StorageRead',
      'StorageWrite',
      'StorageDelete',
    ]);
  });

  test('grants access to the container only', () => {
    const { made, stack } = bucket();
    made.grantRead('Reader', 'reader-id');
    made.grantReadWrite('Writer', 'writer-id');
    const grants = Object.values(resourcesOf(stack, 'azurerm_role_assignment'));
    expect(grants.map(({ role_definition_name }) => role_definition_name)).toEqual([
      'Storage Blob Data Reader',
      'Storage Blob Data Contributor',
    ]);
    for (const { scope, depends_on } of grants) {
      expect(scope).toMatch(/}\/blobServices\/default\/containers\/data$/);
      expect(depends_on).toEqual([expect.stringContaining('azurerm_storage_container.')]);
    }
    expect(resolvedIn(stack, made.url)).toMatch(/\.primary_blob_endpoint}data$/);
  });

  test('without an endpoint is reported', () => {
    expect(findingsOf(bucket({ network: undefined }).stack).map(({ id }) => id)).toEqual(['storage/no-endpoint']);
    expect(findingsOf(bucket().stack)).toEqual([]);
  });

  test.each([
    [{ hierarchical: true, versioned: true }, 'BucketHierarchy', 'versioned'],
    [{ hierarchical: true, restoreDays: 3 }, 'BucketHierarchy', 'restoreDays'],
    [{ hierarchical: true, dataClass: DataClass.RESTRICTED }, 'DataClassFloor', 'versioned'],
    [{ versioned: false, dataClass: DataClass.CONFIDENTIAL }, 'DataClassFloor', 'versioned'],
    [
      { noncurrentVersionExpirationDays: 30, dataClass: DataClass.RESTRICTED },
      'DataClassFloor',
      'noncurrentVersionExpirationDays',
    ],
    [{ accountKeys: true, dataClass: DataClass.RESTRICTED }, 'DataClassFloor', 'accountKeys'],
    [{ softDeleteDays: 366 }, 'BucketRetention', 'softDeleteDays'],
    [{ noncurrentVersionExpirationDays: 366 }, 'BucketRetention', 'noncurrentVersionExpirationDays'],
    [{ retention: { days: 146_001 } }, 'BucketRetention', 'retention.days'],
    [{ expirationDays: 50, retention: { days: 30 } }, 'BucketOption', 'expirationDays'],
    [{ expirationDays: 0 }, 'BucketRetention', 'expirationDays'],
    [{ restoreDays: 30 }, 'BucketOption', 'restoreDays'],
    [{ restoreDays: 0 }, 'BucketOption', 'restoreDays'],
    [{ restoreDays: 3, versioned: false }, 'BucketOption', 'restoreDays'],
    [{ restoreDays: 3, premium: true }, 'BucketOption', 'restoreDays'],
    [{ premium: true, redundancy: StorageRedundancy.GEO }, 'BucketOption', 'redundancy'],
    [{ nfs: true, redundancy: StorageRedundancy.GEO_ZONES }, 'BucketOption', 'redundancy'],
    [{ nfs: true, hierarchical: false }, 'BucketOption', 'hierarchical'],
    [{ nfs: true, retention: { days: 3 } }, 'BucketOption', 'retention'],
    [{ nfs: true, network: undefined }, 'BucketOption', 'network'],
    [{ accessLogs: { id: 'w' } }, 'ResourceIdInvalid', 'accessLogs.id'],
    [{ resourceGroup: { name: 'mine', location: 'Sweden Central' } }, 'LocationInvalid', 'resourceGroup.location'],
    [{ resourceGroup: 'mine' as never }, 'PropType', 'resourceGroup'],
    [{ purpose: 'pictures' as never }, 'ChoiceUnknown', 'purpose'],
    [{ network: {} as never }, 'PropType', 'network'],
  ] as const)('%j is refused with %s', (props, code, prop) => {
    expect(problemsOf(() => bucket(props as Partial<DataBucketProps>))).toEqual([
      expect.objectContaining({ code, prop }),
    ]);
  });

  test.each([undefined, null, 'bucket', 7])('rejects %p instead of props', (props) => {
    expect(codesOf(() => new DataBucket(newStack(), 'Data', props as never))).toHaveLength(1);
  });

  test('either respects all limits of the service, or is rejected with a code', () => {
    const props = fc.record(
      {
        purpose: fc.constantFrom(...Object.values(DataPurpose)),
        dataClass: fc.constantFrom(...Object.values(DataClass)),
        versioned: fc.boolean(),
        hierarchical: fc.boolean(),
        premium: fc.boolean(),
        nfs: fc.boolean(),
        redundancy: fc.constantFrom(...Object.values(StorageRedundancy)),
        softDeleteDays: fc.integer({ min: -1, max: 400 }),
        noncurrentVersionExpirationDays: fc.integer({ min: -1, max: 400 }),
        restoreDays: fc.integer({ min: -1, max: 400 }),
        retention: fc.record({ days: fc.integer({ min: 0, max: 1000 }) }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(props, (given) => {
        let account;
        try {
          ({ account } = bucket(given));
        } catch (error) {
          if (!AiInfraError.isAiInfraError(error)) throw error;
          return;
        }
        const { versioning_enabled, restore_policy, change_feed_enabled, delete_retention_policy } =
          account.blob_properties;
        if (account.is_hns_enabled) expect([versioning_enabled, restore_policy]).toEqual([false, undefined]);
        if (account.nfsv3_enabled) expect(account.is_hns_enabled).toBe(true);
        if (account.nfsv3_enabled || account.account_tier === 'Premium')
          expect(['LRS', 'ZRS']).toContain(account.account_replication_type);
        if (restore_policy) {
          expect([versioning_enabled, change_feed_enabled]).toEqual([true, true]);
          expect(restore_policy.days).toBeLessThan(delete_retention_policy.days);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('the provider of a stack with buckets', () => {
  function synth(options: object) {
    const stack = newStack();
    new DataBucket(stack, 'Data', { resourceGroup });
    new AzapiProvider(stack, 'Azapi');
    const provider = new AzurermProvider(stack, 'Azurerm', { features: [{}], ...options });
    return { provider, run: () => Testing.synth(stack, true) };
  }

  test('is rejected if it would use account keys', () => {
    expect(problemsOf(synth({}).run)).toEqual([
      expect.objectContaining({ code: 'ProviderOption', fix: expect.stringContaining('dataPlaneAvailable: false') }),
    ]);
  });

  test.each([
    [{ features: [{ storage: [{ dataPlaneAvailable: false }] }] }],
    [{ features: [{ storage: { dataPlaneAvailable: false } }] }],
    [{ storageUseAzuread: true }],
  ])('%j is valid', (options) => {
    expect(synth(options).run).not.toThrow();
  });

  test('is checked with its overrides', () => {
    const { provider, run } = synth({});
    provider.addOverride('storage_use_azuread', true);
    expect(run).not.toThrow();
  });
});
