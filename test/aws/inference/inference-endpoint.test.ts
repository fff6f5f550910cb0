import { App, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  AwsMachine,
  DataBucket,
  EndpointKind,
  EndpointRouting,
  EndpointUpdate,
  ModelArtifact,
  ServingContainer,
} from 'ai-infra-constructs/aws';
import { errorOf, type Json, problemsOf, REGION } from '../support';
import {
  answersIn,
  artifactIn,
  chatLoad,
  DIGEST,
  endpointIn,
  IMAGE,
  modelIn,
  modelsIn,
  ownImage,
  synthEndpoint,
  type SynthesizedEndpoint,
} from './endpoint-support';

const NAME = 'test-chat-84d0d650';

const variantOf = ({ properties }: SynthesizedEndpoint): Json =>
  properties('AWS::SageMaker::EndpointConfig')[0].ProductionVariants[0];
const policiesOf = ({ properties }: SynthesizedEndpoint): Json[] =>
  properties('AWS::ApplicationAutoScaling::ScalingPolicy');

describe('components', () => {
  const built = synthEndpoint((stack) => ({
    models: {
      chat: modelIn(stack, { accelerators: 2, memoryGiB: 48 }),
      embed: modelIn(stack, { accelerators: 1, artifact: artifactIn(stack, { sizeGB: 2 }) }),
    },
    machine: AwsMachine.G6E_12XLARGE,
    scaling: { minimum: 2, maximum: 6, target: 20 },
  }));

  test('share a fleet whose limits hold all copies', () => {
    expect(variantOf(built)).toEqual({
      VariantName: 'fleet',
      InstanceType: 'ml.g6e.12xlarge',
      // 2 × 2 + 2 × 1 accelerators of 4 at least; 6 copies by twos and 6 by fours at most.
      InitialInstanceCount: 2,
      ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 2, MaxInstanceCount: 5 },
      RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
    });
  });

  test('leave role, network and isolation to the configuration, and no model to its variant', () => {
    expect(built.properties('AWS::SageMaker::EndpointConfig')[0]).toMatchObject({
      ExecutionRoleArn: built.stack.resolve(built.endpoint.role.roleArn),
      EnableNetworkIsolation: true,
    });
  });

  test('take accelerators and memory of the host, by their own number or half of their share', () => {
    const [chat, embed] = built.properties('AWS::SageMaker::InferenceComponent');
    expect(chat.Specification.ComputeResourceRequirements).toEqual({
      NumberOfAcceleratorDevicesRequired: 2,
      MinMemoryRequiredInMb: 48 * 1024,
    });
    expect(embed.Specification.ComputeResourceRequirements).toEqual({
      NumberOfAcceleratorDevicesRequired: 1,
      MinMemoryRequiredInMb: (384 / 4 / 2) * 1024,
    });
    expect(chat).toMatchObject({ InferenceComponentName: `${NAME}-chat`, RuntimeConfig: { CopyCount: 2 } });
  });

  test('scale by requests at once of each copy, seen every ten seconds', () => {
    built.template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ResourceId: `inference-component/${NAME}-embed`,
      ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
      MinCapacity: 2,
      MaxCapacity: 6,
    });
    expect(policiesOf(built)).toHaveLength(2);
    for (const { TargetTrackingScalingPolicyConfiguration: tracked } of policiesOf(built)) {
      expect(tracked).toMatchObject({
        TargetValue: 20,
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
        },
      });
    }
    expect(built.endpoint.scaling.chat?.wakeUp).toBeUndefined();
  });

  test('are updated in batches, which their own alarms roll back', () => {
    const [, embed] = built.properties('AWS::SageMaker::InferenceComponent');
    expect(embed.DeploymentConfig).toEqual({
      RollingUpdatePolicy: {
        MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 50 },
        WaitIntervalInSeconds: 300,
      },
      AutoRollbackConfiguration: {
        Alarms: [{ AlarmName: built.stack.resolve(built.endpoint.alarms.embed!.errors.alarmName) }],
      },
    });
    expect(built.properties('AWS::SageMaker::Endpoint')[0]).toMatchObject({ RetainAllVariantProperties: true });
    expect(built.properties('AWS::SageMaker::Endpoint')[0].DeploymentConfig).toBeUndefined();
  });

  test('write logs of their own, encrypted', () => {
    built.template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: `/aws/sagemaker/InferenceComponents/${NAME}-chat`,
      KmsKeyId: Match.anyValue(),
      RetentionInDays: 365,
    });
  });

  test('keep image and model on their instances, unless that is not wanted', () => {
    const uncached = synthEndpoint({ kind: EndpointKind.components({ cached: false }) });
    const caching = ({ properties }: SynthesizedEndpoint) =>
      properties('AWS::SageMaker::InferenceComponent')[0].Specification.DataCacheConfig;
    expect([caching(built), caching(uncached)]).toEqual([{ EnableCaching: true }, { EnableCaching: false }]);
  });

  test('that scale to zero are woken by the first failure, to exactly one copy', () => {
    const asleep = synthEndpoint({ scaling: { minimum: 0, maximum: 3 } });
    expect(variantOf(asleep)).toMatchObject({
      InitialInstanceCount: 1,
      ManagedInstanceScaling: { MinInstanceCount: 0, MaxInstanceCount: 3 },
    });
    const step = policiesOf(asleep).find(({ PolicyType }) => PolicyType === 'StepScaling');
    expect(step.StepScalingPolicyConfiguration).toMatchObject({
      AdjustmentType: 'ExactCapacity',
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    });
    asleep.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'NoCapacityInvocationFailures',
      Namespace: 'AWS/SageMaker',
      Dimensions: [{ Name: 'InferenceComponentName', Value: `${NAME}-chat` }],
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('Scaling') }],
    });
  });

  test('come after their endpoint, and what scales them after both', () => {
    const dependsOn = (type: string) =>
      Object.values(built.template.findResources(type)).flatMap((one) => (one as Json).DependsOn as string[]);
    const endpoint = Object.keys(built.template.findResources('AWS::SageMaker::Endpoint'))[0];
    expect(dependsOn('AWS::SageMaker::InferenceComponent')).toContain(endpoint);
    expect(dependsOn('AWS::ApplicationAutoScaling::ScalableTarget')).toEqual(
      Object.keys(built.template.findResources('AWS::SageMaker::InferenceComponent')),
    );
  });
});

