import type { MachineLearningWorkspace } from './machine-learning-workspace';
import type { WorkspaceBody } from './workspace-bodies';
import { requiresKey } from './workspace-checks';
import type { MachineLearningWorkspaceProps } from './workspace-props';

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
