import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { InferenceGateway, type InferenceGatewayAttributes } from 'ai-infra-constructs/aws';
import { errorOf, problemsOf, REGION } from '../support';
import { propertiesIn } from './support';

function imported(attrs: Partial<InferenceGatewayAttributes> = {}) {
  const stack = new Stack(new App(), 'Clients', REGION);
  const gateway = InferenceGateway.fromInferenceGatewayAttributes(stack, 'Gateway', { restApiId: 'a1b2c3', ...attrs });
  return { stack, gateway };
}

describe('an imported gateway', () => {
  test('derives its URL from the API, and has the maximum timeout', () => {
    const { stack, gateway } = imported();
    const suffix = stack.resolve(stack.urlSuffix) as unknown;
    expect(stack.resolve(gateway.url)).toEqual({
      'Fn::Join': ['', ['https://a1b2c3.execute-api.us-east-1.', suffix, '/v1/invocations']],
    });
    expect(gateway.timeout.toSeconds()).toBe(900);
  });

  test('uses the given URL and timeout', () => {
    const url = 'https://models.example.com/v1/invocations';
    const { gateway } = imported({ url, timeout: Duration.seconds(29) });
    expect([gateway.url, gateway.timeout.toSeconds()]).toEqual([url, 29]);
  });

  test('grants its only method', () => {
    const { stack, gateway } = imported();
    const role = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    expect(gateway.grantInvoke(role).success).toBe(true);
    const [{ PolicyDocument: document }] = propertiesIn(stack)('AWS::IAM::Policy') as [
      { PolicyDocument: { Statement: unknown[] } },
    ];
    expect(document.Statement).toEqual([expect.objectContaining({ Action: 'execute-api:Invoke', Effect: 'Allow' })]);
    expect(JSON.stringify(document)).toContain(':execute-api:us-east-1:111122223333:a1b2c3/v1/POST/invocations');
  });

  test('rejects a principal of another account', () => {
    const { gateway } = imported();
    const error = errorOf(() => gateway.grantInvoke(new AccountPrincipal('444455556666')));
    expect(problemsOf(error)).toEqual(['GatewayGrant grantee']);
    expect(error.constructPath).toBe('Clients/Gateway');
  });

  test('has metrics with the name of the API', () => {
    const { gateway } = imported({ restApiName: 'Serving-Gateway-Api' });
    expect(gateway.metricRequests()).toMatchObject({
      metricName: 'Count',
      dimensions: { ApiName: 'Serving-Gateway-Api' },
    });
    const { throttled } = gateway.metricThrottledShare().usingMetrics;
    expect(throttled).toMatchObject({ metricName: 'ThrottledRequests', dimensions: { ApiId: 'a1b2c3' } });
  });

  test('has no metrics without the name of the API', () => {
    const { gateway } = imported();
    for (const metric of ['metricRequests', 'metricErrorShare', 'metricThrottledShare', 'metricLatency'] as const) {
      expect(problemsOf(errorOf(() => gateway[metric]()))).toEqual(['ValueMissing restApiName']);
    }
  });

  test('creates no resources', () => {
    expect(propertiesIn(imported().stack)('AWS::ApiGateway::RestApi')).toEqual([]);
  });

  test.each<[string, Partial<InferenceGatewayAttributes>]>([
    ['ValueMissing restApiId', { restApiId: undefined }],
    ['PropType url', { url: 5 as never }],
    ['PropType timeout', { timeout: 29 as never }],
    ['GatewayTimeout timeout', { timeout: Duration.seconds(901) }],
    ['ValueUnknown timeout', { timeout: Duration.minutes(Token.asNumber({ Ref: 'AWS::Region' })) }],
  ])('reports %s', (problem, attrs) => {
    expect(problemsOf(errorOf(() => imported(attrs)))).toEqual([problem]);
  });
});
