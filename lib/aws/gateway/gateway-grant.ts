import { Stack, Token } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Problems } from '../../core/errors';
import type { GatewayAuthorization } from './gateway-authorization';

/**
 * Adds a problem where the right to call a gateway would let nobody in: where it reads no rights, or to a principal of another account,
 * whom a policy of the API would have to allow, too. An account that is known only at deployment is let through.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export function checkGrant(
  problems: Problems,
  scope: Construct,
  authorization: GatewayAuthorization,
  { grantPrincipal }: IGrantable,
): void {
  if (!authorization.readsRights) {
    problems.add({
      code: 'GatewayGrant',
      prop: 'authorization',
      allowed: 'GatewayAuthorization.iam(), under which rights decide who calls',
      got: authorization.kind,
      fix: 'Leave the grant out: the authorizer, or the VPC endpoint, lets callers in.',
    });
  }
  const { account } = Stack.of(scope);
  const theirs = grantPrincipal.principalAccount;
  if (theirs === undefined || Token.isUnresolved(theirs) || Token.isUnresolved(account) || theirs === account) return;
  problems.add({
    code: 'GatewayGrant',
    prop: 'grantee',
    allowed: `a principal of the account of the gateway, ${account}`,
    got: theirs,
    fix: 'Grant a role of this account, and let the other account assume it.',
  });
}
