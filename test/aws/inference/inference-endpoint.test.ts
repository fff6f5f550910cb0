import { App, Duration, Size, Stack, TimeZone } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
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
  InferenceEndpoint,
  InferenceObservability,
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
      chat: modelIn(stack, { accelerators: 2, memory: Size.gibibytes(48) }),
      embed: modelIn(stack, { accelerators: 1, artifact: artifactIn(stack, { sizeGB: 2 }) }),
    },
    machine: AwsMachine.G6E_12XLARGE,
    scaling: { minReplicas: 2, maxReplicas: 6, targetConcurrency: 20 },
  }));

  test('share a fleet that is large enough for all copies', () => {
    expect(variantOf(built)).toEqual({
      VariantName: 'fleet',
      InstanceType: 'ml.g6e.12xlarge',
      // 2 × 2 + 2 × 1 accelerators of 4 at least; 6 copies by twos and 6 by fours at most.
      InitialInstanceCount: 2,
      ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 2, MaxInstanceCount: 5 },
      RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
    });
  });

  test('use the role and the isolation of the endpoint configuration', () => {
    expect(built.properties('AWS::SageMaker::EndpointConfig')[0]).toMatchObject({
      ExecutionRoleArn: built.stack.resolve(built.endpoint.role.roleArn),
      EnableNetworkIsolation: true,
    });
  });

  test('reserve accelerators and host memory, by default half of their share', () => {
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

  test('scale by concurrent requests per copy, measured every ten seconds', () => {
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
    expect(built.endpoint.scaling.chat?.activation).toBeUndefined();
  });

  test('are updated in batches that their alarms roll back', () => {
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

  test('write to separate encrypted log groups', () => {
    built.template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: `/aws/sagemaker/InferenceComponents/${NAME}-chat`,
      KmsKeyId: Match.anyValue(),
      RetentionInDays: 365,
    });
  });

  test('cache the image and the model on their instances, unless caching is off', () => {
    const uncached = synthEndpoint({ kind: EndpointKind.components({ cached: false }) });
    const caching = ({ properties }: SynthesizedEndpoint) =>
      properties('AWS::SageMaker::InferenceComponent')[0].Specification.DataCacheConfig;
    expect([caching(built), caching(uncached)]).toEqual([{ EnableCaching: true }, { EnableCaching: false }]);
  });

  test('scale from zero to exactly one copy after the first failed request', () => {
    const scaled = synthEndpoint({ scaling: { minReplicas: 0, maxReplicas: 3 } });
    expect(variantOf(scaled)).toMatchObject({
      InitialInstanceCount: 1,
      ManagedInstanceScaling: { MinInstanceCount: 0, MaxInstanceCount: 3 },
    });
    const step = policiesOf(scaled).find(({ PolicyType }) => PolicyType === 'StepScaling');
    expect(step.StepScalingPolicyConfiguration).toMatchObject({
      AdjustmentType: 'ExactCapacity',
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    });
    scaled.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'NoCapacityInvocationFailures',
      Namespace: 'AWS/SageMaker',
      Dimensions: [{ Name: 'InferenceComponentName', Value: `${NAME}-chat` }],
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('Scaling') }],
    });
  });

  test('depend on their endpoint, and their scaling depends on them', () => {
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
    scaling: { minReplicas: 2, maxReplicas: 4 },
    routing: EndpointRouting.prefixAware({ prefixLength: 2048 }),
  }));

  test('have separate instances and split requests by weight', () => {
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

  test('scale by concurrent requests per instance', () => {
    built.template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ResourceId: `endpoint/${NAME}/variant/trial`,
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
    });
    expect(policiesOf(built)[0].TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification).toEqual({
      PredefinedMetricType: 'SageMakerVariantConcurrentRequestsPerModelHighResolution',
    });
  });

  test('are replaced by a new fleet if there are several, and alarms watch it before the old one stops', () => {
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
  ])('use the strategy of the props', (update, steps) => {
    const { properties } = synthEndpoint({ kind: EndpointKind.variants(), update });
    const [{ DeploymentConfig }] = properties('AWS::SageMaker::Endpoint') as [Json];
    expect(DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration).toMatchObject(steps);
  });

  test('are updated in batches if there is one variant with two or more instances', () => {
    const { properties } = synthEndpoint({ kind: EndpointKind.variants(), scaling: { minReplicas: 2 } });
    const [{ DeploymentConfig }] = properties('AWS::SageMaker::Endpoint') as [Json];
    expect(DeploymentConfig.RollingUpdatePolicy.MaximumBatchSize).toEqual({ Type: 'CAPACITY_PERCENT', Value: 50 });
  });

  test('write to one log group', () => {
    expect(built.properties('AWS::Logs::LogGroup').map(({ LogGroupName }) => LogGroupName)).toEqual([
      `/aws/sagemaker/Endpoints/${NAME}`,
    ]);
  });
});