describe('variants', () => {
  const built = synthEndpoint((stack) => ({
    kind: EndpointKind.variants(),
    models: { stable: modelIn(stack, { weight: 9 }), trial: modelIn(stack) },
    scaling: { minimum: 2, maximum: 4 },
    routing: EndpointRouting.prefixAware({ prefixLength: 2048 }),
  }));

  test('have instances of their own and share requests by weight', () => {
    const variants = built.properties('AWS::SageMaker::EndpointConfig')[0].ProductionVariants as Json[];
    expect(variants.map(({ VariantName, InitialVariantWeight }) => [VariantName, InitialVariantWeight])).toEqual([
      ['stable', 9],
      ['trial', 1],
    ]);
    expect(variants[0]).toMatchObject({
      InitialInstanceCount: 2,
      ModelDataDownloadTimeoutInSeconds: 300,
      ContainerStartupHealthCheckTimeoutInSeconds: 720,
      RoutingConfig: {
        RoutingStrategy: 'PREFIX_AWARE',
        PrefixAwareRoutingConfig: { PrefixLength: 2048, ConcurrencyThreshold: 16 },
      },
    });
  });

  test('scale by requests at once of each instance', () => {
    built.template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ResourceId: `endpoint/${NAME}/variant/trial`,
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
    });
    expect(policiesOf(built)[0].TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification).toEqual({
      PredefinedMetricType: 'SageMakerVariantConcurrentRequestsPerModelHighResolution',
    });
  });

  test('that are several are replaced by a new fleet, which is watched before the old one goes', () => {
    expect(built.properties('AWS::SageMaker::Endpoint')[0].DeploymentConfig).toMatchObject({
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 300 },
        TerminationWaitInSeconds: 300,
      },
      AutoRollbackConfiguration: {
        Alarms: [{ AlarmName: expect.anything() as unknown }, { AlarmName: expect.anything() as unknown }],
      },
    });
  });

  test.each([
    [EndpointUpdate.canary(), { Type: 'CANARY', CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 } }],
    [
      EndpointUpdate.linear({ percent: 25, watch: Duration.minutes(10) }),
      { Type: 'LINEAR', LinearStepSize: { Value: 25 }, WaitIntervalInSeconds: 600 },
    ],
  ])('are updated as it was chosen', (update, steps) => {
    const { properties } = synthEndpoint({ kind: EndpointKind.variants(), update });
    const [{ DeploymentConfig }] = properties('AWS::SageMaker::Endpoint') as [Json];
    expect(DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration).toMatchObject(steps);
  });

  test('that are one of two instances or more are updated in batches', () => {
    const { properties } = synthEndpoint({ kind: EndpointKind.variants(), scaling: { minimum: 2 } });
    const [{ DeploymentConfig }] = properties('AWS::SageMaker::Endpoint') as [Json];
    expect(DeploymentConfig.RollingUpdatePolicy.MaximumBatchSize).toEqual({ Type: 'CAPACITY_PERCENT', Value: 50 });
  });

  test('write into one log group', () => {
    expect(built.properties('AWS::Logs::LogGroup').map(({ LogGroupName }) => LogGroupName)).toEqual([
      `/aws/sagemaker/Endpoints/${NAME}`,
    ]);
  });
});

