import type { Construct } from 'constructs';
import { record } from '../../terraform/findings';
import type { ManagedNetwork } from './managed-network';
import { requiresKey } from './workspace-parts';
import type { MachineLearningWorkspaceProps } from './machine-learning-workspace';

/** Records the findings of a workspace. */
export function recordWorkspaceFindings(
  scope: Construct,
  props: MachineLearningWorkspaceProps,
  outbound: ManagedNetwork,
): void {
  recordReach(scope, props);
  if (outbound.hasFirewall) {
    record(scope, {
      id: 'network/managed-firewall',
      level: 'info',
      message: 'Outbound rules for hosts create an Azure Firewall in the managed network, which is billed by the hour.',
      fix: 'Copy packages and models to your storage, and remove hosts.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-managed-network#pricing',
    });
  }
  if (props.encryptionKey || requiresKey(props)) {
    record(scope, {
      id: 'cost/extra-resources',
      level: 'info',
      message:
        'With a customer-managed key, Azure ML creates Cosmos DB, AI Search, and storage in a resource group of your subscription, at your cost.',
      fix: 'Do not delete these resources: the workspace needs them.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/concept-customer-managed-keys',
    });
  }
  if (props.imageBuildCompute !== undefined || props.containerRegistry) return;
  record(scope, {
    id: 'image/no-builder',
    level: 'info',
    message: 'The registry is behind a firewall and cannot build images, so environments must use prebuilt images.',
    fix: 'Set imageBuildCompute to a compute cluster of the workspace, or use ServingContainer.image.',
    evidence:
      'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-secure-workspace-vnet#azure-container-registry',
  });
}

function recordReach(scope: Construct, { network, publicAccess }: MachineLearningWorkspaceProps): void {
  if (publicAccess) {
    record(scope, {
      id: 'network/public-workspace',
      level: 'warning',
      message: 'The workspace is reachable from the internet, for principals with a role assignment.',
      fix: 'Set network, and remove publicAccess.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-configure-private-link',
    });
  } else if (!network) {
    record(scope, {
      id: 'network/no-private-endpoint',
      level: 'warning',
      message:
        'The workspace has neither public network access nor a private endpoint, so nobody can reach studio, MLflow, or endpoints.',
      fix: 'Set network, or create the endpoint elsewhere and acknowledge this finding.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-configure-private-link',
    });
  }
}
