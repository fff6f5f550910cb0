import { Construct } from 'constructs';
import { onlyInStack } from '../../terraform/once-in-stack';
import { CurrentSubscription } from '../operations/current-subscription';
import type { PrincipalType } from '../operations/principal';
import { globalName } from '../props/names';
import { RoleAssignment, RoleDefinition } from '../provider/azurerm';

/** Who may invoke what. */
export interface InvokeGrant {
  readonly endpointId: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
}

/** Lets someone invoke an endpoint: no built-in role of Azure ML does that and no more. */
export function invokeGrant(
  scope: Construct,
  id: string,
  { endpointId, principalId, principalType }: InvokeGrant,
): RoleAssignment {
  return new RoleAssignment(scope, id, {
    scope: endpointId,
    roleDefinitionId: InvokeRole.of(scope).resource.roleDefinitionResourceId,
    principalId,
    principalType,
    skipServicePrincipalAadCheck: principalType === 'ServicePrincipal' ? true : undefined,
  });
}

const ID = 'AiInfraInvokeEndpoints';
const LONGEST_NAME = 64;

/**
 * The right to invoke online endpoints, and nothing else: one role a stack.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/concept-endpoints-online-auth#data-plane-operations
 */
class InvokeRole extends Construct {
  static of(scope: Construct): InvokeRole {
    return onlyInStack(scope, ID, (stack) => new InvokeRole(stack, ID));
  }

  public readonly resource: RoleDefinition;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const subscription = CurrentSubscription.of(this).id;
    this.resource = new RoleDefinition(this, 'Resource', {
      name: globalName(this, LONGEST_NAME),
      scope: subscription,
      assignableScopes: [subscription],
      description: 'Invoke online endpoints of Azure ML',
      permissions: [{ actions: ['Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action'] }],
    });
  }
}
