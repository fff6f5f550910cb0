import { Construct } from 'constructs';
import type { Finding } from '../../core/findings';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { CurrentSubscription } from '../operations/current-subscription';
import type { IEncryptionKey } from '../operations/encryption-key';
import { LogWorkspace } from '../operations/log-workspace';
import { requireNoDataPlane } from '../operations/provider-options';
import { compactGlobalName, globalName } from '../props/names';
import { standingBefore } from '../../terraform/standing-before';
import type { IResourceGroup } from '../props/resource-group';
import { ApplicationInsights, ContainerRegistry, KeyVault, StorageAccount } from '../provider/azurerm';

/** What a part of a workspace is made of. */
export interface WorkspacePartProps {
  readonly resourceGroup: IResourceGroup;
  /** @default - keys of Microsoft */
  readonly encryptionKey?: IEncryptionKey;
}

const DELETED_DAYS = 7;
/** The longest names of storage accounts and vaults. @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules */
const LONGEST_NAME = 24;
const LONGEST_REGISTRY_NAME = 50;

/** The storage of a workspace: no keys, no public address, copies in three zones, and what was deleted comes back for a week. */
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
    dependsOn: standingBefore(part, encryptionKey?.usable),
    lifecycle: { preventDestroy: true },
  });
}

/** The vault of a workspace, for secrets of connections. */
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

/** A registry that comes by an identity of ours is no trusted service: it does not pass the firewall of a vault. */
const REGISTRY_KEY: Finding = {
  id: 'encryption/registry-key',
  level: 'info',
  message:
    'Images are encrypted under a key of Microsoft: their registry does not pass the firewall of the vault of yours.',
  fix: 'Bring an EncryptionKey with trustedServicesOnly: false where images must be under it, too.',
  evidence: 'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-enable-customer-managed-keys',
};

/** The registry of images of a workspace: only the tier Premium has private endpoints and keys of its owner. */
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
    dependsOn: standingBefore(part, encryptionKey?.usable),
    lifecycle: { preventDestroy: true },
  });
}

/** Where endpoints and jobs of a workspace tell of themselves. */
export interface WorkspaceTelemetry {
  readonly insights: ApplicationInsights;
  readonly logs: LogWorkspace;
}

const LOG_DAYS = 90;

/** Application Insights keep what they are told in a Log Analytics workspace, which logs of endpoints go to as well. */
export function createTelemetry(scope: Construct, { resourceGroup }: WorkspacePartProps): WorkspaceTelemetry {
  const part = new Construct(scope, 'Telemetry');
  const place = { name: physicalName(part), resourceGroupName: resourceGroup.name, location: resourceGroup.location };
  const logs = new LogWorkspace(part, 'Logs', { resourceGroup, retentionDays: LOG_DAYS });
  const insights = new ApplicationInsights(part, 'Resource', {
    ...place,
    applicationType: 'web',
    workspaceId: logs.id,
    retentionInDays: LOG_DAYS,
  });
  return { insights, logs };
}
