import { type ITerraformDependable, Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { PrivateLink } from '../network/private-link';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { type LogWorkspace, sendLogs } from '../operations/log-workspace';
import { assertPrincipal, type PrincipalType, assignRole, Role } from '../operations/roles';
import { recordLocation } from '../props/location';
import { type IResourceGroup, resourceGroupId } from '../props/resource-group';
import { AzapiResource } from '../provider/azapi';
import { AzapiResourceAction } from '../provider/azapi-update';
import type { RoleAssignment } from '../provider/azurerm';
import { ML_READING, ML_TYPES, type OutboundRuleBody, type WorkspaceBody } from './workspace-bodies';
import { ManagedNetwork, privateRule } from './managed-network';
import { WorkIdentity, type Right } from './work-identity';
import {
  type IMachineLearningWorkspace,
  ImportedWorkspace,
  type MachineLearningWorkspaceAttributes,
} from './workspace-attributes';
import {
  checkMlWorkspace,
  requiresKey,
  createRegistry,
  createStorage,
  createTelemetry,
  createVault,
} from './workspace-parts';
import { recordWorkspaceFindings } from './workspace-findings';
import { MACHINE_LEARNING_WORKSPACE_PROPS } from '../prop-schemas';
import { type DataClass } from '../../core/data-class';
import type { IMlNetwork } from '../network/ml-network';

/** A resource that a workspace uses, such as a resource of the provider. */
export interface IWorkspaceResource {
  /** Resource id. */
  readonly id: string;
}

/** The storage account of a workspace. A `StorageAccount` of the provider has these attributes. */
export interface IWorkspaceStorage extends IWorkspaceResource {
  /** Tier of the account. A workspace requires `Standard`. @default - unknown */
  readonly accountTierInput?: string;
  /** Whether the account has a hierarchical namespace, which a workspace does not support. @default - unknown */
  readonly isHnsEnabledInput?: unknown;
}

/** Properties for `MachineLearningWorkspace`. */
export interface MachineLearningWorkspaceProps {
  /** Resource group of the workspace. It must have no locks, because they prevent compute clusters from scaling. */
  readonly resourceGroup: IResourceGroup;
  /** Network with private endpoints for the workspace and its new parts. @default - none: create private endpoints elsewhere */
  readonly network?: IMlNetwork;
  /** Managed network for outbound traffic. @default ManagedNetwork.approvedOutbound() */
  readonly outbound?: ManagedNetwork;
  /** Storage account: Standard tier, without a hierarchical namespace. @default - a new account without keys */
  readonly storageAccount?: IWorkspaceStorage;
  /** Key vault for secrets, with Azure RBAC. @default - a new vault */
  readonly keyVault?: IWorkspaceResource;
  /** Container registry. @default - a new registry in the Premium tier, which supports private endpoints */
  readonly containerRegistry?: IWorkspaceResource;
  /** Application Insights for endpoints and jobs. @default - a new one with a Log Analytics workspace */
  readonly applicationInsights?: IWorkspaceResource;
  /**
   * Key for metadata, new storage account, and new registry. It can never change.
   *
   * @default - a new key for confidential and restricted data; Microsoft-managed keys otherwise
   */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * Sensitivity of the data. Confidential and restricted data make it a high business impact workspace, with encrypted scratch disks and less telemetry
   * to Microsoft.
   *
   * @default DataClass.INTERNAL
   */
  readonly dataClass?: DataClass;
  /** Whether the workspace has public network access. Callers need a role assignment. @default false */
  readonly publicAccess?: boolean;
  /** Name of a compute cluster that builds images, because a registry behind a firewall cannot. @default - none: use prebuilt images */
  readonly imageBuildCompute?: string;
  /** Name of the workspace, 3 to 33 characters. @default - derived from the construct path */
  readonly workspaceName?: string;
}

const LONGEST_NAME = 33;

/**
 * Log categories: events of jobs and machines, and changes. Read events are left out, because they are most of the volume.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-monitor/reference/supported-logs/microsoft-machinelearningservices-workspaces-logs
 */
const LOGS = [
  'AmlComputeClusterEvent',
  'AmlComputeJobEvent',
  'AmlRunStatusChangedEvent',
  'DataStoreChangeEvent',
  'EnvironmentChangeEvent',
  'ModelsChangeEvent',
  'RunEvent',
];

/**
 * An Azure ML workspace for the experiments, models, compute clusters, and endpoints of a team. It has no public network access, a managed network
 * for outbound traffic, and a storage account without keys. azapi creates it, because azurerm 4.55 cannot disable storage keys.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/concept-workspace
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { MachineLearningWorkspace, MlNetwork, ResourceGroup } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'ml');
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * const network = new MlNetwork(stack, 'Network', { resourceGroup });
 * new MachineLearningWorkspace(stack, 'Workspace', { resourceGroup, network });
 * ```
 */
export class MachineLearningWorkspace extends Construct implements IMachineLearningWorkspace {
  /** Imports an existing workspace. Creates no resources. */
  static fromMachineLearningWorkspaceAttributes(
    scope: Construct,
    id: string,
    attrs: MachineLearningWorkspaceAttributes,
  ): IMachineLearningWorkspace {
    return new ImportedWorkspace(scope, id, attrs);
  }

  /** The workspace. */
  public readonly resource: AzapiResource;
  /** Resource group of the workspace. */
  public readonly resourceGroup: IResourceGroup;
  /** Storage account of the workspace. */
  public readonly storageAccount: IWorkspaceResource;
  /** Key vault of the workspace. */
  public readonly keyVault: IWorkspaceResource;
  /** Container registry of the workspace. */
  public readonly containerRegistry: IWorkspaceResource;
  /** Application Insights of the workspace. */
  public readonly applicationInsights: IWorkspaceResource;
  /** Log Analytics workspace. @default - none: `applicationInsights` is set */
  public readonly logs?: LogWorkspace;
  /** Identity of the workspace. */
  public readonly identity: WorkIdentity;
  /** Customer-managed key. @default - none: Microsoft-managed keys */
  public readonly encryptionKey?: IEncryptionKey;
  /** Managed network of the workspace. */
  public readonly outbound: ManagedNetwork;
  /** Resources that must exist before other resources in the workspace: its role assignment, outbound rules, and managed network. */
  public readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: MachineLearningWorkspaceProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, MACHINE_LEARNING_WORKSPACE_PROPS)) checkMlWorkspace(problems, props);
    problems.throwIfAny(this);
    const { resourceGroup } = props;
    this.resourceGroup = resourceGroup;
    recordLocation(this, resourceGroup.location);
    this.outbound = props.outbound ?? ManagedNetwork.approvedOutbound();
    const ownKey = requiresKey(props) && !props.encryptionKey;
    this.encryptionKey = ownKey ? new EncryptionKey(this, 'Key', { resourceGroup }) : props.encryptionKey;
    const part = { resourceGroup, encryptionKey: this.encryptionKey };
    this.storageAccount = props.storageAccount ?? createStorage(this, part);
    this.keyVault = props.keyVault ?? createVault(this, part);
    this.containerRegistry = props.containerRegistry ?? createRegistry(this, part);
    const telemetry = props.applicationInsights ? undefined : createTelemetry(this, part);
    this.applicationInsights = props.applicationInsights ?? telemetry!.insights;
    this.logs = telemetry?.logs;

    this.identity = new WorkIdentity(this, 'Identity', resourceGroup, workspaceRights(this));
    this.resource = this.create(props);
    this.ready = [this.resource, ...this.createOutbound()];
    if (this.logs) sendLogs(this, 'Diagnostics', this.logs, this.id, LOGS);
    if (props.network) this.link(props);
    recordWorkspaceFindings(this, props, this.outbound);
  }

  /** Resource id of the workspace. */
  get id(): string {
    return this.resource.id;
  }

  /** Resource id of the storage account. */
  get storageAccountId(): string {
    return this.storageAccount.id;
  }

  /** Resource id of the container registry. */
  get containerRegistryId(): string {
    return this.containerRegistry.id;
  }

  /** Resource id of the Log Analytics workspace. @default - none */
  get logAnalyticsWorkspaceId(): string | undefined {
    return this.logs?.id;
  }

  /** Whether the workspace has a managed network. */
  get hasManagedNetwork(): boolean {
    return this.outbound.exists;
  }

  /**
   * MLflow tracking URI, for `mlflow.set_tracking_uri(…)`. It requires the package azureml-mlflow, and uses the identity of the caller.
   *
   * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-use-mlflow-configure-tracking
   */
  get trackingUri(): string {
    return `azureml://${this.resourceGroup.location}.api.azureml.ms/mlflow/v1.0${this.id}`;
  }

  /**
   * Grants permission to run and track jobs, and to register and deploy models, but not to create compute clusters. It includes access to the storage
   * account, because uploads of code and data use the identity of the caller.
   *
   * @param principalId object id of the principal
   *
   * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-disable-local-auth-storage
   */
  grantUse(id: string, principalId: string, principalType: PrincipalType): RoleAssignment {
    assertPrincipal(this, { id, principalId, principalType });
    const to = { to: principalId, principalType };
    assignRole(this, `${id}-Blobs`, { role: Role.BLOB_DATA_CONTRIBUTOR, on: this.storageAccountId, ...to });
    return assignRole(this, id, { role: Role.AML_DATA_SCIENTIST, on: this.id, ...to });
  }

  private create(props: MachineLearningWorkspaceProps): AzapiResource {
    const key = this.encryptionKey;
    const identityIds = [this.identity.id, ...(key ? [key.identity.id] : [])];
    return new AzapiResource(this, 'Resource', {
      type: ML_TYPES.workspace,
      ...ML_READING,
      name: props.workspaceName ?? physicalName(this, LONGEST_NAME),
      parentId: resourceGroupId(this, this.resourceGroup),
      location: this.resourceGroup.location,
      identity: { type: 'UserAssigned', identityIds },
      body: workspaceBody(this, props),
      dependsOn: [...this.identity.roles, ...(key?.usable ?? [])],
      lifecycle: { preventDestroy: true },
      timeouts: { create: '60m', update: '60m', delete: '60m' },
    });
  }

  /** Creates outbound rules, and then the managed network, so that the first machine does not wait half an hour for it. */
  private createOutbound(): ITerraformDependable[] {
    const own = assignRole(this, 'Own', { role: Role.CONTRIBUTOR, on: this.id, to: this.identity.principalId });
    if (!this.outbound.exists) return [own];
    const rules = Object.entries({ ...this.batchRules(), ...this.outbound.rules }).map(
      ([name, properties]) =>
        new AzapiResource(this, `Rule-${name}`, {
          type: ML_TYPES.outboundRule,
          ...ML_READING,
          name,
          parentId: this.id,
          body: { properties },
          locks: [this.id],
          dependsOn: [own],
        }),
    );
    const network = new AzapiResourceAction(this, 'ManagedNetwork', {
      type: ML_TYPES.workspace,
      resourceId: this.id,
      action: 'provisionManagedNetwork',
      method: 'POST',
      when: 'apply',
      // Model monitors run on Spark.
      body: { includeSpark: true },
      dependsOn: [own, ...rules],
      timeouts: { create: '90m' },
    });
    return [own, ...rules, network];
  }

  /**
   * Batch deployments store their progress in queues and tables of the storage account. Azure does not create private endpoints for these.
   *
   * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-managed-network#scenario-use-batch-endpoints-or-parallelrunstep
   */
  private batchRules(): Record<string, OutboundRuleBody> {
    const { id } = this.storageAccount;
    const ruleOf = (target: 'queue' | 'table') => privateRule({ resourceId: id, target });
    return { 'workspace-queue': ruleOf('queue'), 'workspace-table': ruleOf('table') };
  }

  /** Private endpoints for the workspace and its new parts. Each depends on the one before it, because Azure rejects concurrent changes. */
  private link({ network, storageAccount, keyVault, containerRegistry }: MachineLearningWorkspaceProps): void {
    const endpoints = [
      { id: 'Workspace', resourceId: this.id, target: 'amlworkspace' as const },
      ...(storageAccount
        ? []
        : (['blob', 'file'] as const).map((target) => ({ id: target, resourceId: this.storageAccount.id, target }))),
      ...(keyVault ? [] : [{ id: 'Secrets', resourceId: this.keyVault.id, target: 'vault' as const }]),
      ...(containerRegistry
        ? []
        : [{ id: 'Images', resourceId: this.containerRegistry.id, target: 'registry' as const }]),
    ];
    let before: PrivateLink | undefined;
    for (const { id, resourceId, target } of endpoints) {
      const dependsOn = before && [before.resource];
      const common = { resourceGroup: this.resourceGroup, network: network! };
      before = new PrivateLink(this, `Link-${id}`, { ...common, resourceId, target, dependsOn });
    }
  }
}

