import { App, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  GatewayAuthorization,
  type GatewayDomain,
  GatewayExposure,
  InferenceGateway,
  type InferenceGatewayProps,
  InferenceTarget,
  PromptScreening,
  ResponseMode,
} from 'ai-infra-constructs/aws';
import { errorOf, type Json, problemsOf, REGION } from '../support';
import { apiEndpoint, buildGateway, gatewayProps, propertiesIn } from './support';

const reference = buildGateway({}, REGION);
const template = Template.fromStack(reference.stack);
const properties = propertiesIn(reference.stack);

describe('the route', () => {
  test('is POST on /invocations, with signatures and a request validator', () => {
    const [method, ...others] = properties('AWS::ApiGateway::Method');
    expect(others).toEqual([]);
    expect(method).toMatchObject({ HttpMethod: 'POST', AuthorizationType: 'AWS_IAM', ApiKeyRequired: false });
    expect(properties('AWS::ApiGateway::Resource')[0]).toMatchObject({ PathPart: 'invocations' });
    template.hasResourceProperties('AWS::ApiGateway::RequestValidator', { ValidateRequestBody: true });
    template.hasResourceProperties('AWS::ApiGateway::Model', { Schema: Match.objectLike({ type: 'object' }) });
    expect(method?.RequestModels).toHaveProperty('application/json');
  });

  test('streams for up to five minutes', () => {
    const integration = properties('AWS::ApiGateway::Method')[0]?.Integration;
    expect(integration).toMatchObject({ Type: 'AWS_PROXY', ResponseTransferMode: 'STREAM', TimeoutInMillis: 300_000 });
    expect(JSON.stringify(integration.Uri)).toMatch(/2021-11-15\/functions.*response-streaming-invocations/);
    template.hasResourceProperties('AWS::Lambda::Function', { Handler: 'streamed.handler', Timeout: 300 });
  });

  test('answers within 29 seconds if responses are buffered', () => {
    const buffered = propertiesIn(buildGateway({ responses: ResponseMode.buffered() }).stack);
    const integration = buffered('AWS::ApiGateway::Method')[0]?.Integration;
    expect(integration).toMatchObject({ ResponseTransferMode: 'BUFFERED', TimeoutInMillis: 29_000 });
    expect(JSON.stringify(integration.Uri)).toMatch(/\/invocations"/);
    const handler = buffered('AWS::Lambda::Function')[0];
    expect(handler).toMatchObject({ Handler: 'buffered.handler', Timeout: 29 });
    expect(handler?.Environment.Variables).toMatchObject({ STREAMS: 'false' });
  });

  test('waits for up to a minute with a raised quota', () => {
    const timeout = Duration.seconds(60);
    const responses = ResponseMode.buffered({ timeout, timeoutQuota: Duration.seconds(120) });
    expect(propertiesIn(buildGateway({ responses }).stack)('AWS::ApiGateway::Method')[0]?.Integration).toMatchObject({
      TimeoutInMillis: 60_000,
    });
  });

  test('requires TLS 1.2 or later with forward secrecy, and its own host name', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
  });

  test('returns errors of API Gateway in the format of the function, without quotes', () => {
    const responses = properties('AWS::ApiGateway::GatewayResponse');
    expect(responses.map(({ ResponseType }) => ResponseType).sort()).toEqual(['DEFAULT_4XX', 'DEFAULT_5XX']);
    for (const { ResponseTemplates: templates } of responses) {
      const text = templates['application/json'].replaceAll('$context.error.messageString', '"message"');
      expect(JSON.parse(text)).toEqual({
        error: { code: '$context.error.responseType', message: 'message', requestId: '$context.requestId' },
      });
    }
  });

  test('has a URL, and grants access to principals', () => {
    const { stack, gateway } = buildGateway({}, REGION);
    const role = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    gateway.grantInvoke(role);
    expect(JSON.stringify(stack.resolve(gateway.url))).toContain('/invocations');
    const policies = JSON.stringify(propertiesIn(stack)('AWS::IAM::Policy'));
    expect(policies).toContain('"Action":"execute-api:Invoke"');
    expect(policies).toMatch(/\/POST\/invocations"/);
  });
});

describe('a custom domain', () => {
  const certificateIn = (stack: Stack) =>
    Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:111122223333:certificate/1');
  const domainOf =
    (more: Partial<GatewayDomain> = {}) =>
    (stack: Stack) => ({
      domain: { domainName: 'models.example.com', certificate: certificateIn(stack), ...more },
    });

  test('is the only name of the gateway, with TLS 1.2 or later and forward secrecy', () => {
    const { stack, gateway } = buildGateway(domainOf(), REGION);
    const of = propertiesIn(stack);
    expect(of('AWS::ApiGateway::DomainName')[0]).toMatchObject({
      DomainName: 'models.example.com',
      EndpointConfiguration: { Types: ['REGIONAL'] },
      RegionalCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1',
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
    });
    expect(of('AWS::ApiGateway::BasePathMapping')[0]).toMatchObject({
      RestApiId: stack.resolve(gateway.restApiId),
      Stage: stack.resolve(gateway.api.deploymentStage.stageName),
    });
    expect(of('AWS::ApiGateway::RestApi')[0]).toMatchObject({ DisableExecuteApiEndpoint: true });
    expect(stack.resolve(gateway.url)).toEqual({
      'Fn::Join': ['', ['https://', { Ref: expect.stringMatching(/Domain/) }, '/invocations']],
    });
    expect(gateway.domain?.domainNameAliasDomainName).toBeDefined();
  });

  test('has the TLS policy of the props', () => {
    const { stack } = buildGateway(domainOf({ securityPolicy: SecurityPolicy.TLS13_1_3_2025_09 }), REGION);
    // The handshake follows the policy of the API, not that of the domain.
    for (const type of ['AWS::ApiGateway::DomainName', 'AWS::ApiGateway::RestApi']) {
      expect(propertiesIn(stack)(type)[0]).toMatchObject({ SecurityPolicy: 'SecurityPolicy_TLS13_1_3_2025_09' });
    }
  });

  test('is left out by default', () => {
    expect(properties('AWS::ApiGateway::DomainName')).toEqual([]);
    expect(properties('AWS::ApiGateway::RestApi')[0]).not.toHaveProperty('DisableExecuteApiEndpoint');
  });

  test.each<[string, (stack: Stack) => Partial<InferenceGatewayProps>, string]>([
    ['a malformed name', domainOf({ domainName: 'Models' }), 'GatewayDomain domain.domainName'],
    ['a wildcard', domainOf({ domainName: '*.example.com' }), 'GatewayDomain domain.domainName'],
    [
      'a policy without the settings of the API',
      domainOf({ securityPolicy: SecurityPolicy.TLS_1_2 }),
      'GatewayDomain domain.securityPolicy',
    ],
    [
      'a policy for CloudFront',
      domainOf({ securityPolicy: SecurityPolicy.TLS13_2025_EDGE }),
      'GatewayDomain domain.securityPolicy',
    ],
    [
      'a private gateway',
      (stack) => ({ ...domainOf()(stack), exposure: GatewayExposure.private({ vpcEndpoints: [apiEndpoint(stack)] }) }),
      'GatewayDomain domain',
    ],
  ])('cannot have %s', (_, props, problem) => {
    expect(problemsOf(errorOf(() => buildGateway(props, REGION)))).toEqual([problem]);
  });
});

describe('callers', () => {
  test('of user pools send tokens', () => {
    const { stack } = buildGateway((scope) => ({
      authorization: GatewayAuthorization.cognito([new UserPool(scope, 'Users')], { scopes: ['inference/invoke'] }),
    }));
    const method = propertiesIn(stack)('AWS::ApiGateway::Method')[0];
    expect(method).toMatchObject({
      AuthorizationType: 'COGNITO_USER_POOLS',
      AuthorizationScopes: ['inference/invoke'],
    });
    expect(propertiesIn(stack)('AWS::ApiGateway::Authorizer')).toHaveLength(1);
  });

  test('reach a private gateway only through its VPC endpoints', () => {
    const { stack } = buildGateway(
      (scope) => ({
        exposure: GatewayExposure.private({ vpcEndpoints: [apiEndpoint(scope)] }),
        authorization: GatewayAuthorization.none(),
      }),
      REGION,
    );
    const [api] = propertiesIn(stack)('AWS::ApiGateway::RestApi');
    const endpoint = 'vpce-0123456789abcdef0';
    expect(api?.EndpointConfiguration).toEqual({ Types: ['PRIVATE'], VpcEndpointIds: [endpoint] });
    expect(api?.Policy.Statement).toEqual([
      expect.objectContaining({ Effect: 'Allow', Principal: { AWS: '*' }, Resource: 'execute-api:/*' }),
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'execute-api:Invoke',
        Condition: { StringNotEquals: { 'aws:SourceVpce': [endpoint] } },
      }),
    ]);
  });

  test('with IAM need a grant behind a VPC endpoint too', () => {
    const { stack } = buildGateway(
      (scope) => ({ exposure: GatewayExposure.private({ vpcEndpoints: [apiEndpoint(scope)] }) }),
      REGION,
    );
    const [allow, deny] = propertiesIn(stack)('AWS::ApiGateway::RestApi')[0]?.Policy.Statement;
    expect(JSON.stringify(allow.Principal)).toMatch(/:iam::111122223333:root/);
    expect(deny).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' } });
  });

  test('have their own keys, rates and quotas', () => {
    const { stack, gateway } = buildGateway({
      clients: {
        search: { requestsPerSecond: 10, requestsPerDay: 50_000 },
        batch: { requestsPerSecond: 0.5, burst: 3 },
      },
    });
    const own = propertiesIn(stack);
    expect(Object.keys(gateway.apiKeys)).toEqual(['search', 'batch']);
    expect(own('AWS::ApiGateway::Method')[0]).toMatchObject({ ApiKeyRequired: true });
    const plans = own('AWS::ApiGateway::UsagePlan');
    expect(plans.map(({ Throttle, Quota }) => [Throttle, Quota])).toEqual([
      [
        { RateLimit: 10, BurstLimit: 20 },
        { Limit: 50_000, Period: 'DAY' },
      ],
      [{ RateLimit: 0.5, BurstLimit: 3 }, undefined],
    ]);
    expect(own('AWS::ApiGateway::UsagePlanKey')).toHaveLength(2);
  });

  test('of one address can use twice the rate of the fastest client by default', () => {
    const perAddress = (props: Parameters<typeof buildGateway>[0]) => {
      const [acl] = propertiesIn(buildGateway(props).stack)('AWS::WAFv2::WebACL');
      const rule = (acl?.Rules as Record<string, Json>[]).find(({ Name }) => Name === 'PerAddress');
      return rule?.Statement.RateBasedStatement.Limit;
    };
    const clients = { search: { requestsPerSecond: 15 } };
    expect(perAddress({})).toBe(1000);
    expect(perAddress({ clients: { search: { requestsPerSecond: 1 } } })).toBe(1000);
    expect(perAddress({ clients })).toBe(9000);
    expect(perAddress({ clients, limits: { requestsPerAddress: 500 } })).toBe(500);
  });

  test('cannot burst above the quota of the account', () => {
    const { stack } = buildGateway({
      clients: { Default: { requestsPerSecond: 9000 }, Resource: { requestsPerSecond: 1 } },
    });
    expect(propertiesIn(stack)('AWS::ApiGateway::UsagePlan').map(({ Throttle }) => Throttle.BurstLimit)).toEqual([
      5000, 2,
    ]);
  });

  test('share the limits of the stage', () => {
    const [settings] = properties('AWS::ApiGateway::Stage')[0]?.MethodSettings;
    expect(settings).toMatchObject({ HttpMethod: '*', ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 });
    const other = buildGateway({ limits: { requestsPerSecond: 5, burst: 9 } }).stack;
    const settingsOf = (stack: Stack) => propertiesIn(stack)('AWS::ApiGateway::Stage')[0]?.MethodSettings[0];
    expect(settingsOf(other)).toMatchObject({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 9 });
    const { stack: half } = buildGateway({ limits: { requestsPerSecond: 5, burst: undefined } });
    expect(settingsOf(half)).toMatchObject({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 100 });
  });
});

