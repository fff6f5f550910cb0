import { Lazy } from 'cdktf';
import type { IResourceGroup } from '../props/resource-group';
import type { IMachineLearningWorkspace } from './workspace-attributes';

/** A workspace that a composite will make, for the rules of what is to stand in it: its ids are known only at deployment. */
export function plannedWorkspace(
  resourceGroup: IResourceGroup,
  hasManagedNetwork = true,
): IMachineLearningWorkspace & { readonly storageAccountId: string; readonly containerRegistryId: string } {
  const unknown = Lazy.stringValue({ produce: () => 'made later' });
  return {
    id: unknown,
    resourceGroup,
    storageAccountId: unknown,
    containerRegistryId: unknown,
    hasManagedNetwork,
    identity: { id: unknown, principalId: unknown, clientId: unknown },
  };
}