/** Placeholder for a workspace that a platform creates, for checks that run before it exists. */
export function plannedWorkspace(
  resourceGroup: IResourceGroup,
  hasManagedNetwork = true,
): IMachineLearningWorkspace & { readonly storageAccountId: string; readonly containerRegistryId: string } {
  const unknown = Lazy.stringValue({ produce: () => 'created later' });
  return {
    id: unknown,
    resourceGroup,
    storageAccountId: unknown,
    containerRegistryId: unknown,
    hasManagedNetwork,
    identity: { id: unknown, principalId: unknown, clientId: unknown },
  };
}

/** Returns the request body of a workspace. Its parts and its identity must exist. */
export function workspaceBody(
  workspace: MachineLearningWorkspace,
  props: MachineLearningWorkspaceProps,
): WorkspaceBody {
  const { encryptionKey: key } = workspace;
  return {
    kind: 'Default',
    sku: { name: 'Basic', tier: 'Basic' },
    properties: {
      storageAccount: workspace.storageAccount.id,
      keyVault: workspace.keyVault.id,
      containerRegistry: workspace.containerRegistry.id,
      applicationInsights: workspace.applicationInsights.id,
      primaryUserAssignedIdentity: workspace.identity.id,
      systemDatastoresAuthMode: 'Identity',
      publicNetworkAccess: props.publicAccess ? 'Enabled' : 'Disabled',
      v1LegacyMode: false,
      hbiWorkspace: requiresKey(props),
      imageBuildCompute: props.imageBuildCompute,
      managedNetwork: { isolationMode: workspace.outbound.isolationMode },
      encryption: key && {
        status: 'Enabled',
        identity: { userAssignedIdentity: key.identity.id },
        keyVaultProperties: {
          keyVaultArmId: key.vaultId,
          keyIdentifier: key.versionedKeyId,
          identityClientId: key.identity.clientId,
        },
      },
    },
  };
}

