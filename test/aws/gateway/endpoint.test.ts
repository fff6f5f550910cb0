import { App, Stack } from 'aws-cdk-lib';
import {
  EndpointKind,
  InferenceEndpoint,
  InferenceGateway,
  type IInferenceTarget,
  InferenceTarget,
} from 'ai-infra-constructs/aws';
import { endpointIn, modelIn, modelsIn } from '../inference/endpoint-support';
import { errorOf, problemsOf, REGION } from '../support';
import { gatewayProps, propertiesIn } from './support';

function gatewayFor(target: (stack: Stack) => IInferenceTarget) {
  const stack = new Stack(new App(), 'Serving', REGION);
  const gateway = new InferenceGateway(stack, 'Gateway', { ...gatewayProps(stack), endpoint: target(stack) });
  const resolved = (value: unknown) => JSON.stringify(stack.resolve(value));
  const handler = propertiesIn(stack)('AWS::Lambda::Function').find(({ Handler }) => Handler === 'streamed.handler');
  return { stack, gateway, resolved, variables: handler?.Environment.Variables };
}

const twoModels = (stack: Stack) => endpointIn(stack, { models: { chat: modelIn(stack), code: modelIn(stack) } });

describe('an InferenceEndpoint behind a gateway', () => {
  test('is invoked by its name and its only inference component', () => {
    let componentName = '';
    const { stack, variables } = gatewayFor((scope) => {
      const endpoint = endpointIn(scope);
      componentName = endpoint.components.chat!.componentName;
      return endpoint;
    });
    expect(variables).toMatchObject({ INFERENCE_COMPONENT_NAME: stack.resolve(componentName) as unknown });
    const policies = JSON.stringify(propertiesIn(stack)('AWS::IAM::ManagedPolicy'));
    expect(policies).toMatch(/sagemaker:InvokeEndpoint"/);
    expect(policies).toContain('inference-component/');
  });

  test('needs a selected component if it has several models', () => {
    expect(problemsOf(errorOf(() => gatewayFor(twoModels)))).toEqual(['GatewayEndpoint endpoint']);
    const { variables } = gatewayFor((stack) => InferenceTarget.component(twoModels(stack), 'code-1'));
    expect(variables).toMatchObject({ INFERENCE_COMPONENT_NAME: 'code-1' });
  });

  test('is rejected if it is asynchronous', () => {
    const asynchronous = (stack: Stack) =>
      endpointIn(stack, { kind: EndpointKind.asynchronous({ output: modelsIn(stack) }) });
    expect(problemsOf(errorOf(() => gatewayFor(asynchronous)))).toEqual(['GatewayEndpoint endpoint']);
    const named = (stack: Stack) => InferenceTarget.component(asynchronous(stack), 'chat');
    expect(problemsOf(errorOf(() => gatewayFor(named)))).toEqual(['GatewayEndpoint endpoint']);
  });
});

describe('an imported endpoint behind a gateway', () => {
  test('is invoked by its name', () => {
    const { stack, variables } = gatewayFor((scope) => InferenceEndpoint.fromEndpointName(scope, 'Imported', 'fleet'));
    expect(variables).toMatchObject({ ENDPOINT_NAME: 'fleet' });
    expect(variables).not.toHaveProperty('INFERENCE_COMPONENT_NAME');
    expect(JSON.stringify(propertiesIn(stack)('AWS::IAM::ManagedPolicy'))).toContain(':endpoint/fleet');
  });

  test('is invoked by its only inference component', () => {
    const { variables } = gatewayFor((scope) =>
      InferenceEndpoint.fromInferenceEndpointAttributes(scope, 'Imported', {
        endpointName: 'fleet',
        inferenceComponentNames: ['llama'],
      }),
    );
    expect(variables).toMatchObject({ INFERENCE_COMPONENT_NAME: 'llama' });
  });
});
