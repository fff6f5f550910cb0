import { Construct } from 'constructs';
import { AiInfraError, type Problem } from '../../core/errors';
import { onceForProvider } from '../../terraform/chosen-provider';
import { checkProviders } from '../../terraform/provider-checks';
import { CurrentSubscription } from '../operations/current-subscription';
import { assertPrincipal, type GrantedPrincipal } from '../operations/roles';
import { globalName } from '../props/resource-id';
import { RoleAssignment, RoleDefinition } from '../provider/azurerm';
import { EndpointAuthorization } from './endpoint-options';

/** The endpoint that a grant is for. */
export interface GrantedEndpoint {
  /** Resource id of the endpoint. */
  readonly id: string;
  readonly authorization?: EndpointAuthorization;
}

/** Grants a principal the right to invoke an endpoint. No built-in role of Azure ML allows only that. */
export function grantInvokeOn(
  scope: Construct,
  endpoint: GrantedEndpoint,
  principal: GrantedPrincipal,
): RoleAssignment {
  assertPrincipal(scope, principal);
  if (endpoint.authorization === EndpointAuthorization.KEY) throw new AiInfraError([KEY_SUFFICES], scope);
  const { id, principalId, principalType } = principal;
  return new RoleAssignment(scope, id, {
    scope: endpoint.id,
    roleDefinitionId: InvokeRole.of(scope).resource.roleDefinitionResourceId,
    principalId,
    principalType,
    skipServicePrincipalAadCheck: principalType === 'ServicePrincipal' ? true : undefined,
  });
}

const KEY_SUFFICES: Problem = {
  code: 'EndpointOption',
  prop: 'authorization',
  allowed: 'EndpointAuthorization.ENTRA to grant the right to invoke: the key of an endpoint needs no role assignment',
  got: EndpointAuthorization.KEY,
  fix: 'Remove `authorization`, or do not call grantInvoke().',
};

const ID = 'AiInfraInvokeEndpoints';
const MAX_NAME_LENGTH = 64;

/**
 * A role that allows only to invoke online endpoints. A stack has at most one.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/concept-endpoints-online-auth#data-plane-operations
 */
class InvokeRole extends Construct {
  static of(scope: Construct): InvokeRole {
    return onceForProvider(scope, 'azurerm', ID, (holder) => new InvokeRole(holder, ID));
  }

  public readonly resource: RoleDefinition;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    checkProviders(this);
    const subscription = CurrentSubscription.of(this).id;
    this.resource = new RoleDefinition(this, 'Resource', {
      name: globalName(this, MAX_NAME_LENGTH),
      scope: subscription,
      assignableScopes: [subscription],
      description: 'Invoke online endpoints of Azure ML',
      permissions: [{ actions: ['Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action'] }],
    });
  }
}