/**
 * Role assignments that must exist before the workspace.
 *
 * Source: azure-ai-docs, how-to-identity-based-service-authentication.md, "User-assigned managed identity", how-to-managed-network.md and
 * how-to-disable-local-auth-storage.md.
 */
export function workspaceRights(workspace: MachineLearningWorkspace): Right[] {
  const { outbound, resourceGroup } = workspace;
  const [storage, vault, images] = [
    workspace.storageAccount.id,
    workspace.keyVault.id,
    workspace.containerRegistry.id,
  ] as const;
  const own: Right[] = [
    { name: 'Storage', role: Role.CONTRIBUTOR, on: storage },
    { name: 'Blobs', role: Role.BLOB_DATA_CONTRIBUTOR, on: storage },
    { name: 'Files', role: Role.FILE_DATA_CONTRIBUTOR, on: storage },
    { name: 'Vault', role: Role.CONTRIBUTOR, on: vault },
    { name: 'Secrets', role: Role.KEY_VAULT_ADMINISTRATOR, on: vault },
    { name: 'Images', role: Role.CONTRIBUTOR, on: images },
    { name: 'Telemetry', role: Role.CONTRIBUTOR, on: workspace.applicationInsights.id },
  ];
  if (!outbound.exists) return own;
  const targets = [...new Set(outbound.privateTargets)];
  // Private endpoints of the managed network are approved on their targets. The workspace, in its resource group, is one of them.
  const approved = [...new Set([resourceGroupId(workspace, resourceGroup), storage, vault, images, ...targets])];
  return [
    ...own,
    ...approved.map((on, index): Right => ({ name: `Approval${index}`, role: Role.NETWORK_CONNECTION_APPROVER, on })),
    ...targets.map((on, index): Right => ({ name: `Target${index}`, role: Role.READER, on })),
  ];
}