describe('an asynchronous endpoint', () => {
  const built = synthEndpoint((stack) => ({
    kind: EndpointKind.asynchronous({ output: answersIn(stack), concurrencyPerInstance: 4 }),
    scaling: { minimum: 0, maximum: 5 },
  }));

  test('answers into its bucket under its key, and tells of answers and failures on an encrypted topic', () => {
    const [config] = built.properties('AWS::SageMaker::EndpointConfig');
    const topic = built.stack.resolve(built.endpoint.notifications!.topicArn) as unknown;
    expect(config.AsyncInferenceConfig).toMatchObject({
      ClientConfig: { MaxConcurrentInvocationsPerInstance: 4 },
      OutputConfig: {
        KmsKeyId: expect.anything() as unknown,
        NotificationConfig: { SuccessTopic: topic, ErrorTopic: topic },
      },
    });
    built.template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
  });

  test('scales by what waits for each instance, and by nothing else', () => {
    const tracked = policiesOf(built).filter(({ PolicyType }) => PolicyType === 'TargetTrackingScaling');
    expect(
      tracked.map((one: Json) => one.TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification),
    ).toEqual([
      {
        MetricName: 'ApproximateBacklogSizePerInstance',
        Namespace: 'AWS/SageMaker',
        Dimensions: [{ Name: 'EndpointName', Value: NAME }],
        Statistic: 'Average',
      },
    ]);
  });

  test('is woken from zero by what waits there', () => {
    built.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'HasBacklogWithoutCapacity',
      Dimensions: [{ Name: 'EndpointName', Value: NAME }],
      AlarmActions: [Match.anyValue()],
    });
    expect(variantOf(built)).toMatchObject({ InitialInstanceCount: 1 });
    expect(variantOf(built).RoutingConfig).toBeUndefined();
  });

  test('lets its role read requests, write answers and failures, and publish', () => {
    const [policy] = built.properties('AWS::IAM::ManagedPolicy');
    const actions = (policy.PolicyDocument.Statement as Json[]).flatMap(({ Action }) => Action as string[]);
    expect(actions).toEqual(expect.arrayContaining(['s3:PutObject', 's3:AbortMultipartUpload', 'sns:Publish']));
  });

  test('uses a topic and buckets that exist, and prefixes of one’s own', () => {
    const { properties, endpoint, stack } = synthEndpoint((at) => ({
      kind: EndpointKind.asynchronous({
        output: answersIn(at),
        input: new DataBucket(at, 'Requests'),
        outputPrefix: 'out/',
        failurePrefix: 'bad/',
        topic: new Topic(at, 'Ours'),
      }),
    }));
    expect(endpoint.node.tryFindChild('Notifications')).toBeUndefined();
    const [config] = properties('AWS::SageMaker::EndpointConfig');
    expect(JSON.stringify(config.AsyncInferenceConfig)).toMatch(/\/out\/.*|\/bad\//);
    expect(stack.resolve(endpoint.notifications!.topicArn)).toEqual({ Ref: 'OursE5FAB774' });
  });
});