describe('the firewall', () => {
  const rulesOf = (stack: Stack) => propertiesIn(stack)('AWS::WAFv2::WebACL')[0]?.Rules;
  const rule = (rules: { Name: string }[], name: string) => rules.find(({ Name }) => Name === name);

  test('protects the stage', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACL', { Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
    const [{ ResourceArn: arn }] = properties('AWS::WAFv2::WebACLAssociation') as [Record<string, unknown>];
    expect(JSON.stringify(arn)).toMatch(/::\/restapis\/.*\/stages\//);
  });

  test('blocks bodies above the limit, and inspects whole bodies', () => {
    const size = rule(rulesOf(reference.stack), 'BodySize');
    expect(size).toMatchObject({
      Action: { Block: { CustomResponse: { ResponseCode: 413 } } },
      Statement: {
        SizeConstraintStatement: {
          ComparisonOperator: 'GT',
          Size: 65_536,
          FieldToMatch: { Body: { OversizeHandling: 'MATCH' } },
        },
      },
    });
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      AssociationConfig: { RequestBody: { API_GATEWAY: { DefaultSizeInspectionLimit: 'KB_64' } } },
    });
    expect(rule(rulesOf(buildGateway({ maxBody: Size.kibibytes(65) }).stack), 'BodySize')).toBeUndefined();
  });

  test('limits the rate of each address and each key', () => {
    expect(rule(rulesOf(reference.stack), 'PerAddress')).toMatchObject({
      Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
      Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 1000, EvaluationWindowSec: 300 } },
    });
    expect(rule(rulesOf(reference.stack), 'PerKey')).toBeUndefined();
    const keyed = buildGateway({ clients: { slow: { requestsPerSecond: 0.001 }, fast: { requestsPerSecond: 7 } } });
    expect(rule(rulesOf(keyed.stack), 'PerKey')).toMatchObject({
      Statement: {
        RateBasedStatement: {
          Limit: 4200,
          AggregateKeyType: 'CUSTOM_KEYS',
          CustomKeys: [{ Header: { Name: 'x-api-key', TextTransformations: [{ Priority: 0, Type: 'NONE' }] } }],
        },
      },
    });
  });

  test('has managed rules, which do not block bodies with code or markup', () => {
    const managed = rulesOf(reference.stack).flatMap(
      ({
        Statement,
      }: {
        Statement: Record<string, { Name: string; RuleActionOverrides: { Name: string; ActionToUse: object }[] }>;
      }) => Statement.ManagedRuleGroupStatement ?? [],
    );
    expect(managed.map(({ Name }: { Name: string }) => Name)).toEqual([
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesCommonRuleSet',
      'AWSManagedRulesKnownBadInputsRuleSet',
    ]);
    for (const { Name, ActionToUse } of managed[1].RuleActionOverrides) {
      expect([Name, ActionToUse]).toEqual([expect.stringMatching(/_BODY$/), { Count: {} }]);
    }
    expect(new Set(rulesOf(reference.stack).map(({ Priority }: { Priority: number }) => Priority)).size).toBe(5);
  });
});

