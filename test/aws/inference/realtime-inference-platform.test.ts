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
  RealtimeInferencePlatform,
  ResponseMode,
  ServingContainer,
} from 'ai-infra-constructs/aws';
import { errorOf, expectGoldenIds, problemsOf, REGION } from '../support';
import { answersIn, IMAGE, modelIn, ownImage } from './endpoint-support';
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

describe('the reference', () => {
  const { stack, platform: built } = platform();
  const template = Template.fromStack(stack);

  test('keeps the logical ids of what others know by name, and of what holds state', () => {
    expectGoldenIds(template, STATEFUL, join(__dirname, 'realtime-inference-platform.golden.json'));
  });

  test('keeps the name by which the endpoint is invoked', () => {
    expect(built.endpoint.endpointName).toBe('inference-platform-endpoint-349063eb');
  });

  test('runs in a network of its own, which has a private way to invoke it', () => {
    template.hasResourceProperties('AWS::SageMaker::Model', {
      VpcConfig: { SecurityGroupIds: [Match.anyValue()], Subnets: [Match.anyValue(), Match.anyValue()] },
      EnableNetworkIsolation: true,
    });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: 'com.amazonaws.us-east-1.sagemaker.runtime',
    });
  });

  test('tags what SageMaker bills', () => {
    for (const type of ['Endpoint', 'EndpointConfig', 'Model', 'InferenceComponent']) {
      template.allResourcesProperties(`AWS::SageMaker::${type}`, {
        Tags: Match.arrayWith([{ Key: 'cost-center', Value: 'R-17' }]),
      });
    }
  });

  test('speaks of failures, latency and saturation on one topic, and of the budget', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    const topic = stack.resolve(built.alerts.topic.topicArn) as unknown;
    expect(alarms.map(({ AlarmActions }) => AlarmActions)).toEqual([[topic], [topic], [topic]]);
    expect(Object.keys(built.observability.saturation)).toEqual(['chat']);
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetLimit: { Amount: 12_000, Unit: 'USD' }, CostFilters: { TagKeyValue: ['user:project$atlas'] } },
    });
  });

  test('is saturated where each copy has twice the requests that scaling aims at, for a quarter of an hour', () => {
    const [target] = Object.values(built.endpoint.targets);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ConcurrentRequestsPerCopy',
      Threshold: 2 * target!,
      EvaluationPeriods: 15,
    });
  });

  test('shows requests, failures, time, load and accelerators', () => {
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

  test('shows nothing of GPUs where there are none', () => {
    const { stack: neuron } = platform((at) => ({
      machine: AwsMachine.INF2_48XLARGE,
      load: undefined,
      models: { chat: modelIn(at, { container: ServingContainer.lmi({ image: IMAGE }) }) },
    }));
    const [dashboard] = Object.values(Template.fromStack(neuron).findResources('AWS::CloudWatch::Dashboard'));
    expect(JSON.stringify(dashboard)).toContain('Invocations');
    expect(JSON.stringify(dashboard)).not.toContain('GPU');
  });

  test('doubts nothing but what is not measured', () => {
    const open = findingsOf(stack).filter(({ level, acknowledged }) => level === 'warning' && !acknowledged);
    expect(open.map(({ id }) => id)).toEqual(['evidence/no-measurement']);
  });
});

describe('the budget', () => {
  test('is doubted where the planned instances cost more', () => {
    const { stack } = platform(() => ({ monthlyBudgetUsd: 1_000 }));
    const found = findingsOf(stack).find(({ id }) => id === 'cost/budget');
    expect(found?.message).toMatch(/cost about 2044 US dollars a month, above the budget of 1000/);
  });

  test('is missing where the region has none', () => {
    const stack = new Stack(new App(), 'Inference', { env: { account: '111122223333', region: 'us-gov-west-1' } });
    const { budget } = new RealtimeInferencePlatform(stack, 'Platform', {
      models: { chat: modelIn(stack, { container: ServingContainer.of({ image: ownImage(stack) }) }) },
      machine: AwsMachine.G6E_2XLARGE,
      costAllocation: COST,
      monthlyBudgetUsd: 1,
      availabilityZones: ['us-gov-west-1a', 'us-gov-west-1b'],
    });
    expect(budget).toBeUndefined();
    expect(findingsOf(stack).map(({ id }) => id)).toContain('cost/no-budget');
  });
});