describe('a serverless endpoint', () => {
  test('has memory and concurrency in place of instances, and neither scaling nor updates of its own', () => {
    const built = synthEndpoint((stack) => ({
      kind: EndpointKind.serverless({ memoryMiB: 4096, maxConcurrency: 20, provisionedConcurrency: 2 }),
      machine: undefined,
      models: {
        rank: {
          container: ServingContainer.tensorFlowServing({ image: IMAGE }),
          artifact: archiveIn(stack),
        },
      },
    }));
    expect(variantOf(built)).toMatchObject({
      ServerlessConfig: { MemorySizeInMB: 4096, MaxConcurrency: 20, ProvisionedConcurrency: 2 },
    });
    expect(variantOf(built).InstanceType).toBeUndefined();
    expect(built.properties('AWS::SageMaker::Model')[0]).toMatchObject({
      PrimaryContainer: { ModelDataUrl: 's3://atlas-models/rank/v1.tar.gz' },
      EnableNetworkIsolation: false,
    });
    const [endpoint] = built.properties('AWS::SageMaker::Endpoint');
    expect([endpoint.DeploymentConfig, endpoint.RetainAllVariantProperties]).toEqual([undefined, undefined]);
    expect(built.properties('AWS::ApplicationAutoScaling::ScalableTarget')).toEqual([]);
  });
});

function archiveIn(stack: Stack): ModelArtifact {
  return ModelArtifact.archive({
    bucket: modelsIn(stack),
    key: 'rank/v1.tar.gz',
    version: 'v1',
    sha256: DIGEST,
    sizeGB: 1,
  });
}