describe('logs', () => {
  test('are encrypted and kept for a year', () => {
    const groups = properties('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(4);
    for (const group of groups) expect(group).toMatchObject({ RetentionInDays: 365, KmsKeyId: expect.anything() });
    const month = propertiesIn(buildGateway({ logRetention: RetentionDays.ONE_MONTH }).stack)('AWS::Logs::LogGroup');
    for (const group of month) expect(group).toMatchObject({ RetentionInDays: 30 });
  });

  test('of access contain the caller and the status, but no query, path or body', () => {
    const { Format: format } = properties('AWS::ApiGateway::Stage')[0]?.AccessLogSetting;
    const fields = Object.values(JSON.parse(format) as Record<string, string>);
    expect(fields).toEqual(
      expect.arrayContaining(['$context.requestId', '$context.status', '$context.identity.userArn']),
    );
    expect(fields.filter((field) => /query|body|\$context\.path|requestOverride|header/i.test(field))).toEqual([]);
  });

  test('of API Gateway contain errors and no data', () => {
    const [settings] = properties('AWS::ApiGateway::Stage')[0]?.MethodSettings;
    expect(settings).toMatchObject({ LoggingLevel: 'ERROR', DataTraceEnabled: false, MetricsEnabled: true });
    const names = JSON.stringify(properties('AWS::Logs::LogGroup').map(({ LogGroupName }) => LogGroupName));
    expect(names).toMatch(/API-Gateway-Execution-Logs_.*\/v1/);
    const stage = Object.values(template.findResources('AWS::ApiGateway::Stage'))[0];
    expect(stage?.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/ExecutionLogs/)]));
  });

  test('of the firewall contain no bodies, rule matches, queries or credentials', () => {
    const { DataProtections: protections } = properties('AWS::WAFv2::WebACL')[0]?.DataProtectionConfig;
    expect(protections.map(({ Field: field }: { Field: { FieldType: string } }) => field.FieldType)).toEqual([
      'BODY',
      'QUERY_STRING',
      'SINGLE_HEADER',
    ]);
    for (const protection of protections)
      expect(protection).toMatchObject({ Action: 'SUBSTITUTION', ExcludeRuleMatchDetails: false });
    const [
      {
        LogDestinationConfigs: [destination],
      },
    ] = properties('AWS::WAFv2::LoggingConfiguration') as [{ LogDestinationConfigs: [unknown] }];
    expect(JSON.stringify(destination)).not.toContain(':*');
    expect(JSON.stringify(properties('AWS::WAFv2::WebACL'))).not.toContain('"SampledRequestsEnabled":true');
  });

  test('use a role that the gateway sets by default', () => {
    template.hasResource('AWS::ApiGateway::Account', { DeletionPolicy: 'RetainExceptOnCreate' });
    Template.fromStack(buildGateway({ cloudWatchRole: false }).stack).resourceCountIs('AWS::ApiGateway::Account', 0);
  });
});

