import { App, Stack } from 'aws-cdk-lib';
import { AuthorizationType, type IAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { GatewayAuthorization, GatewayExposure, InferenceGateway } from 'ai-infra-constructs/aws';
import { errorOf, problemsOf, REGION } from '../support';
import { apiEndpoint, buildGateway, gatewayProps } from './support';

const ACCOUNT = '111122223333';
const FOREIGN = '444455556666';
const authorizer = (authorizationType: AuthorizationType) => ({ authorizerId: 'a1', authorizationType }) as IAuthorizer;

describe('grantInvoke', () => {
  test.each<[string, (stack: Stack) => GatewayAuthorization]>([
    ['a user pool authorization', (stack) => GatewayAuthorization.cognito([new UserPool(stack, 'Users')])],
    ['an authorizer without IAM', () => GatewayAuthorization.authorizer(authorizer(AuthorizationType.CUSTOM))],
    ['no authorization', () => GatewayAuthorization.none()],
  ])('rejects a grant for a gateway with %s', (_, authorization) => {
    const { stack, gateway } = buildGateway((scope) => ({
      exposure: GatewayExposure.private({ vpcEndpoints: [apiEndpoint(scope)] }),
      authorization: authorization(scope),
    }));
    const role = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const error = errorOf(() => gateway.grantInvoke(role));
    expect(problemsOf(error)).toEqual(['GatewayGrant authorization']);
    expect(error.constructPath).toBe('Serving/Gateway');
  });

  test('supports an authorizer of the type IAM', () => {
    const { stack, gateway } = buildGateway({
      authorization: GatewayAuthorization.authorizer(authorizer(AuthorizationType.IAM)),
    });
    const role = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    expect(() => gateway.grantInvoke(role)).not.toThrow();
  });

  test('rejects a principal of another account', () => {
    const { gateway } = buildGateway({}, { env: { ...REGION.env, account: ACCOUNT } });
    expect(problemsOf(errorOf(() => gateway.grantInvoke(new AccountPrincipal(FOREIGN))))).toEqual([
      'GatewayGrant grantee',
    ]);
    expect(() => gateway.grantInvoke(new AccountPrincipal(ACCOUNT))).not.toThrow();
  });

  test('accepts any principal if the account is unknown at synthesis', () => {
    const stack = new Stack(new App(), 'Serving');
    const gateway = new InferenceGateway(stack, 'Gateway', gatewayProps(stack));
    expect(() => gateway.grantInvoke(new AccountPrincipal(FOREIGN))).not.toThrow();
  });
});
