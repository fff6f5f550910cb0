import { join } from 'node:path';
import { App, type CfnElement, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { findingsOf } from 'ai-infra-constructs';
import {
  AwsMachine,
  EndpointKind,
  GatewayExposure,
  InferenceEndpoint,
  RealtimeInferencePlatform,
  type RealtimeInferencePlatformProps,
  RealtimeServing,
  ResponseMode,
  ServingContainer,
} from 'ai-infra-constructs/aws';
import { errorOf, expectGoldenIds, problemsOf, REGION } from '../support';
import { answersIn, chatLoad, IMAGE, modelIn, ownImage } from './endpoint-support';
import { type Change, COST, platform, PUBLIC } from './platform';

/** Types whose replacement loses data, or a name that others know. */
const STATEFUL = [
  'AWS::KMS::Key',
  'AWS::EC2::VPC',
  'AWS::EC2::Subnet',
  'AWS::Logs::LogGroup',
  'AWS::SNS::Topic',
  'AWS::SageMaker::Endpoint',
  'AWS::SageMaker::InferenceComponent',
  'AWS::ApplicationAutoScaling::ScalableTarget',
];

describe('the reference platform', () => {
  const { stack, platform: built } = platform();
  const template = Template.fromStack(stack);

  test('keeps the logical ids of stateful and named resources', () => {
    expectGoldenIds(template, STATEFUL, join(__dirname, 'realtime-inference-platform.golden.json'));
  });

  test('keeps the name of the endpoint', () => {
    expect(built.endpoint.endpointName).toBe('inference-platform-endpoint-349063eb');
  });

  test('creates a VPC with an interface endpoint for callers', () => {
    template.hasResourceProperties('AWS::SageMaker::Model', {
      VpcConfig: { SecurityGroupIds: [Match.anyValue()], Subnets: [Match.anyValue(), Match.anyValue()] },
      EnableNetworkIsolation: true,
    });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: 'com.amazonaws.us-east-1.sagemaker.runtime',
    });
  });

  test('tags the resources that SageMaker bills', () => {
    for (const type of ['Endpoint', 'EndpointConfig', 'Model', 'InferenceComponent']) {
      template.allResourcesProperties(`AWS::SageMaker::${type}`, {
        Tags: Match.arrayWith([{ Key: 'cost-center', Value: 'R-17' }]),
      });
    }
  });

  test('sends alarms for errors, latency and saturation, and the budget alerts, to one topic', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    const topic = stack.resolve(built.alerts.topic.topicArn) as unknown;
    expect(alarms.map(({ AlarmActions }) => AlarmActions)).toEqual([[topic], [topic], [topic]]);
    expect(Object.keys(built.observability.saturation)).toEqual(['chat']);
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetLimit: { Amount: 12_000, Unit: 'USD' }, CostFilters: { TagKeyValue: ['user:project$atlas'] } },
    });
  });

  test('alarms if each copy has twice the target concurrency for 15 minutes', () => {
    const [target] = Object.values(built.endpoint.targets);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ConcurrentRequestsPerCopy',
      Threshold: 2 * target!,
      EvaluationPeriods: 15,
    });
  });

  test('shows requests, errors, latency, concurrency and GPUs on the dashboard', () => {
    const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(dashboard);
    for (const metric of [
      'Invocations',
      'Invocation5XXErrors',
      'ModelLatency',
      'ConcurrentRequestsPerCopy',
      'GPUMemoryUtilizationNormalized',
    ]) {
      expect(body).toContain(metric);
    }
  });

  test('shows no GPU metrics for a machine without GPUs', () => {
    const { stack: neuron } = platform((at) => ({
      machine: AwsMachine.INF2_48XLARGE,
      load: undefined,
      models: { chat: modelIn(at, { container: ServingContainer.lmi({ image: IMAGE }) }) },
    }));
    const [dashboard] = Object.values(Template.fromStack(neuron).findResources('AWS::CloudWatch::Dashboard'));
    expect(JSON.stringify(dashboard)).toContain('Invocations');
    expect(JSON.stringify(dashboard)).not.toContain('GPU');
  });

  test('records only the missing measurement as an open warning', () => {
    const open = findingsOf(stack).filter(({ level, acknowledged }) => level === 'warning' && !acknowledged);
    expect(open.map(({ id }) => id)).toEqual(['evidence/no-measurement']);
  });
});