describe('a model', () => {
  test('is read by the role alone: its own place, and nothing else of the bucket', () => {
    const built = synthEndpoint((stack) => {
      const bucket = new DataBucket(stack, 'Weights');
      return { models: { chat: modelIn(stack, { artifact: artifactIn(stack, { bucket }) }) } };
    });
    const [policy] = built.properties('AWS::IAM::ManagedPolicy');
    const statements = policy.PolicyDocument.Statement as Json[];
    const reading = statements.filter(({ Action }) => [Action as string | string[]].flat()[0]?.startsWith('s3:'));
    expect(reading).toEqual([
      {
        Action: 's3:GetObject',
        Effect: 'Allow',
        Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.any(String), 'Arn'] }, '/llama-8b/v3/*']] },
      },
      expect.objectContaining({
        Action: 's3:ListBucket',
        Condition: { StringLike: { 's3:prefix': ['llama-8b/v3/*'] } },
      }),
    ]);
    expect(statements).toContainEqual(expect.objectContaining({ Action: 'kms:Decrypt' }));
  });

  test('carries its version and digest as tags', () => {
    expect(synthEndpoint().properties('AWS::SageMaker::Model')[0].Tags).toEqual([
      { Key: 'model-sha256', Value: DIGEST },
      { Key: 'model-version', Value: 'v3' },
    ]);
  });

  test('may be one archive, which SageMaker unpacks', () => {
    const { properties } = synthEndpoint((stack) => ({
      models: { rank: modelIn(stack, { artifact: archiveIn(stack) }) },
    }));
    expect(properties('AWS::SageMaker::Model')[0].PrimaryContainer.ModelDataUrl).toBe(
      's3://atlas-models/rank/v1.tar.gz',
    );
  });

  test('comes as an image of AWS by the account of its region, or as one’s own by its digest', () => {
    const ours = synthEndpoint((stack) => ({
      models: { chat: modelIn(stack, { container: ServingContainer.of({ image: ownImage(stack) }) }) },
    }));
    const image = ({ properties }: SynthesizedEndpoint) =>
      JSON.stringify(properties('AWS::SageMaker::Model')[0].PrimaryContainer.Image);
    expect(image(synthEndpoint())).toContain('763104351884.dkr.ecr.us-east-1.');
    expect(image(ours)).toContain(`/serving@sha256:${DIGEST}`);
  });

  test.each([
    ['a small one on a slow network', AwsMachine.G6E_XLARGE, 16, { download: 300, startup: 720 }],
    ['a large one on a slow network', AwsMachine.G6E_XLARGE, 40, { download: 540, startup: 780 }],
    ['a large one on a fast network', AwsMachine.P5_48XLARGE, 140, { download: 300, startup: 1200 }],
  ])('is waited for twice as long as its size takes: %s', (_, machine, sizeGB, times) => {
    const { properties } = synthEndpoint((stack) => ({
      machine,
      models: { chat: modelIn(stack, { artifact: artifactIn(stack, { sizeGB }) }) },
    }));
    expect(properties('AWS::SageMaker::InferenceComponent')[0].Specification.StartupParameters).toEqual({
      ModelDataDownloadTimeoutInSeconds: times.download,
      ContainerStartupHealthCheckTimeoutInSeconds: times.startup,
    });
  });

  test('is waited for as long as was stated', () => {
    const { properties } = synthEndpoint((stack) => ({
      models: { chat: modelIn(stack, { downloadTimeout: Duration.minutes(7), startupTimeout: Duration.hours(1) }) },
    }));
    expect(properties('AWS::SageMaker::InferenceComponent')[0].Specification.StartupParameters).toEqual({
      ModelDataDownloadTimeoutInSeconds: 420,
      ContainerStartupHealthCheckTimeoutInSeconds: 3600,
    });
  });
});

describe('volumes', () => {
  test('of Inferentia2 are encrypted under a key, and hold the model', () => {
    const built = synthEndpoint((stack) => ({
      machine: AwsMachine.INF2_48XLARGE,
      models: {
        chat: modelIn(stack, {
          container: ServingContainer.lmi({ image: IMAGE }),
          artifact: artifactIn(stack, { sizeGB: 140 }),
        }),
      },
    }));
    expect(built.properties('AWS::SageMaker::EndpointConfig')[0].KmsKeyId).toBeDefined();
    expect(variantOf(built).VolumeSizeInGB).toBe(30 + 1.2 * 140);
  });

  test('take a key that exists', () => {
    const { endpoint, properties } = synthEndpoint((stack) => ({
      machine: AwsMachine.INF2_48XLARGE,
      models: { chat: modelIn(stack, { container: ServingContainer.lmi({ image: IMAGE }) }) },
      encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/0a'),
    }));
    expect(endpoint.node.tryFindChild('VolumeKey')).toBeUndefined();
    expect(properties('AWS::SageMaker::EndpointConfig')[0].KmsKeyId).toBe('arn:aws:kms:us-east-1:111122223333:key/0a');
  });

  test('of machines with local disks take neither key nor size', () => {
    const built = synthEndpoint();
    expect(built.properties('AWS::SageMaker::EndpointConfig')[0].KmsKeyId).toBeUndefined();
    expect(variantOf(built).VolumeSizeInGB).toBeUndefined();
  });
});

