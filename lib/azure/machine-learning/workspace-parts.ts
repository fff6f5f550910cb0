import { Construct } from 'constructs';
import type { Finding } from '../../core/findings';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { CurrentSubscription } from '../operations/current-subscription';
import type { IEncryptionKey } from '../operations/encryption-key';
import { LogWorkspace } from '../operations/log-workspace';
import { requireNoDataPlane } from '../operations/provider-options';
import { compactGlobalName, globalName, checkResourceId } from '../props/resource-id';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { type IResourceGroup, checkResourceGroup } from '../props/resource-group';
import { ApplicationInsights, ContainerRegistry, KeyVault, StorageAccount } from '../provider/azurerm';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';
import { AzapiResource } from '../provider/azapi';
import type { IDataBucket } from '../storage/data-bucket';
import { ML_READING, ML_TYPES, checkMlName } from './workspace-bodies';
import { checkWorkspace, type IMachineLearningWorkspace } from './workspace-attributes';
import { BLOB_DATASTORE_PROPS } from '../prop-schemas';
import { DATA_CLASS_FLOORS, DataClass } from '../../core/data-class';
import type { IWorkspaceStorage, MachineLearningWorkspaceProps } from './machine-learning-workspace';

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
    // Firewalls can allow the data of this registry, instead of all storage accounts.
    dataEndpointEnabled: true,
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

/** Properties for `BlobDatastore`. */
export interface BlobDatastoreProps {
  /** Workspace of the datastore. */
  readonly workspace: IMachineLearningWorkspace;
  /** Bucket. Each identity that reads or writes it needs its own role assignment. */
  readonly bucket: IDataBucket;
  /** Name in the workspace: lower-case letters, digits, and underscores. Paths start with it. */
  readonly datastoreName: string;
}

interface DatastoreBody {
  readonly properties: {
    readonly datastoreType: 'AzureBlob';
    readonly accountName: string;
    readonly containerName: string;
    readonly endpoint: string;
    readonly protocol: 'https';
    readonly credentials: { readonly credentialsType: 'None' };
    readonly serviceDataAccessAuthIdentity: 'WorkspaceUserAssignedIdentity' | 'None';
  };
}

// Recalled, unverified: names that studio accepts.
const NAME = /^[a-z0-9_]{1,255}$/;

/**
 * An Azure ML datastore for a bucket. It stores no key: jobs access the bucket with their identity.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-datastore
 *
 * @example
 * ```ts
 * import type { Construct } from 'constructs';
 * import { BlobDatastore, type IDataBucket, type IMachineLearningWorkspace } from 'ai-infra-constructs/azure';
 *
 * export function addDatastore(scope: Construct, workspace: IMachineLearningWorkspace, bucket: IDataBucket) {
 *   return new BlobDatastore(scope, 'Datastore', { workspace, bucket, datastoreName: 'datasets' });
 * }
 * ```
 */
export class BlobDatastore extends Construct {
  /** The datastore. */
  public readonly resource: AzapiResource;
  /** Name of the datastore. */
  public readonly datastoreName: string;

  constructor(scope: Construct, id: string, props: BlobDatastoreProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, BLOB_DATASTORE_PROPS)) check(problems, props);
    problems.throwIfAny(this);
    const { workspace, bucket, datastoreName } = props;
    this.datastoreName = datastoreName;
    const body: DatastoreBody = {
      properties: {
        datastoreType: 'AzureBlob',
        accountName: bucket.accountName,
        containerName: bucket.containerName,
        endpoint: 'core.windows.net',
        protocol: 'https',
        credentials: { credentialsType: 'None' },
        serviceDataAccessAuthIdentity: workspace.identity ? 'WorkspaceUserAssignedIdentity' : 'None',
      },
    };
    this.resource = new AzapiResource(this, 'Resource', {
      type: ML_TYPES.datastore,
      ...ML_READING,
      name: datastoreName,
      parentId: workspace.id,
      body,
      dependsOn: [...(workspace.ready ?? [])],
    });
  }

  /** Returns the URI of a path, for example `requests/2026/`, for jobs and models. */
  uriOf(path: string): string {
    return `azureml://datastores/${this.datastoreName}/paths/${path}`;
  }
}

function check(problems: ProblemCollector, { workspace, datastoreName }: BlobDatastoreProps): void {
  checkWorkspace(problems, 'workspace', workspace);
  if (isUnknown(datastoreName) || NAME.test(datastoreName)) return;
  const allowed = '1 to 255 lower-case letters, digits, and underscores';
  problems.add({ code: 'AzureName', prop: 'datastoreName', allowed, got: datastoreName, fix: 'Rename it.' });
}

/** Adds each problem of a workspace. The props must have the right types. */
export function checkMlWorkspace(problems: ProblemCollector, props: MachineLearningWorkspaceProps): void {
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  checkMlName(problems, 'workspace', 'workspaceName', props.workspaceName);
  checkMlName(problems, 'compute', 'imageBuildCompute', props.imageBuildCompute);
  props.outbound?.check(problems);
  checkResourceId(problems, 'storageAccount.id', props.storageAccount?.id, 'Microsoft.Storage/storageAccounts');
  checkResourceId(problems, 'keyVault.id', props.keyVault?.id, 'Microsoft.KeyVault/vaults');
  checkResourceId(
    problems,
    'containerRegistry.id',
    props.containerRegistry?.id,
    'Microsoft.ContainerRegistry/registries',
  );
  checkResourceId(problems, 'applicationInsights.id', props.applicationInsights?.id, 'Microsoft.Insights/components');
  if (props.storageAccount) checkStorage(problems, props.storageAccount);
  checkReach(problems, props);
}

/** @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-create-workspace-template */
function checkStorage(problems: ProblemCollector, { accountTierInput, isHnsEnabledInput }: IWorkspaceStorage): void {
  const wrong = (allowed: string, got: unknown) =>
    problems.add({
      code: 'WorkspaceStorage',
      prop: 'storageAccount',
      allowed,
      got,
      fix: 'Use another account for the workspace, and add this one as a datastore.',
    });
  if (accountTierInput === 'Premium') wrong('a Standard account', accountTierInput);
  if (isHnsEnabledInput === true) wrong('an account without a hierarchical namespace', 'an account with one');
}

/** Whether a data class requires a customer-managed key. */
export function requiresKey({
  dataClass = DataClass.INTERNAL,
}: Pick<MachineLearningWorkspaceProps, 'dataClass'>): boolean {
  return DATA_CLASS_FLOORS[dataClass].customerKey;
}

function checkReach(problems: ProblemCollector, props: MachineLearningWorkspaceProps): void {
  if (!props.publicAccess || !requiresKey(props)) return;
  problems.add({
    code: 'DataClassFloor',
    prop: 'publicAccess',
    allowed: `false for ${props.dataClass!} data`,
    got: true,
    fix: 'Set network, and use the private endpoint.',
  });
}