describe('the gateway', () => {
  test('is not there unless it is asked for', () => {
    const { stack, platform: built } = platform();
    expect(built.gateway).toBeUndefined();
    expect(built.observability.gatewayAlarms).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::ApiGateway::RestApi', 0);
  });

  test('stands before the only model, which nobody else may invoke', () => {
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

  test('stands before the one of several models that is named', () => {
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

  test('has alarms on failures, refusals, throttles and latency that speak on the topic of the platform', () => {
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
    // Whoever scans the internet is refused, too: a few requests are no callers.
    for (const alarm of [refused, throttled]) expect(metricsOf(alarm)).toContain('IF(requests >= 10, share, 0)');
    // The load promises 2 s and 200 tokens of 100 ms each; screening has 2 s.
    expect(propertiesOf(latency)).toMatchObject({ ExtendedStatistic: 'p99', Threshold: 24_000 });
  });

  test('is late before it cuts callers off, whatever is promised', () => {
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
      'lets less through than the load',
      { limits: { requestsPerSecond: 9 } },
      [/9 requests a second .* sized for 10\./],
    ],
    [
      'waits shorter than the load promises',
      { responses: ResponseMode.buffered({ timeout: Duration.seconds(20) }) },
      [/waits 20 s, .* may take 22 s\./],
    ],
    ['does neither', { limits: { requestsPerSecond: 10 } }, []],
  ])('is doubted where it %s', (_, change, expected) => {
    const { stack } = platform(() => ({ gateway: { ...PUBLIC, ...change } }));
    const found = findingsOf(stack).filter(({ id }) => id === 'gateway/below-load');
    expect(found.map(({ message }) => message)).toEqual(expected.map((text) => expect.stringMatching(text)));
  });

  test('is on the dashboard', () => {
    const { stack } = platform(() => ({ gateway: PUBLIC }));
    const [dashboard] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(dashboard);
    for (const metric of ['5XXError', '4XXError', 'ThrottledRequests', 'Latency', 'Throttles']) {
      expect(body).toContain(`\\"${metric}\\"`);
    }
  });

  test.each<[string, (stack: Stack) => Change, string[]]>([
    [
      'an open one',
      () => ({ gateway: { exposure: GatewayExposure.public() } as never }),
      ['GatewayUnauthenticated gateway.authorization'],
    ],
    [
      'a rate beyond the account, with all else that is wrong',
      () => ({ monthlyBudgetUsd: -1, gateway: { ...PUBLIC, limits: { requestsPerSecond: 20_000 } } }),
      ['BudgetInvalid monthlyBudgetUsd', 'GatewayLimit gateway.limits.requestsPerSecond'],
    ],
    ['a model that is none', () => ({ gateway: { ...PUBLIC, model: 'embed' } }), ['GatewayEndpoint gateway.model']],
    [
      'several models and none named',
      (at) => ({
        machine: AwsMachine.G6E_12XLARGE,
        load: undefined,
        models: { chat: modelIn(at, { accelerators: 2 }), embed: modelIn(at, { accelerators: 1 }) },
        gateway: PUBLIC,
      }),
      ['GatewayEndpoint gateway.model'],
    ],
    [
      'a model named where variants share requests',
      () => ({ kind: EndpointKind.variants(), gateway: { ...PUBLIC, model: 'chat' } }),
      ['GatewayEndpoint gateway.model'],
    ],
    [
      'an asynchronous endpoint',
      (at) => ({ kind: EndpointKind.asynchronous({ output: answersIn(at) }), load: undefined, gateway: PUBLIC }),
      ['GatewayEndpoint gateway.endpoint'],
    ],
  ])('refuses %s, and makes nothing', (_, change, expected) => {
    const app = new App();
    expect(problemsOf(errorOf(() => platform(change, app)))).toEqual(expected);
    const stack = app.node.findChild('Inference');
    expect(stack.node.findChild('Platform').node.children).toEqual([]);
  });
});

function idOf(stack: Stack, alarm: Alarm): string {
  return stack.getLogicalId(alarm.node.defaultChild as CfnElement);
}

describe('refuses', () => {
  test('missing cost keys, a bad budget and a bad endpoint at once, and makes nothing', () => {
    const stack = new Stack(new App(), 'Inference', REGION);
    const error = errorOf(
      () =>
        new RealtimeInferencePlatform(stack, 'Platform', {
          models: {},
          monthlyBudgetUsd: -1,
          availabilityZones: ['us-east-1a'],
          costAllocation: { ...COST, team: 'a team', costCenter: undefined } as never,
        }),
    );
    expect(problemsOf(error)).toEqual([
      'TagValue costAllocation.team',
      'TagMissing costAllocation.costCenter',
      'BudgetInvalid monthlyBudgetUsd',
      'ServedModels models',
      'ValueMissing machine',
      'ZoneUnknown availabilityZones',
    ]);
    expect(stack.node.tryFindChild('Platform')?.node.children).toEqual([]);
  });
});

test('takes a network that exists', () => {
  const { platform: built } = platform((stack) => ({
    vpc: new Vpc(stack, 'Ours', { availabilityZones: ['us-east-1a', 'us-east-1b'] }),
    availabilityZones: undefined,
  }));
  expect(built.node.tryFindChild('Vpc')).toBeUndefined();
  expect(built.endpoint.securityGroup).toBeDefined();
});
