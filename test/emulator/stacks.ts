import { App, CfnOutput, DefaultStackSynthesizer, Duration, Size, Stack } from 'aws-cdk-lib';
import { TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  GatewayAuthorization,
  GatewayExposure,
  InferenceGateway,
  type InferenceGatewayProps,
  InferenceTarget,
  PiiAction,
  PromptScreening,
  ResponseMode,
} from 'ai-infra-constructs/aws';

/** An app with one stack. */
export interface Built {
  readonly app: App;
  readonly stack: Stack;
}

/** A gateway whose function calls these URLs instead of AWS. */
export function gatewayStack(
  id: string,
  urls: Readonly<{ model: string; bedrock: string }>,
  props: (stack: Stack) => Partial<InferenceGatewayProps> = () => ({}),
): Built {
  const app = new App();
  const stack = new Stack(app, id, {
    env: { account: '000000000000', region: 'us-east-1' },
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
  });
  const gateway = new InferenceGateway(stack, 'Gateway', {
    endpoint: InferenceTarget.fromEndpointName(stack, 'chat', { inferenceComponentName: 'llama' }),
    exposure: GatewayExposure.public(),
    authorization: GatewayAuthorization.iam(),
    responses: ResponseMode.buffered(),
    screening: PromptScreening.guardrail({
      pii: { US_SOCIAL_SECURITY_NUMBER: PiiAction.BLOCK, EMAIL: PiiAction.MASK_ANSWERS },
    }),
    maxBody: Size.kibibytes(16),
    ...props(stack),
  });
  const { handler } = gateway.function;
  handler.addEnvironment('AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME', urls.model);
  handler.addEnvironment('AWS_ENDPOINT_URL_BEDROCK_RUNTIME', urls.bedrock);
  new CfnOutput(stack, 'ApiId', { value: gateway.api.restApiId });
  new CfnOutput(stack, 'FunctionLogs', { value: gateway.function.logs.logGroup.logGroupName });
  for (const [name, key] of Object.entries(gateway.apiKeys)) new CfnOutput(stack, `Key${name}`, { value: key.keyId });
  return { app, stack };
}

/** An authorizer that accepts the token `allow`. */
export function tokenAuthorizer(stack: Stack): TokenAuthorizer {
  const handler = new LambdaFunction(stack, 'Authorizer', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(`exports.handler = async ({ authorizationToken, methodArn }) => ({
      principalId: 'caller',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Action: 'execute-api:Invoke', Effect: authorizationToken === 'allow' ? 'Allow' : 'Deny', Resource: methodArn },
        ],
      },
    });`),
  });
  return new TokenAuthorizer(stack, 'Tokens', { handler, resultsCacheTtl: Duration.seconds(0) });
}