describe('an asynchronous endpoint', () => {
  const built = synthEndpoint((stack) => ({
    kind: EndpointKind.asynchronous({ output: answersIn(stack), concurrencyPerInstance: 4 }),
    scaling: { minReplicas: 0, maxReplicas: 5 },
  }));

  test('writes answers to its bucket with its key, and notifies an encrypted topic', () => {
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

  test('scales only by waiting requests per instance', () => {
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

  test('scales from zero if requests wait', () => {
    built.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'HasBacklogWithoutCapacity',
      Dimensions: [{ Name: 'EndpointName', Value: NAME }],
      AlarmActions: [Match.anyValue()],
    });
    expect(variantOf(built)).toMatchObject({ InitialInstanceCount: 1 });
    expect(variantOf(built).RoutingConfig).toBeUndefined();
  });

  test('allows its role to read requests, write answers and failures, and publish', () => {
    const [policy] = built.properties('AWS::IAM::ManagedPolicy');
    const actions = (policy.PolicyDocument.Statement as Json[]).flatMap(({ Action }) => Action as string[]);
    expect(actions).toEqual(expect.arrayContaining(['s3:PutObject', 's3:AbortMultipartUpload', 'sns:Publish']));
  });

  test('uses an existing topic, existing buckets and custom prefixes', () => {
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
  test('has memory and concurrency instead of instances, without scaling and updates', () => {
    const built = synthEndpoint((stack) => ({
      kind: EndpointKind.serverless({ memory: Size.mebibytes(4096), maxConcurrency: 20, provisionedConcurrency: 2 }),
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
  test('can be read only by the role, which cannot read the rest of the bucket', () => {
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

  test('has its version and digest as tags', () => {
    expect(synthEndpoint().properties('AWS::SageMaker::Model')[0].Tags).toEqual([
      { Key: 'model-sha256', Value: DIGEST },
      { Key: 'model-version', Value: 'v3' },
    ]);
  });

  test('can be one archive, which SageMaker unpacks', () => {
    const { properties } = synthEndpoint((stack) => ({
      models: { rank: modelIn(stack, { artifact: archiveIn(stack) }) },
    }));
    expect(properties('AWS::SageMaker::Model')[0].PrimaryContainer.ModelDataUrl).toBe(
      's3://atlas-models/rank/v1.tar.gz',
    );
  });

  test('uses an AWS image from the account of its region, or a private image by its digest', () => {
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
  ])('has timeouts of twice the expected time: %s', (_, machine, sizeGB, times) => {
    const { properties } = synthEndpoint((stack) => ({
      machine,
      models: { chat: modelIn(stack, { artifact: artifactIn(stack, { sizeGB }) }) },
    }));
    expect(properties('AWS::SageMaker::InferenceComponent')[0].Specification.StartupParameters).toEqual({
      ModelDataDownloadTimeoutInSeconds: times.download,
      ContainerStartupHealthCheckTimeoutInSeconds: times.startup,
    });
  });

  test('has the timeouts of the props', () => {
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
  test('of Inferentia2 are encrypted with a key, and are large enough for the model', () => {
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

  test('use an existing key', () => {
    const { endpoint, properties } = synthEndpoint((stack) => ({
      machine: AwsMachine.INF2_48XLARGE,
      models: { chat: modelIn(stack, { container: ServingContainer.lmi({ image: IMAGE }) }) },
      encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/0a'),
    }));
    expect(endpoint.node.tryFindChild('VolumeKey')).toBeUndefined();
    expect(properties('AWS::SageMaker::EndpointConfig')[0].KmsKeyId).toBe('arn:aws:kms:us-east-1:111122223333:key/0a');
  });

  test('of machines with local disks have no key and no size', () => {
    const built = synthEndpoint();
    expect(built.properties('AWS::SageMaker::EndpointConfig')[0].KmsKeyId).toBeUndefined();
    expect(variantOf(built).VolumeSizeInGB).toBeUndefined();
  });
});

describe('a network', () => {
  const network = (stack: Stack) => ({
    vpc: new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'] }),
  });

  test('allows no ingress, and only HTTPS egress', () => {
    const { template, properties } = synthEndpoint(network);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443, IpProtocol: 'tcp' }],
      SecurityGroupIngress: Match.absent(),
    });
    const [config] = properties('AWS::SageMaker::EndpointConfig');
    expect(properties('AWS::SageMaker::Model')[0].VpcConfig).toEqual(config.VpcConfig);
    const actions = JSON.stringify(properties('AWS::IAM::ManagedPolicy')[0]);
    expect(actions).toContain('ec2:CreateNetworkInterfacePermission');
    const [policy] = properties('AWS::IAM::ManagedPolicy');
    const writes = policy.PolicyDocument.Statement.find(({ Action }: Json) =>
      Action.includes('ec2:CreateNetworkInterface'),
    );
    expect(writes.Action.filter((action: string) => action.startsWith('ec2:Describe'))).toEqual([]);
    const arns = writes.Resource.map((arn: Json) => arn['Fn::Join'][1].join(''));
    expect(arns).toEqual([
      expect.stringMatching(/:111122223333:network-interface\/\*$/),
      expect.stringMatching(/:\*:subnet\/\*$/),
      expect.stringMatching(/:\*:security-group\/\*$/),
    ]);
  });

  test('does not exist by default, and containers have no network access', () => {
    const { properties } = synthEndpoint();
    expect(properties('AWS::SageMaker::Model')[0]).toMatchObject({ EnableNetworkIsolation: true });
    expect(properties('AWS::EC2::SecurityGroup')).toEqual([]);
  });
});

test('captures requests in a bucket with its key, and allows the role to write there', () => {
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

test('changes limits by schedule', () => {
  const { template } = synthEndpoint({
    scaling: {
      minReplicas: 1,
      maxReplicas: 4,
      scaleInCooldown: Duration.minutes(20),
      schedule: [
        {
          name: 'Day',
          at: Schedule.cron({ hour: '7', minute: '0' }),
          minReplicas: 2,
          timeZone: TimeZone.EUROPE_ZURICH,
        },
        { name: 'Night', at: Schedule.cron({ hour: '20', minute: '0' }), minReplicas: 0, maxReplicas: 2 },
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
  // A minimum of zero by schedule needs the alarm that starts the first copy.
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'NoCapacityInvocationFailures' });
});

test('gives the fleet the range of the scheduled limits', () => {
  const schedule = [
    { name: 'Day', at: Schedule.cron({ hour: '7' }), maxReplicas: 9 },
    { name: 'Night', at: Schedule.cron({ hour: '20' }), minReplicas: 0 },
  ];
  const built = synthEndpoint({ scaling: { minReplicas: 1, maxReplicas: 2, schedule } });
  expect(variantOf(built).ManagedInstanceScaling).toEqual({
    Status: 'ENABLED',
    MinInstanceCount: 0,
    MaxInstanceCount: 9,
  });
});

describe('alarms', () => {
  test('watch errors, and the latency target for a whole answer', () => {
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

  test('notify a topic', () => {
    const { properties } = synthEndpoint((stack) => ({ alertTopic: new Topic(stack, 'Oncall') }));
    expect(properties('AWS::CloudWatch::Alarm')[0].AlarmActions).toEqual([{ Ref: 'Oncall395376BB' }]);
  });
});

describe('grants', () => {
  const statementsOf = ({ properties }: SynthesizedEndpoint) =>
    properties('AWS::IAM::Policy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Json[]);

  test('allow a principal to invoke the endpoint and its components, also as a stream', () => {
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

  test('describe the named component, or the first one', () => {
    expect(json(endpoint.metricInvocations({ model: 'embed' }))).toMatchObject({
      metricName: 'Invocations',
      dimensions: [{ name: 'InferenceComponentName', value: `${NAME}-embed` }],
    });
    expect(json(endpoint.metricLatency({ percentile: 50 })).dimensions[0].value).toBe(`${NAME}-chat`);
    expect(json(endpoint.metricAcceleratorUtilization()).namespace).toBe('/aws/sagemaker/InferenceComponents');
  });

  test('describe the variant if there are no components', () => {
    const variants = synthEndpoint({ kind: EndpointKind.variants() }).endpoint;
    expect(json(variants.metricConcurrency())).toMatchObject({
      metricName: 'ConcurrentRequestsPerModel',
      dimensions: [
        { name: 'EndpointName', value: NAME },
        { name: 'VariantName', value: 'chat' },
      ],
    });
    expect(json(variants.metricAcceleratorMemoryUtilization())).toMatchObject({
      metricName: 'GPUMemoryUtilization',
      namespace: '/aws/sagemaker/Endpoints',
    });
  });

  test('accept the options of CloudWatch metrics', () => {
    const metric = endpoint.metricLatency({ percentile: 50, period: Duration.minutes(5), label: 'p50' });
    expect(metric).toMatchObject({ statistic: 'p50', period: Duration.minutes(5), label: 'p50' });
    const share = endpoint.metricErrorShare({ period: Duration.minutes(5) });
    expect(share.period).toEqual(Duration.minutes(5));
    expect(Object.values(share.usingMetrics).map((each) => (each as Json).period)).toEqual([
      Duration.minutes(5),
      Duration.minutes(5),
    ]);
  });

  test('reject an unknown model', () => {
    expect(problemsOf(errorOf(() => endpoint.metricInvocations({ model: 'chatt' })))).toEqual(['ServedModels model']);
  });
});

test('uses an existing role, and adds its permissions', () => {
  const { endpoint, properties } = synthEndpoint((stack) => ({
    role: Role.fromRoleName(stack, 'Ours', 'serving'),
  }));
  expect(endpoint.access.node.tryFindChild('Resource')).toBeUndefined();
  expect(properties('AWS::IAM::ManagedPolicy')[0].Roles).toEqual(['serving']);
});

test('uses the name and the AMI of the props', () => {
  const built = synthEndpoint({
    endpointName: 'chat-prod',
    inferenceAmi: 'al2023-ami-sagemaker-inference-gpu-4-1',
  });
  expect(built.properties('AWS::SageMaker::Endpoint')[0].EndpointName).toBe('chat-prod');
  expect(variantOf(built).InferenceAmiVersion).toBe('al2023-ami-sagemaker-inference-gpu-4-1');
});

describe('an imported endpoint', () => {
  const stack = new Stack(new App(), 'Test', REGION);
  const endpoint = InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Chat', {
    endpointName: 'chat',
    variantNames: ['stable', 'trial'],
  });

  test('has a name, an ARN and models', () => {
    expect(endpoint.endpointArn).toMatch(/:sagemaker:us-east-1:111122223333:endpoint\/chat$/);
    expect([endpoint.endpointName, endpoint.modelNames, endpoint.components]).toEqual([
      'chat',
      ['stable', 'trial'],
      {},
    ]);
  });

  test('grants its invocation', () => {
    const at = new Stack(new App(), 'Test', REGION);
    const caller = new Role(at, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    InferenceEndpoint.fromInferenceEndpointAttributes(at, 'Now', {
      endpointName: 'now',
      inferenceComponentNames: ['now-chat'],
    }).grantInvoke(caller);
    InferenceEndpoint.fromInferenceEndpointAttributes(at, 'Later', {
      endpointName: 'later',
      isAsynchronous: true,
    }).grantInvoke(caller);
    const [{ PolicyDocument }] = propertiesOf(at)('AWS::IAM::Policy') as [Json];
    const [now, later] = PolicyDocument.Statement as [Json, Json];
    expect(now.Action).toEqual(['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream']);
    expect(JSON.stringify(now.Resource)).toMatch(/endpoint\/now".*inference-component\/now-chat"/);
    expect(later.Action).toBe('sagemaker:InvokeEndpointAsync');
  });

  test('has metrics of its variants or components', () => {
    expect(endpoint.metricInvocations({ model: 'trial' }).dimensions).toEqual({
      EndpointName: 'chat',
      VariantName: 'trial',
    });
    const components = InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Components', {
      endpointName: 'chat',
      inferenceComponentNames: ['chat-large'],
    });
    expect(components.metricConcurrency()).toMatchObject({
      metricName: 'ConcurrentRequestsPerCopy',
      dimensions: { InferenceComponentName: 'chat-large' },
    });
  });

  test('rejects metrics without names of variants or components', () => {
    const unnamed = InferenceEndpoint.fromEndpointName(stack, 'Unnamed', 'chat');
    expect(problemsOf(errorOf(() => unnamed.metricInvocations()))).toEqual(['ValueMissing variantNames']);
    expect(unnamed.metricBacklog().dimensions).toEqual({ EndpointName: 'chat' });
  });

  test('rejects names of both variants and components, and a missing name', () => {
    const both = { endpointName: 'chat', variantNames: ['a'], inferenceComponentNames: ['b'] };
    const create = (id: string, attributes: object) => () =>
      InferenceEndpoint.fromInferenceEndpointAttributes(stack, id, attributes as never);
    expect(problemsOf(errorOf(create('Both', both)))).toEqual(['EndpointOption variantNames']);
    expect(problemsOf(errorOf(create('None', {})))).toEqual(['ValueMissing endpointName']);
  });
});

describe('InferenceObservability', () => {
  const actionsIn = (monitoring: (stack: Stack) => Stack, alarmTopic = false) => {
    const stack = new Stack(new App(), 'Test', REGION);
    const topic = alarmTopic ? new Topic(stack, 'Own') : undefined;
    const endpoint = endpointIn(stack, { alertTopic: topic });
    const other = monitoring(stack);
    const alertTopic = new Topic(other, 'Alerts');
    new InferenceObservability(other, 'Observability', { endpoint, alertTopic });
    const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    const errors = alarms.find(({ Properties }) => /fails more/.test(Properties.AlarmDescription));
    return { actions: errors?.Properties.AlarmActions as unknown[] | undefined, stack, topic, alertTopic };
  };

  test('gives its topic to the alarms of an endpoint that have none', () => {
    const { actions, stack, alertTopic } = actionsIn((own) => own);
    expect(actions).toEqual([stack.resolve(alertTopic.topicArn)]);
  });

  test('keeps the topic of an endpoint, and leaves an endpoint of another stack alone', () => {
    const { actions, stack, topic } = actionsIn((own) => own, true);
    expect(actions).toEqual([stack.resolve(topic!.topicArn)]);
    expect(actionsIn((own) => new Stack(own.node.root, 'Monitoring', REGION)).actions).toBeUndefined();
  });
});