describe('the function', () => {
  test('can only invoke its endpoint, apply its guardrail and write its logs', () => {
    const [{ PolicyDocument: document }] = properties('AWS::IAM::ManagedPolicy') as [
      { PolicyDocument: { Statement: { Action: unknown; Resource: unknown }[] } },
    ];
    expect(document.Statement.map(({ Action }) => Action)).toEqual([
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
      'kms:Decrypt',
      'bedrock:ApplyGuardrail',
    ]);
    expect(JSON.stringify(document)).not.toContain('*');
    expect(JSON.stringify(document)).toContain(':endpoint/chat');
  });

  test('gets its endpoint, its limits and the version of its guardrail', () => {
    const variables = properties('AWS::Lambda::Function')[0]?.Environment.Variables;
    expect(variables).toEqual({
      ENDPOINT_NAME: 'chat',
      MAX_BODY_BYTES: '65536',
      STREAMS: 'true',
      WINDOW_CHARACTERS: '1000',
      GUARDRAIL_ID: { 'Fn::GetAtt': [expect.stringMatching(/^GatewayGuardrail/), 'GuardrailId'] },
      GUARDRAIL_VERSION: { 'Fn::GetAtt': [expect.stringMatching(/^GatewayGuardrailVersion/), 'Version'] },
    });
  });

  test('invokes an inference component by its name', () => {
    const { stack } = buildGateway((scope) => ({
      endpoint: InferenceTarget.fromEndpointName(scope, 'fleet', { inferenceComponentName: 'llama' }),
    }));
    const own = propertiesIn(stack);
    expect(own('AWS::Lambda::Function')[0]?.Environment.Variables).toMatchObject({ INFERENCE_COMPONENT_NAME: 'llama' });
    expect(JSON.stringify(own('AWS::IAM::ManagedPolicy'))).toContain(':inference-component/llama');
  });

  test('invokes the selected component of another target', () => {
    const { stack } = buildGateway((scope) => ({
      endpoint: InferenceTarget.component(InferenceTarget.fromEndpointName(scope, 'fleet'), 'mistral'),
    }));
    const own = propertiesIn(stack);
    expect(own('AWS::Lambda::Function')[0]?.Environment.Variables).toMatchObject({
      ENDPOINT_NAME: 'fleet',
      INFERENCE_COMPONENT_NAME: 'mistral',
    });
    expect(JSON.stringify(own('AWS::IAM::ManagedPolicy'))).toContain(':endpoint/fleet');
  });

  test('has no guardrail without screening', () => {
    const { stack, gateway } = buildGateway({ screening: PromptScreening.none() });
    expect(gateway.guardrail).toBeUndefined();
    expect(JSON.stringify(propertiesIn(stack)('AWS::IAM::ManagedPolicy'))).not.toContain('bedrock');
    expect(propertiesIn(stack)('AWS::Bedrock::Guardrail')).toEqual([]);
  });
});

