import { App, Stack } from 'aws-cdk-lib';
import { EndpointKind, InferenceGateway, type IInferenceTarget, InferenceTarget } from 'ai-infra-constructs/aws';
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

describe('an endpoint of this library behind a gateway', () => {
  test('is invoked by its name, and by the name of its only model', () => {
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

  test('of several models is refused until one is named', () => {
    expect(problemsOf(errorOf(() => gatewayFor(twoModels)))).toEqual(['GatewayEndpoint endpoint']);
    const { variables } = gatewayFor((stack) => InferenceTarget.component(twoModels(stack), 'code-1'));
    expect(variables).toMatchObject({ INFERENCE_COMPONENT_NAME: 'code-1' });
  });

  test('that answers into a bucket is refused', () => {
    const later = (stack: Stack) => endpointIn(stack, { kind: EndpointKind.asynchronous({ output: modelsIn(stack) }) });
    expect(problemsOf(errorOf(() => gatewayFor(later)))).toEqual(['GatewayEndpoint endpoint']);
    const named = (stack: Stack) => InferenceTarget.component(later(stack), 'chat');
    expect(problemsOf(errorOf(() => gatewayFor(named)))).toEqual(['GatewayEndpoint endpoint']);
  });
});
