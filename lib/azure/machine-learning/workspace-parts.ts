import { Construct } from 'constructs';
import type { Finding } from '../../core/findings';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { CurrentSubscription } from '../operations/current-subscription';
import type { IEncryptionKey } from '../operations/encryption-key';
import { LogWorkspace } from '../operations/log-workspace';
import { requireNoDataPlane } from '../operations/provider-options';
import { compactGlobalName, globalName } from '../props/names';
import { existingDependencies } from '../../terraform/existing-dependencies';
import type { IResourceGroup } from '../props/resource-group';
import { ApplicationInsights, ContainerRegistry, KeyVault, StorageAccount } from '../provider/azurerm';

/** Properties for the parts of a workspace. */
export interface WorkspacePartProps {
  /** Resource group of the part. */
  readonly resourceGroup: IResourceGroup;
  /** Customer-managed key. @default - Microsoft-managed keys */
  readonly encryptionKey?: IEncryptionKey;
}

const DELETED_DAYS = 7;
/** Maximum name length of storage accounts and vaults. @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules */
const LONGEST_NAME = 24;
const LONGEST_REGISTRY_NAME = 50;

/** Creates the storage account of a workspace: no keys, no public access, zone-redundant, with soft delete for a week. */
export function createStorage(scope: Construct, { resourceGroup, encryptionKey }: WorkspacePartProps): StorageAccount {
  const part = new Construct(scope, 'Storage');
  requireNoDataPlane(part);
  return new StorageAccount(part, 'Resource', {
    name: compactGlobalName(part, LONGEST_NAME),
    resourceGroupName: resourceGroup.name,
    location: resourceGroup.location,
    accountKind: 'StorageV2',
    accountTier: 'Standard',
    accountReplicationType: 'ZRS',
    minTlsVersion: 'TLS1_2',
    sharedAccessKeyEnabled: false,
    defaultToOauthAuthentication: true,
    allowNestedItemsToBePublic: false,
    crossTenantReplicationEnabled: false,
    publicNetworkAccessEnabled: false,
    networkRules: { defaultAction: 'Deny', bypass: ['AzureServices'] },
    blobProperties: {
      deleteRetentionPolicy: { days: DELETED_DAYS },
      containerDeleteRetentionPolicy: { days: DELETED_DAYS },
    },
    identity: encryptionKey && { type: 'UserAssigned', identityIds: [encryptionKey.identity.id] },
    customerManagedKey: encryptionKey && {
      keyVaultKeyId: encryptionKey.keyId,
      userAssignedIdentityId: encryptionKey.identity.id,
    },
    dependsOn: existingDependencies(part, encryptionKey?.usable),
    lifecycle: { preventDestroy: true },
  });
}

/** Creates the key vault of a workspace, for secrets of connections. */
export function createVault(scope: Construct, { resourceGroup }: WorkspacePartProps): KeyVault {
  const part = new Construct(scope, 'Secrets');
  return new KeyVault(part, 'Resource', {
    name: globalName(part, LONGEST_NAME),
    resourceGroupName: resourceGroup.name,
    location: resourceGroup.location,
    tenantId: CurrentSubscription.of(scope).tenantId,
    skuName: 'standard',
    rbacAuthorizationEnabled: true,
    purgeProtectionEnabled: true,
    softDeleteRetentionDays: DELETED_DAYS,
    publicNetworkAccessEnabled: false,
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' },
  });
}

/** A registry that uses a user-assigned identity is not a trusted service, so it cannot pass the firewall of a vault. */
const REGISTRY_KEY: Finding = {
  id: 'encryption/registry-key',
  level: 'info',
  message: 'Images use a Microsoft-managed key, because the registry cannot pass the firewall of your key vault.',
  fix: 'Use an EncryptionKey with trustedServicesOnly: false to encrypt images with it.',
  evidence: 'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-enable-customer-managed-keys',
};

/** Creates the container registry of a workspace. Only the Premium tier supports private endpoints and customer-managed keys. */
export function createRegistry(scope: Construct, props: WorkspacePartProps): ContainerRegistry {
  const { resourceGroup } = props;
  const part = new Construct(scope, 'Images');
  const encryptionKey = props.encryptionKey?.behindFirewall ? undefined : props.encryptionKey;
  if (props.encryptionKey && !encryptionKey) record(part, REGISTRY_KEY);
  return new ContainerRegistry(part, 'Resource', {
    name: compactGlobalName(part, LONGEST_REGISTRY_NAME),
    resourceGroupName: resourceGroup.name,
    location: resourceGroup.location,
    sku: 'Premium',
    adminEnabled: false,
    anonymousPullEnabled: false,
    publicNetworkAccessEnabled: false,
    networkRuleBypassOption: 'AzureServices',
    zoneRedundancyEnabled: true,
    identity: encryptionKey && { type: 'UserAssigned', identityIds: [encryptionKey.identity.id] },
    encryption: encryptionKey && [
      { keyVaultKeyId: encryptionKey.keyId, identityClientId: encryptionKey.identity.clientId },
    ],
    dependsOn: existingDependencies(part, encryptionKey?.usable),
    lifecycle: { preventDestroy: true },
  });
}

/** Telemetry of a workspace. */
export interface WorkspaceTelemetry {
  /** Application Insights. */
  readonly insights: ApplicationInsights;
  /** Log Analytics workspace. */
  readonly logs: LogWorkspace;
}

const LOG_DAYS = 90;

/** Creates Application Insights with a Log Analytics workspace, which also receives endpoint logs. */
export function createTelemetry(scope: Construct, { resourceGroup }: WorkspacePartProps): WorkspaceTelemetry {
  const part = new Construct(scope, 'Telemetry');
  const common = { name: physicalName(part), resourceGroupName: resourceGroup.name, location: resourceGroup.location };
  const logs = new LogWorkspace(part, 'Logs', { resourceGroup, logRetentionDays: LOG_DAYS });
  const insights = new ApplicationInsights(part, 'Resource', {
    ...common,
    applicationType: 'web',
    workspaceId: logs.id,
    retentionInDays: LOG_DAYS,
  });
  return { insights, logs };
}
