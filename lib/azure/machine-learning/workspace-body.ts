import type { MachineLearningWorkspace } from './machine-learning-workspace';
import type { WorkspaceBody } from './workspace-bodies';
import { demandsKey } from './workspace-checks';
import type { MachineLearningWorkspaceProps } from './workspace-props';

/** What is sent for a workspace, whose parts and identity stand already. */
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
      hbiWorkspace: demandsKey(props),
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