describe('the budget', () => {
  test('records a finding if the planned instances cost more', () => {
    const { stack } = platform(() => ({ monthlyBudgetUsd: 1_000 }));
    const found = findingsOf(stack).find(({ id }) => id === 'cost/budget');
    expect(found?.message).toMatch(/cost about 6132 USD per month, more than the budget of 1000 USD/);
  });

  test('does not exist in a partition without AWS Budgets', () => {
    const stack = new Stack(new App(), 'Inference', { env: { account: '111122223333', region: 'us-gov-west-1' } });
    const { budget } = new RealtimeInferencePlatform(stack, 'Platform', {
      serving: RealtimeServing.sageMaker({
        models: { chat: modelIn(stack, { container: ServingContainer.of({ image: ownImage(stack) }) }) },
        machine: AwsMachine.G6E_2XLARGE,
      }),
      costAllocation: COST,
      monthlyBudgetUsd: 1,
      availabilityZones: ['us-gov-west-1a', 'us-gov-west-1b'],
    });
    expect(budget).toBeUndefined();
    expect(findingsOf(stack).map(({ id }) => id)).toContain('cost/no-budget');
  });
});

describe('the gateway', () => {
  test('does not exist by default', () => {
    const { stack, platform: built } = platform();
    expect(built.gateway).toBeUndefined();
    expect(built.observability.gatewayAlarms).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::ApiGateway::RestApi', 0);
  });

  test('invokes the only model, and is the only principal that can', () => {
    const { stack, platform: built } = platform(() => ({ gateway: PUBLIC }));
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          ENDPOINT_NAME: built.endpoint.endpointName,
          INFERENCE_COMPONENT_NAME: built.endpoint.components.chat!.componentName,
        }),
      },
    });
    const invoking = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).filter((policy) =>
      JSON.stringify(policy).includes('sagemaker:InvokeEndpoint'),
    );
    expect(invoking.map(({ Properties }) => Properties.Roles)).toEqual([
      [{ Ref: expect.stringMatching(/GatewayInvocationHandlerRole/) }],
    ]);
  });

  test('invokes the named one of several models', () => {
    const { platform: built, stack } = platform((at) => ({
      machine: AwsMachine.G6E_12XLARGE,
      load: undefined,
      models: { chat: modelIn(at, { accelerators: 2 }), embed: modelIn(at, { accelerators: 1 }) },
      gateway: { ...PUBLIC, model: 'embed' },
    }));
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({ INFERENCE_COMPONENT_NAME: built.endpoint.components.embed!.componentName }),
      },
    });
  });

  test('sends alarms for errors, rejections, throttling and latency to the topic of the platform', () => {
    const { stack, platform: built } = platform(() => ({ gateway: PUBLIC }));
    const { errors, refused, throttled, latency } = built.observability.gatewayAlarms!;
    const template = Template.fromStack(stack);
    const propertiesOf = (alarm: Alarm) => template.toJSON().Resources[idOf(stack, alarm)].Properties;
    const metricsOf = (alarm: Alarm) => JSON.stringify(propertiesOf(alarm));
    expect(metricsOf(errors)).toContain('5XXError');
    expect(metricsOf(refused)).toContain('4XXError');
    expect(metricsOf(throttled)).toContain('ThrottledRequests');
    for (const alarm of [errors, refused, throttled, latency]) {
      expect(propertiesOf(alarm)).toMatchObject({
        AlarmActions: [stack.resolve(built.alerts.topic.topicArn)],
        TreatMissingData: 'notBreaching',
      });
    }
    // Internet scanners are rejected too, so a few requests do not trigger the alarm.
    for (const alarm of [refused, throttled]) expect(metricsOf(alarm)).toContain('IF(requests >= 10, share, 0)');
    // The load allows 2 s and 200 tokens of 100 ms each. Screening adds 2 s.
    expect(propertiesOf(latency)).toMatchObject({ ExtendedStatistic: 'p99', Threshold: 24_000 });
  });

  test('alarms on latency before requests time out, with and without a target', () => {
    const thresholdOf = (change: Change) => {
      const { stack, platform: built } = platform(() => change);
      const { latency } = built.observability.gatewayAlarms!;
      return Template.fromStack(stack).toJSON().Resources[idOf(stack, latency)].Properties.Threshold as number;
    };
    expect(thresholdOf({ gateway: PUBLIC, load: undefined })).toBe(240_000);
    expect(thresholdOf({ gateway: { ...PUBLIC, responses: ResponseMode.buffered() } })).toBe(23_200);
  });

  test.each<[string, Partial<Change['gateway']>, (string | RegExp)[]]>([
    [
      'allows fewer requests than the load',
      { limits: { requestsPerSecond: 9 } },
      [/9 requests per second, but the load has 10\./],
    ],
    [
      'times out before the latency target of the load',
      { responses: ResponseMode.buffered({ timeout: Duration.seconds(20) }) },
      [/times out after 20 s, .* can take 22 s\./],
    ],
    ['covers the load', { limits: { requestsPerSecond: 10 } }, []],
  ])('records the right findings if it %s', (_, change, expected) => {
    const { stack } = platform(() => ({ gateway: { ...PUBLIC, ...change } }));
    const found = findingsOf(stack).filter(({ id }) => id === 'gateway/below-load');
    expect(found.map(({ message }) => message)).toEqual(expected.map((text) => expect.stringMatching(text)));
  });

  test('has its metrics on the dashboard', () => {
    const { stack } = platform(() => ({ gateway: PUBLIC }));
    const [dashboard] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(dashboard);
    for (const metric of ['5XXError', '4XXError', 'ThrottledRequests', 'Latency', 'Throttles']) {
      expect(body).toContain(`\\"${metric}\\"`);
    }
  });

  test.each<[string, (stack: Stack) => Change, string[]]>([
    [
      'a missing authorization',
      () => ({ gateway: { exposure: GatewayExposure.public() } as never }),
      ['GatewayUnauthenticated gateway.authorization'],
    ],
    [
      'a rate above the account limit, along with the other problems',
      () => ({ monthlyBudgetUsd: -1, gateway: { ...PUBLIC, limits: { requestsPerSecond: 20_000 } } }),
      ['BudgetInvalid monthlyBudgetUsd', 'GatewayLimit gateway.limits.requestsPerSecond'],
    ],
    ['an unknown model', () => ({ gateway: { ...PUBLIC, model: 'embed' } }), ['GatewayEndpoint gateway.model']],
    [
      'several models without a name',
      (at) => ({
        machine: AwsMachine.G6E_12XLARGE,
        load: undefined,
        models: { chat: modelIn(at, { accelerators: 2 }), embed: modelIn(at, { accelerators: 1 }) },
        gateway: PUBLIC,
      }),
      ['GatewayEndpoint gateway.model'],
    ],
    [
      'a model name for variants',
      () => ({ kind: EndpointKind.variants(), gateway: { ...PUBLIC, model: 'chat' } }),
      ['GatewayEndpoint gateway.model'],
    ],
    [
      'an asynchronous endpoint',
      (at) => ({ kind: EndpointKind.asynchronous({ output: answersIn(at) }), load: undefined, gateway: PUBLIC }),
      ['GatewayEndpoint gateway.endpoint'],
    ],
  ])('rejects %s, and creates nothing', (_, change, expected) => {
    const app = new App();
    expect(problemsOf(errorOf(() => platform(change, app)))).toEqual(expected);
    const stack = app.node.findChild('Inference');
    expect(stack.node.findChild('Platform').node.children).toEqual([]);
  });
});

