import { Lazy } from 'cdktf';
import type { IResourceGroup } from '../props/resource-group';
import type { IMachineLearningWorkspace } from './workspace-attributes';

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
