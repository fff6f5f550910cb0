import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps } from '../../core/prop-schema';
import type { IManagedIdentity } from '../operations/identity';
import { checkResourceGroup, type IResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { MACHINE_LEARNING_WORKSPACE_ATTRIBUTES } from '../prop-schemas';

/** An Azure Machine Learning workspace. */
export interface IMachineLearningWorkspace {
  /** Resource id of the workspace. */
  readonly id: string;
  /** Resource group of the workspace. Its region is the region of all resources in the workspace. */
  readonly resourceGroup: IResourceGroup;
  /** Resource id of the storage account. @default - unknown: new identities get no access to it */
  readonly storageAccountId?: string;
  /** Resource id of the container registry. @default - unknown: new identities get no access to it */
  readonly containerRegistryId?: string;
  /** Resource id of the Log Analytics workspace for its logs. @default - none */
  readonly logAnalyticsWorkspaceId?: string;
  /** Identity of the workspace. @default - unknown */
  readonly identity?: IManagedIdentity;
  /** Whether the workspace has a managed network. @default true */
  readonly hasManagedNetwork?: boolean;
  /** Resources that must exist before other resources in the workspace. @default - none: the workspace exists already */
  readonly ready?: readonly ITerraformDependable[];
}

/** Attributes of an existing workspace. */
export interface MachineLearningWorkspaceAttributes {
  /** Resource id of the workspace. */
  readonly workspaceId: string;
  /** Resource group of the workspace. Its region is the region of all resources in the workspace. */
  readonly resourceGroup: IResourceGroup;
  /** Resource id of the storage account. @default - unknown: new identities get no access to it */
  readonly storageAccountId?: string;
  /** Resource id of the container registry. @default - unknown: new identities get no access to it */
  readonly containerRegistryId?: string;
  /** Resource id of the Log Analytics workspace for its logs. @default - none */
  readonly logAnalyticsWorkspaceId?: string;
  /** Identity of the workspace. @default - unknown */
  readonly identity?: IManagedIdentity;
  /** Whether the workspace has a managed network. @default true */
  readonly hasManagedNetwork?: boolean;
}

/** @internal An existing workspace. Creates no resources. */
export class ImportedWorkspace extends Construct implements IMachineLearningWorkspace {
  public readonly id: string;
  public readonly resourceGroup: IResourceGroup;
  public readonly storageAccountId?: string;
  public readonly containerRegistryId?: string;
  public readonly logAnalyticsWorkspaceId?: string;
  public readonly identity?: IManagedIdentity;
  public readonly hasManagedNetwork?: boolean;

  constructor(scope: Construct, id: string, attrs: MachineLearningWorkspaceAttributes) {
    super(scope, id);
    assertProps(attrs, MACHINE_LEARNING_WORKSPACE_ATTRIBUTES, { scope: this, name: 'attrs' });
    this.id = attrs.workspaceId;
    this.resourceGroup = attrs.resourceGroup;
    this.storageAccountId = attrs.storageAccountId;
    this.containerRegistryId = attrs.containerRegistryId;
    this.logAnalyticsWorkspaceId = attrs.logAnalyticsWorkspaceId;
    this.identity = attrs.identity;
    this.hasManagedNetwork = attrs.hasManagedNetwork;
    const problems = new ProblemCollector();
    checkWorkspace(problems, 'attrs', this);
    problems.throwIfAny(this);
  }
}

/** Resource type of a workspace. */
const TYPE = 'Microsoft.MachineLearningServices/workspaces';

/** Adds each problem of a workspace. The workspace must have the right type. */
export function checkWorkspace(problems: ProblemCollector, prop: string, workspace: IMachineLearningWorkspace): void {
  const { id, resourceGroup, storageAccountId, containerRegistryId, logAnalyticsWorkspaceId } = workspace;
  const within = problems.within(prop);
  checkResourceId(within, 'id', id, TYPE);
  checkResourceId(within, 'storageAccountId', storageAccountId, 'Microsoft.Storage/storageAccounts');
  checkResourceId(within, 'containerRegistryId', containerRegistryId, 'Microsoft.ContainerRegistry/registries');
  const logs = 'Microsoft.OperationalInsights/workspaces';
  checkResourceId(within, 'logAnalyticsWorkspaceId', logAnalyticsWorkspaceId, logs);
  if (typeof resourceGroup !== 'object' || resourceGroup === null) {
    within.add({
      code: 'PropType',
      prop: 'resourceGroup',
      allowed: 'a resource group',
      got: resourceGroup,
      fix: 'Use ResourceGroup.fromResourceGroupAttributes(scope, id, { name, location }).',
    });
    return;
  }
  checkResourceGroup(within, 'resourceGroup', resourceGroup);
}