function idOf(stack: Stack, alarm: Alarm): string {
  return stack.getLogicalId(alarm.node.defaultChild as CfnElement);
}

describe('invalid props', () => {
  test('reports missing tags, a wrong budget and a wrong endpoint in one error, and creates nothing', () => {
    const stack = new Stack(new App(), 'Inference', REGION);
    const error = errorOf(
      () =>
        new RealtimeInferencePlatform(stack, 'Platform', {
          serving: RealtimeServing.sageMaker({ models: {} }),
          monthlyBudgetUsd: -1,
          availabilityZones: ['us-east-1a'],
          costAllocation: { ...COST, team: 'a team', costCenter: undefined } as never,
        }),
    );
    expect(problemsOf(error)).toEqual([
      'TagValue costAllocation.team',
      'TagMissing costAllocation.costCenter',
      'BudgetInvalid monthlyBudgetUsd',
      'ServedModels serving.models',
      'ValueMissing serving.machine',
      'ZoneUnknown availabilityZones',
    ]);
    expect(stack.node.tryFindChild('Platform')?.node.children).toEqual([]);
  });
});

test('uses an existing VPC', () => {
  const { platform: built } = platform((stack) => ({
    vpc: new Vpc(stack, 'Ours', { availabilityZones: ['us-east-1a', 'us-east-1b'] }),
    availabilityZones: undefined,
  }));
  expect(built.node.tryFindChild('Vpc')).toBeUndefined();
  expect(built.endpoint.securityGroup).toBeDefined();
});

