import { Role } from '../operations/roles';
import { resourceGroupId } from '../props/resource-group';
import type { MachineLearningWorkspace } from './machine-learning-workspace';
import type { Right } from './work-identity';

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
