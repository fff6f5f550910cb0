import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { PrivateLink } from '../network/private-link';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { type LogWorkspace, sendLogs } from '../operations/log-workspace';
import { demandPrincipal, type PrincipalType } from '../operations/principal';
import { assignRole, Role } from '../operations/roles';
import { type IResourceGroup, resourceGroupId } from '../props/resource-group';
import { AzapiResource } from '../provider/azapi';
import { AzapiResourceAction } from '../provider/azapi-update';
import type { RoleAssignment } from '../provider/azurerm';
import { ML_READING, ML_TYPES } from './api';
import { ManagedNetwork, privateRule } from './managed-network';
import { WorkIdentity } from './work-identity';
import type { IMachineLearningWorkspace } from './workspace-attributes';
import type { OutboundRuleBody } from './workspace-bodies';
import { workspaceBody } from './workspace-body';
import { checkMlWorkspace, demandsKey } from './workspace-checks';
import { recordWorkspaceFindings } from './workspace-findings';
import { workspaceRights } from './workspace-rights';
import { createRegistry, createStorage, createTelemetry, createVault } from './workspace-parts';
import {
  type IWorkspaceResource,
  MACHINE_LEARNING_WORKSPACE,
  type MachineLearningWorkspaceProps,
} from './workspace-props';

const LONGEST_NAME = 33;

/**
 * What jobs and machines did, and who changed what: not what was read, which is most of it.
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
 * A workspace of Azure ML: experiments, models, computes and endpoints of a team, closed to the internet on both sides, over storage that takes
 * no keys. It is made by the provider azapi: azurerm 4.55 cannot say that the storage takes none.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/concept-workspace
 */
export class MachineLearningWorkspace extends Construct implements IMachineLearningWorkspace {
  public readonly resource: AzapiResource;
  public readonly resourceGroup: IResourceGroup;
  public readonly storageAccount: IWorkspaceResource;
  public readonly keyVault: IWorkspaceResource;
  public readonly containerRegistry: IWorkspaceResource;
  public readonly applicationInsights: IWorkspaceResource;
  /** @default - Application Insights were brought */
  public readonly logs?: LogWorkspace;
  /** What the workspace itself acts as. */
  public readonly identity: WorkIdentity;
  /** @default - keys of Microsoft */
  public readonly encryptionKey?: IEncryptionKey;
  public readonly outbound: ManagedNetwork;
  /** What has to stand before anything is made in it: its rights to itself, its rules, its network. */
  public readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: MachineLearningWorkspaceProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, MACHINE_LEARNING_WORKSPACE)) checkMlWorkspace(problems, props);
    problems.throwIfAny(this);
    const { resourceGroup } = props;
    this.resourceGroup = resourceGroup;
    this.outbound = props.outbound ?? ManagedNetwork.approvedOutbound();
    const ownKey = demandsKey(props) && !props.encryptionKey;
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
    this.ready = [this.resource, ...this.settle()];
    if (this.logs) sendLogs(this, 'Diagnostics', this.logs, this.id, LOGS);
    if (props.network) this.link(props);
    recordWorkspaceFindings(this, props, this.outbound);
  }

  get id(): string {
    return this.resource.id;
  }

  get storageAccountId(): string {
    return this.storageAccount.id;
  }

  get containerRegistryId(): string {
    return this.containerRegistry.id;
  }

  get logAnalyticsWorkspaceId(): string | undefined {
    return this.logs?.id;
  }

  get hasManagedNetwork(): boolean {
    return this.outbound.exists;
  }

  /**
   * Where MLflow tracks experiments and keeps models: `mlflow.set_tracking_uri(…)`, with the package azureml-mlflow and the identity of the caller.
   *
   * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-use-mlflow-configure-tracking
   */
  get trackingUri(): string {
    return `azureml://${this.resourceGroup.location}.api.azureml.ms/mlflow/v1.0${this.id}`;
  }

  /**
   * Lets someone, by object id, run jobs, track them, and register and deploy models, but make no computes. Code and data of a job go to the
   * storage account in the caller's own name, since it takes no keys.
   *
   * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-disable-local-auth-storage
   */
  grantUse(id: string, principalId: string, principalType: PrincipalType): RoleAssignment {
    demandPrincipal(this, { id, principalId, principalType });
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

  /** Its rights to itself, its rules one after the other, and then its network: the first machine would wait half an hour for it. */
  private settle(): ITerraformDependable[] {
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
      // Monitors of models run on Spark.
      body: { includeSpark: true },
      dependsOn: [own, ...rules],
      timeouts: { create: '90m' },
    });
    return [own, ...rules, network];
  }

  /**
   * Batch deployments keep their progress in queues and tables of the storage account, to which Azure makes no endpoint by itself.
   *
   * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-managed-network#scenario-use-batch-endpoints-or-parallelrunstep
   */
  private batchRules(): Record<string, OutboundRuleBody> {
    const { id } = this.storageAccount;
    const ruleOf = (target: 'queue' | 'table') => privateRule({ resourceId: id, target });
    return { 'workspace-queue': ruleOf('queue'), 'workspace-table': ruleOf('table') };
  }

  /** Ways in from a network, for the workspace and what was made for it; one after the other, since Azure refuses several at once. */
  private link({ network, storageAccount, keyVault, containerRegistry }: MachineLearningWorkspaceProps): void {
    const ways = [
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
    for (const { id, resourceId, target } of ways) {
      const dependsOn = before && [before.resource];
      const place = { resourceGroup: this.resourceGroup, network: network! };
      before = new PrivateLink(this, `Link-${id}`, { ...place, resourceId, target, dependsOn });
    }
  }
}