describe('an existing endpoint', () => {
  const around = { costAllocation: COST, monthlyBudgetUsd: 12_000 };
  const imported = (stack: Stack, isAsynchronous = false) =>
    InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Endpoint', {
      endpointName: 'chat',
      inferenceComponentNames: ['chat-large', 'chat-small'],
      isAsynchronous,
    });

  test('gets a gateway, a dashboard and a budget, but no VPC', () => {
    const stack = new Stack(new App(), 'Inference', REGION);
    const endpoint = imported(stack);
    const built = new RealtimeInferencePlatform(stack, 'Platform', {
      ...around,
      serving: RealtimeServing.fromEndpoint(endpoint),
      load: chatLoad(),
      gateway: { ...PUBLIC, model: 'chat-large' },
    });
    expect(built.endpoint).toBe(endpoint);
    expect([built.vpc, built.observability.saturation]).toEqual([undefined, {}]);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SageMaker::Endpoint', 0);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({ ENDPOINT_NAME: 'chat', INFERENCE_COMPONENT_NAME: 'chat-large' }),
      },
    });
    const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
    expect(JSON.stringify(dashboard)).toContain('chat-small');
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { ExtendedStatistic: 'p99', Threshold: 24_000 });
  });

  test.each<[string, (stack: Stack) => Partial<RealtimeInferencePlatformProps>, string[]]>([
    [
      'a model that it does not serve',
      () => ({ gateway: { ...PUBLIC, model: 'rank' } }),
      ['GatewayEndpoint gateway.model'],
    ],
    [
      'a gateway for asynchronous answers',
      (stack) => ({ serving: RealtimeServing.fromEndpoint(imported(stack, true)), gateway: PUBLIC }),
      ['GatewayEndpoint gateway.endpoint'],
    ],
    [
      'a VPC',
      (stack) => ({ vpc: new Vpc(stack, 'Ours', { availabilityZones: ['us-east-1a', 'us-east-1b'] }) }),
      ['EndpointOption vpc'],
    ],
  ])('rejects %s', (_, change, expected) => {
    const stack = new Stack(new App(), 'Inference', REGION);
    const changed = change(stack);
    const serving = changed.serving ?? RealtimeServing.fromEndpoint(imported(stack));
    const error = errorOf(() => new RealtimeInferencePlatform(stack, 'Platform', { ...around, ...changed, serving }));
    expect(problemsOf(error)).toEqual(expected);
  });
});