describe('a network', () => {
  const network = (stack: Stack) => ({
    vpc: new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'] }),
  });

  test('lets nothing in, and HTTPS out', () => {
    const { template, properties } = synthEndpoint(network);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443, IpProtocol: 'tcp' }],
      SecurityGroupIngress: Match.absent(),
    });
    const [config] = properties('AWS::SageMaker::EndpointConfig');
    expect(properties('AWS::SageMaker::Model')[0].VpcConfig).toEqual(config.VpcConfig);
    const actions = JSON.stringify(properties('AWS::IAM::ManagedPolicy')[0]);
    expect(actions).toContain('ec2:CreateNetworkInterfacePermission');
  });

  test('is none by default, with containers that reach nothing', () => {
    const { properties } = synthEndpoint();
    expect(properties('AWS::SageMaker::Model')[0]).toMatchObject({ EnableNetworkIsolation: true });
    expect(properties('AWS::EC2::SecurityGroup')).toEqual([]);
  });
});

test('requests are captured into a bucket, under its key, by a role that may write there', () => {
  const { properties } = synthEndpoint((stack) => ({
    kind: EndpointKind.variants(),
    dataCapture: { bucket: new DataBucket(stack, 'Captured'), percent: 25, prefix: 'chat/' },
  }));
  const [config] = properties('AWS::SageMaker::EndpointConfig');
  expect(config.DataCaptureConfig).toMatchObject({
    EnableCapture: true,
    InitialSamplingPercentage: 25,
    CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
    KmsKeyId: expect.anything() as unknown,
  });
  expect(JSON.stringify(properties('AWS::IAM::ManagedPolicy')[0])).toContain('/chat/*');
});

test('limits follow the clock', () => {
  const { template } = synthEndpoint({
    scaling: {
      minimum: 1,
      maximum: 4,
      scaleInCooldown: Duration.minutes(20),
      schedule: [
        { name: 'Day', at: Schedule.cron({ hour: '7', minute: '0' }), minimum: 2, timeZone: TimeZone.EUROPE_ZURICH },
        { name: 'Night', at: Schedule.cron({ hour: '20', minute: '0' }), minimum: 0, maximum: 2 },
      ],
    },
  });
  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
    ScheduledActions: [
      {
        ScheduledActionName: 'Day',
        Schedule: 'cron(0 7 * * ? *)',
        Timezone: 'Europe/Zurich',
        ScalableTargetAction: { MinCapacity: 2 },
      },
      { ScheduledActionName: 'Night', ScalableTargetAction: { MinCapacity: 0, MaxCapacity: 2 } },
    ],
  });
  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
    TargetTrackingScalingPolicyConfiguration: { ScaleInCooldown: 1200, ScaleOutCooldown: 60 },
  });
  // Zero by night needs someone to wake it.
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'NoCapacityInvocationFailures' });
});

test('a fleet goes as far as the clock lets its copies go', () => {
  const schedule = [
    { name: 'Day', at: Schedule.cron({ hour: '7' }), maximum: 9 },
    { name: 'Night', at: Schedule.cron({ hour: '20' }), minimum: 0 },
  ];
  const built = synthEndpoint({ scaling: { minimum: 1, maximum: 2, schedule } });
  expect(variantOf(built).ManagedInstanceScaling).toEqual({
    Status: 'ENABLED',
    MinInstanceCount: 0,
    MaxInstanceCount: 9,
  });
});

describe('alarms', () => {
  test('are of failures, and of the latency that was promised for a whole answer', () => {
    const { template, endpoint } = synthEndpoint({ load: chatLoad() });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ModelLatency',
      ExtendedStatistic: 'p99',
      // 2000 ms and 200 tokens of 100 ms, in microseconds.
      Threshold: 22_000_000,
    });
    expect(endpoint.alarms.chat?.all).toHaveLength(2);
    expect(synthEndpoint().endpoint.alarms.chat?.latency).toBeUndefined();
  });

  test('speak on a topic', () => {
    const { properties } = synthEndpoint((stack) => ({ alarmTopic: new Topic(stack, 'Oncall') }));
    expect(properties('AWS::CloudWatch::Alarm')[0].AlarmActions).toEqual([{ Ref: 'Oncall395376BB' }]);
  });
});

