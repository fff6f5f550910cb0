import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import {
  acceptRules,
  GatewayAuthorization,
  GatewayExposure,
  type InferenceGatewayProps,
  PiiAction,
  PromptScreening,
  ResponseMode,
} from 'ai-infra-constructs/aws';
import type { Stack } from 'aws-cdk-lib';
import { REGION, STRICT, validated } from '../support';
import { apiEndpoint, buildGateway } from './support';

function addPacks(app: App): void {
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new NIST80053R5Checks(app),
    new HIPAASecurityChecks(app),
    new PCIDSS321Checks(app),
  );
}

/** Types whose replacement loses logs, keys, callers' keys or the address that callers know. */
const STATEFUL = [
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::UsagePlan',
  'AWS::Bedrock::Guardrail',
  'AWS::KMS::Key',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::WAFv2::WebACL',
];

test('the logical ids of what holds state, or has an address, stay', () => {
  const golden = join(__dirname, 'inference-gateway.golden.json');
  const { stack } = buildGateway({ clients: { search: { requestsPerSecond: 10 } } }, REGION);
  const { Resources: resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Type: string }>;
  };
  const ids = Object.fromEntries(
    Object.entries(resources)
      .filter(([, { Type }]) => STATEFUL.includes(Type))
      .map(([id, { Type }]) => [id, Type])
      .sort(([a], [b]) => a!.localeCompare(b!)),
  );
  if (process.env.UPDATE_GOLDEN) writeFileSync(golden, `${JSON.stringify(ids, null, 2)}\n`);
  expect(ids).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
});

describe('strict validation', () => {
  test.each<[string, (stack: Stack) => Partial<InferenceGatewayProps>]>([
    ['streams, with keys', () => ({ clients: { search: { requestsPerSecond: 10, requestsPerDay: 1000 } } })],
    [
      'whole answers for user pools, with topics and masks',
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
        screening: PromptScreening.existing({ guardrailId: 'abc123', version: '2' }),
      }),
    ],
  ])('the CloudFormation validator and four policy packs find nothing in %s', (_, props) => {
    validated(() => {
      const { app, stack, gateway } = buildGateway(props, { app: new App(STRICT), ...REGION });
      acceptRules(gateway);
      addPacks(app);
      const { directory } = app.synth();
      Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
      rmSync(directory, { recursive: true });
    });
  });

  test('the packs would find something: a stage without a firewall', () => {
    validated(() => {
      const { app, gateway } = buildGateway({}, { app: new App(STRICT), ...REGION });
      acceptRules(gateway);
      gateway.firewall.node.tryRemoveChild('Association');
      addPacks(app);
      expect(() => app.synth()).toThrow('AwsSolutions-APIG3');
    });
  });
});
