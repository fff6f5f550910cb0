import { exposed, ofResource, ofTemplate } from '../support';

describe('an API', () => {
  const rest = (types: string[], methods: object[], more: Record<string, Record<string, unknown>> = {}) =>
    ofTemplate({
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { EndpointConfiguration: { Types: types } } },
      ...Object.fromEntries(
        methods.map((props, index) => [
          `Method${index}`,
          { Type: 'AWS::ApiGateway::Method', Properties: { RestApiId: { Ref: 'Api' }, HttpMethod: 'POST', ...props } },
        ]),
      ),
      Stage: {
        Type: 'AWS::ApiGateway::Stage',
        Properties: { RestApiId: { Ref: 'Api' }, MethodSettings: [{ ThrottlingRateLimit: 50 }] },
      },
      ...more,
    });

  test('shows its callers with the number of methods, and its throttle', () => {
    const architecture = rest(
      ['REGIONAL'],
      [
        { AuthorizationType: 'AWS_IAM' },
        { AuthorizationType: 'AWS_IAM' },
        { AuthorizationType: 'NONE', ApiKeyRequired: true },
        { AuthorizationType: 'NONE' },
        { AuthorizationType: 'NONE', HttpMethod: 'OPTIONS' },
      ],
    );
    expect(architecture.endpoints[0]).toMatchObject({
      access: 'public',
      details: { callers: 'API key on 1, AWS_IAM on 2, everyone on 1', throttle: '50 requests/s' },
    });
    expect(exposed(architecture)).toEqual(['Api: callers: API key on 1, AWS_IAM on 2, everyone on 1; no WAF']);
  });

  test('is not exposed if it is private', () => {
    const architecture = rest(['PRIVATE'], [{ AuthorizationType: 'NONE' }]);
    expect(architecture.endpoints[0]).toMatchObject({ access: 'private' });
    expect(exposed(architecture)).toEqual([]);
  });

  test('shows its firewall', () => {
    const architecture = rest(['REGIONAL'], [{ AuthorizationType: 'AWS_IAM' }], {
      Acl: { Type: 'AWS::WAFv2::WebACL' },
      Association: {
        Type: 'AWS::WAFv2::WebACLAssociation',
        Properties: {
          ResourceArn: { 'Fn::Sub': 'arn:${AWS::Partition}:apigateway:::/restapis/${Api}/stages/${Stage}' },
        },
      },
    });
    expect(exposed(architecture)).toEqual(['Api: callers: AWS_IAM on 1; behind WAF']);
  });

  test('has routes instead of methods if it is an HTTP API', () => {
    const architecture = ofTemplate({
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
      Route: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: { Ref: 'Api' }, AuthorizationType: 'JWT' } },
    });
    expect(exposed(architecture)).toEqual(['Api: callers: JWT on 1; no WAF']);
  });
});

describe('a load balancer', () => {
  const balancer = (Scheme?: string) =>
    ofTemplate({
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme, Type: 'network' } },
      Listener: {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        Properties: { LoadBalancerArn: { Ref: 'Balancer' }, Port: 443, Protocol: 'TLS' },
      },
    });

  test('is internet-facing unless it is internal', () => {
    expect(exposed(balancer())).toEqual(['Balancer: internet-facing: TLS 443']);
    expect(exposed(balancer('internal'))).toEqual([]);
    expect(balancer('internal').endpoints[0]).toMatchObject({ access: 'private', kind: 'network load balancer' });
  });
});

test('a distribution is public, with or without a firewall', () => {
  const of = (WebACLId?: string) =>
    ofResource('AWS::CloudFront::Distribution', { DistributionConfig: { Enabled: true, WebACLId } });
  expect(exposed(of())).toEqual(['Subject: everyone; no WAF']);
  expect(exposed(of('arn'))).toEqual(['Subject: everyone; behind WAF']);
});
