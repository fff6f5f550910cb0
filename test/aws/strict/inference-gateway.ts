import { App, type Stack } from 'aws-cdk-lib';
import { TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  acceptRules,
  GatewayAuthorization,
  GatewayExposure,
  type InferenceGatewayProps,
  PiiAction,
  PromptScreening,
  ResponseMode,
} from 'ai-infra-constructs/aws';
import { apiEndpoint, buildGateway } from '../gateway/support';
import { REGION, STRICT_APPS } from '../support';
import { addPacks, expectNoViolations, validated } from './validators';

describe.each(STRICT_APPS)('InferenceGateway %s', (_flags, strict) => {
  test.each<[string, (stack: Stack) => Partial<InferenceGatewayProps>]>([
    ['streams, with keys', () => ({ clients: { search: { requestsPerSecond: 10, requestsPerDay: 1000 } } })],
    [
      'complete responses for user pools, with topics and masks',
      (stack) => ({
        responses: ResponseMode.buffered(),
        authorization: GatewayAuthorization.cognito([UserPool.fromUserPoolId(stack, 'Users', 'us-east-1_abcdefghi')]),
        screening: PromptScreening.guardrail({
          pii: { EMAIL: PiiAction.MASK_ANSWERS },
          deniedTopics: { Tax: { definition: 'How to pay less tax.' } },
        }),
      }),
    ],
    [
      'a private gateway with an authorizer of its own, and a guardrail that exists',
      (stack) => ({
        exposure: GatewayExposure.private({ vpcEndpoints: [apiEndpoint(stack)] }),
        authorization: GatewayAuthorization.authorizer(
          new TokenAuthorizer(stack, 'Tokens', {
            handler: LambdaFunction.fromFunctionAttributes(stack, 'Authorizer', {
              functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:authorizer',
              sameEnvironment: true,
            }),
          }),
        ),
        screening: PromptScreening.fromGuardrail({ guardrailId: 'abc123', version: '2' }),
      }),
    ],
  ])('the CloudFormation validator and four policy packs find nothing in %s', (_, props) => {
    const { app, stack, gateway } = buildGateway(props, { app: new App(strict), ...REGION });
    acceptRules(gateway);
    expectNoViolations({ app, stack });
  });

  test('the packs would find something: a stage without a firewall', () => {
    const { app, gateway } = buildGateway({}, { app: new App(strict), ...REGION });
    acceptRules(gateway);
    gateway.firewall.node.tryRemoveChild('Association');
    addPacks(app);
    expect(() => validated(() => app.synth())).toThrow('AwsSolutions-APIG3');
  });
});