describe('grants', () => {
  const statementsOf = ({ properties }: SynthesizedEndpoint) =>
    properties('AWS::IAM::Policy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Json[]);

  test('let someone invoke the endpoint and its components, also as a stream', () => {
    const stack = new Stack(new App(), 'Test', REGION);
    const endpoint = endpointIn(stack);
    const caller = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    endpoint.grantInvoke(caller);
    const [statement] = statementsOf({ properties: propertiesOf(stack) } as SynthesizedEndpoint);
    expect(statement.Action).toEqual(['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream']);
    expect(JSON.stringify(statement.Resource)).toMatch(
      new RegExp(`sagemaker:us-east-1:111122223333:endpoint/${NAME}".*inference-component/${NAME}-chat"`),
    );
  });

  test('of an asynchronous endpoint include putting requests and reading answers', () => {
    const stack = new Stack(new App(), 'Test', REGION);
    const endpoint = endpointIn(stack, (at) => ({ kind: EndpointKind.asynchronous({ output: answersIn(at) }) }));
    endpoint.grantInvoke(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    const statements = statementsOf({ properties: propertiesOf(stack) } as SynthesizedEndpoint);
    expect(statements.flatMap(({ Action }) => Action as string[])).toEqual(
      expect.arrayContaining(['sagemaker:InvokeEndpointAsync', 's3:PutObject', 's3:GetObject*']),
    );
  });
});

function propertiesOf(stack: Stack): (type: string) => Json[] {
  const { Resources } = (App.of(stack) as App).synth().getStackByName(stack.stackName).template as { Resources: Json };
  return (type) =>
    Object.values(Resources as Record<string, Json>)
      .filter(({ Type }) => Type === type)
      .map(({ Properties }) => Properties);
}

describe('metrics', () => {
  const { endpoint, stack } = synthEndpoint((at) => ({ models: { chat: modelIn(at), embed: modelIn(at) } }));
  const json = (metric: object) => stack.resolve((metric as Json).toMetricConfig().metricStat ?? {});

  test('are those of the component that is named, or of the first', () => {
    expect(json(endpoint.metricInvocations('embed'))).toMatchObject({
      metricName: 'Invocations',
      dimensions: [{ name: 'InferenceComponentName', value: `${NAME}-embed` }],
    });
    expect(json(endpoint.metricLatency(50)).dimensions[0].value).toBe(`${NAME}-chat`);
    expect(json(endpoint.metricAcceleratorUse()).namespace).toBe('/aws/sagemaker/InferenceComponents');
  });

  test('are those of the variant where there are no components', () => {
    const variants = synthEndpoint({ kind: EndpointKind.variants() }).endpoint;
    expect(json(variants.metricConcurrency())).toMatchObject({
      metricName: 'ConcurrentRequestsPerModel',
      dimensions: [
        { name: 'EndpointName', value: NAME },
        { name: 'VariantName', value: 'chat' },
      ],
    });
    expect(json(variants.metricAcceleratorMemory())).toMatchObject({
      metricName: 'GPUMemoryUtilization',
      namespace: '/aws/sagemaker/Endpoints',
    });
  });

  test('of a model that is not there are refused', () => {
    expect(problemsOf(errorOf(() => endpoint.metricInvocations('chatt')))).toEqual(['ServedModels model']);
  });
});

test('takes a role that exists, and adds its rights to it', () => {
  const { endpoint, properties } = synthEndpoint((stack) => ({
    role: Role.fromRoleName(stack, 'Ours', 'serving'),
  }));
  expect(endpoint.access.node.tryFindChild('Resource')).toBeUndefined();
  expect(properties('AWS::IAM::ManagedPolicy')[0].Roles).toEqual(['serving']);
});

test('has the name that it is given, and the system that its containers need', () => {
  const built = synthEndpoint({
    endpointName: 'chat-prod',
    inferenceAmi: 'al2023-ami-sagemaker-inference-gpu-4-1',
  });
  expect(built.properties('AWS::SageMaker::Endpoint')[0].EndpointName).toBe('chat-prod');
  expect(variantOf(built).InferenceAmiVersion).toBe('al2023-ami-sagemaker-inference-gpu-4-1');
});
