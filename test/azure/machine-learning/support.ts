import type { TerraformStack } from 'cdktf';
import { AzureMachine, MachineLearningCluster, type MachineLearningClusterProps } from 'ai-infra-constructs/azure';
import { type Json, newStack, resourcesOf } from '../support';

const IN_GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/ml/providers';

export const GROUP = { name: 'ml', location: 'swedencentral' };

/** An existing workspace. */
export const WORKSPACE = {
  id: `${IN_GROUP}/Microsoft.MachineLearningServices/workspaces/research`,
  resourceGroup: GROUP,
  storageAccountId: `${IN_GROUP}/Microsoft.Storage/storageAccounts/research`,
  containerRegistryId: `${IN_GROUP}/Microsoft.ContainerRegistry/registries/research`,
};

export const SUBNET = `${IN_GROUP}/Microsoft.Network/virtualNetworks/ml/subnets/nodes`;

export const IDENTITY = {
  id: `${IN_GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/jobs`,
  principalId: '11111111-1111-1111-1111-111111111111',
  clientId: '22222222-2222-2222-2222-222222222222',
};

/** Requests for an API type, for example `workspaces/computes`, by address. */
export function sentOf(stack: TerraformStack, type: string): Record<string, Json> {
  const all = ['azapi_resource', 'azapi_update_resource', 'azapi_resource_action'].flatMap((resource) =>
    Object.entries(resourcesOf(stack, resource)),
  );
  const sent = all.filter(([, one]) => (one.type as string).startsWith(`Microsoft.MachineLearningServices/${type}@`));
  return Object.fromEntries(sent);
}

/** The only resource of an API type. */
export function sent(stack: TerraformStack, type: string): Json {
  const found = Object.values(sentOf(stack, type));
  expect(found).toHaveLength(1);
  return found[0];
}

/** Roles and scopes of the role assignments of a stack. */
export function rolesOf(stack: TerraformStack): Record<string, { role: string; scope: string }> {
  return Object.fromEntries(
    Object.entries(resourcesOf(stack, 'azurerm_role_assignment')).map(([address, one]) => [
      address,
      { role: one.role_definition_name as string, scope: one.scope as string },
    ]),
  );
}

/** A cluster in its own stack. */
export function synthMlCluster(props: Partial<MachineLearningClusterProps> = {}): {
  stack: TerraformStack;
  cluster: MachineLearningCluster;
  resource: Json;
} {
  const stack = newStack();
  const machine = AzureMachine.ND96ISR_H100_V5;
  const cluster = new MachineLearningCluster(stack, 'Train', { workspace: WORKSPACE, machine, ...props });
  return { stack, cluster, resource: sent(stack, 'workspaces/computes') };
}