test('keeps keys and logs after the stack is deleted, unless the removal policy is DESTROY', () => {
  for (const type of ['AWS::KMS::Key', 'AWS::Logs::LogGroup']) {
    for (const resource of Object.values(template.findResources(type))) {
      expect(resource).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate' });
    }
  }
  const destroyed = Template.fromStack(buildGateway({ removalPolicy: RemovalPolicy.DESTROY }).stack);
  for (const resource of Object.values(destroyed.findResources('AWS::Logs::LogGroup'))) {
    expect(resource).toMatchObject({ DeletionPolicy: 'Delete' });
  }
  // All APIs of the account write logs with this role.
  destroyed.hasResource('AWS::ApiGateway::Account', { DeletionPolicy: 'RetainExceptOnCreate' });
});

describe('metrics', () => {
  test('identify the API and its firewall by unique names', () => {
    const stack = new Stack(new App(), 'Two');
    for (const id of ['One', 'Other']) new InferenceGateway(stack, id, gatewayProps(new Stack(stack, `${id}Props`)));
    const own = propertiesIn(stack);
    const names = own('AWS::ApiGateway::RestApi').map(({ Name }) => Name);
    const firewalls = own('AWS::WAFv2::WebACL').map(({ VisibilityConfig }) => VisibilityConfig.MetricName);
    expect(new Set(names).size).toBe(2);
    expect(new Set(firewalls).size).toBe(2);
    expect(names[0]).toMatch(/^Two-One-/);
  });

  test('count throttled requests of each API in access logs', () => {
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ $.status = "429" }',
      MetricTransformations: [{ Dimensions: [{ Key: 'ApiId', Value: '$.apiId' }], MetricValue: '1' }],
    });
    const format = JSON.parse(properties('AWS::ApiGateway::Stage')[0]?.AccessLogSetting.Format) as object;
    expect(format).toMatchObject({ apiId: '$context.apiId', status: '$context.status' });
    const { stack, gateway } = buildGateway();
    const share = stack.resolve(gateway.metricThrottledShare().usingMetrics.throttled);
    expect(share).toMatchObject({ metricName: 'ThrottledRequests', dimensions: { ApiId: { Ref: expect.anything() } } });
  });

  test('return the latency at a percentile', () => {
    expect(buildGateway().gateway.metricLatency({ percentile: 50 })).toMatchObject({
      metricName: 'Latency',
      statistic: 'p50',
    });
    expect(problemsOf(errorOf(() => buildGateway().gateway.metricLatency({ percentile: '99' as never })))).toEqual([
      'PropType percentile',
    ]);
  });
});
