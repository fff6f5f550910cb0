import type { ITerraformDependable } from 'cdktf';
import type { Problems } from '../../core/errors';
import { having, type Kind } from '../../core/shapes';
import type { IManagedIdentity } from '../operations/identity';
import { checkResourceGroup, type IResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';

/** A workspace of Azure Machine Learning, made here or elsewhere. */
export interface IMachineLearningWorkspace {
  /** Its resource id. */
  readonly id: string;
  /** The group that it stands in, and its region: what is made in it stands there, too. */
  readonly resourceGroup: IResourceGroup;
  /** Resource id of its storage account. @default - unknown: identities that are made get no right to it */
  readonly storageAccountId?: string;
  /** Resource id of its container registry. @default - unknown: identities that are made get no right to it */
  readonly containerRegistryId?: string;
  /** Resource id of the Log Analytics workspace that its logs go to. @default - none */
  readonly logAnalyticsWorkspaceId?: string;
  /** What the workspace itself acts as. @default - unknown: who works in its name has to be named */
  readonly identity?: IManagedIdentity;
  /** Whether Azure ML has a network for its machines. @default true */
  readonly hasManagedNetwork?: boolean;
  /** What has to stand before anything is made in it. @default - nothing: it stands */
  readonly ready?: readonly ITerraformDependable[];
}

/** A workspace, of whichever copy of the package. */
export const WORKSPACE: Kind = having(
  'a workspace of Azure Machine Learning',
  ['id', 'resourceGroup'],
  'Use new MachineLearningWorkspace(scope, id, { resourceGroup }), or { id, resourceGroup } of one that stands.',
);

/** The type of a workspace. */
const TYPE = 'Microsoft.MachineLearningServices/workspaces';

/** Adds what is wrong with a workspace, of the right kind, that something is to be made in. */
export function checkWorkspace(problems: Problems, prop: string, workspace: IMachineLearningWorkspace): void {
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
      fix: 'Give { name, location }.',
    });
    return;
  }
  checkResourceGroup(within, 'resourceGroup', resourceGroup);
}
