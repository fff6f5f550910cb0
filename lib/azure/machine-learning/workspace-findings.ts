import type { Construct } from 'constructs';
import { record } from '../../terraform/findings';
import type { ManagedNetwork } from './managed-network';
import { demandsKey } from './workspace-checks';
import type { MachineLearningWorkspaceProps } from './workspace-props';

/** Records what is doubtful about a workspace. */
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
      message:
        'Rules for hosts make an Azure Firewall in the managed network, which costs by the hour whether it is used or not.',
      fix: 'Copy packages and models to storage of your own, and leave hosts out.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-managed-network#pricing',
    });
  }
  if (props.encryptionKey || demandsKey(props)) {
    record(scope, {
      id: 'cost/extra-resources',
      level: 'info',
      message:
        'For a key of yours Azure ML makes Cosmos DB, AI Search and storage in a group of its own in your subscription, at your cost.',
      fix: 'Leave them to Azure ML: without them the workspace is lost.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/concept-customer-managed-keys',
    });
  }
  if (props.imageBuildCompute !== undefined || props.containerRegistry) return;
  record(scope, {
    id: 'image/no-builder',
    level: 'info',
    message: 'The registry is behind a firewall and builds no images: environments must name images that are built.',
    fix: 'Name a compute of the workspace in imageBuildCompute, or use ServingContainer.image.',
    evidence:
      'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-secure-workspace-vnet#azure-container-registry',
  });
}

function recordReach(scope: Construct, { network, publicAccess }: MachineLearningWorkspaceProps): void {
  if (publicAccess) {
    record(scope, {
      id: 'network/public-workspace',
      level: 'warning',
      message: 'The workspace is reached from the internet, by whoever has a right in Entra.',
      fix: 'Give network, and leave publicAccess out.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-configure-private-link',
    });
  } else if (!network) {
    record(scope, {
      id: 'network/no-private-endpoint',
      level: 'warning',
      message:
        'The workspace is closed to the internet, and no private endpoint leads to it: nobody reaches studio, MLflow or endpoints.',
      fix: 'Give network, or make the endpoint elsewhere and acknowledge this.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-configure-private-link',
    });
  }
}
