import { Stack, Token } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { required, validateProps } from '../../core/prop-schema';
import { GRANTABLE } from '../props/prop-types';
import type { GatewayAuthorization } from './gateway-authorization';

/**
 * Allows a principal to call a method. Rejects a grant without effect: if the gateway does not use IAM, or if the principal is in another
 * account. An account that is known only at deployment is accepted.
 *
 * @param authorization authorization of the gateway, unknown for an imported one
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export function grantInvokeOn(
  scope: Construct,
  grantee: IGrantable,
  methodArn: string,
  authorization?: GatewayAuthorization,
): Grant {
  const problems = new ProblemCollector();
  if (validateProps(problems, { grantee }, { grantee: required(GRANTABLE) })) {
    if (authorization) checkAuthorization(problems, authorization);
    checkAccount(problems, scope, grantee);
  }
  problems.throwIfAny(scope);
  return Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns: [methodArn] });
}

function checkAuthorization(problems: ProblemCollector, { usesIam, kind }: GatewayAuthorization): void {
  if (usesIam) return;
  problems.add({
    code: 'GatewayGrant',
    prop: 'authorization',
    allowed: 'GatewayAuthorization.iam(), because only IAM reads grants',
    got: kind,
    fix: 'Remove the grant. The authorizer or the VPC endpoint decides who can call.',
  });
}

function checkAccount(problems: ProblemCollector, scope: Construct, { grantPrincipal }: IGrantable): void {
  const { account } = Stack.of(scope);
  const other = grantPrincipal.principalAccount;
  if (other === undefined || Token.isUnresolved(other) || Token.isUnresolved(account) || other === account) return;
  problems.add({
    code: 'GatewayGrant',
    prop: 'grantee',
    allowed: `a principal of ${account}, the account of the gateway`,
    got: other,
    fix: 'Grant a role of this account, and allow the other account to assume it.',
  });
}
