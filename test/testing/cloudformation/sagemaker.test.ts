import { exposed, ofResource, ofTemplate } from '../support';

const CONFIG = {
  Type: 'AWS::SageMaker::EndpointConfig',
  Properties: {
    KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] },
    DataCaptureConfig: { EnableCapture: true },
    ProductionVariants: [
      {
        VariantName: 'Main',
        InstanceType: 'ml.g6.12xlarge',
        InitialInstanceCount: 2,
        ManagedInstanceScaling: { MinInstanceCount: 1, MaxInstanceCount: 6 },
        RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
      },
      { VariantName: 'Small', ServerlessConfig: { MemorySizeInMB: 4096, MaxConcurrency: 10 } },
    ],
  },
};

const endpoint = (config: object = CONFIG, more = {}) =>
  ofTemplate({
    Endpoint: {
      Type: 'AWS::SageMaker::Endpoint',
      Properties: { EndpointConfigName: { 'Fn::GetAtt': ['Config', 'EndpointConfigName'] }, ...more },
    },
    Config: config as Record<string, unknown>,
    Key: { Type: 'AWS::KMS::Key' },
  });

describe('a SageMaker endpoint', () => {
  test('accepts signed calls, and uses the key in its configuration', () => {
    const { endpoints, exposure } = endpoint(CONFIG, { DeploymentConfig: { RollingUpdatePolicy: {} } });
    expect(endpoints).toEqual([
      {
        name: 'Endpoint',
        kind: 'SageMaker endpoint',
        access: 'signed',
        encryption: { key: 'customer', name: 'Key' },
        details: { captures: 'its data', updates: 'rolling' },
      },
    ]);
    expect(exposure).toEqual([]);
  });

  test('has machines by variant, and no machines if it is serverless', () => {
    const { compute, cost } = endpoint();
    expect(compute[0]).toMatchObject({
      name: 'Config/Main',
      machines: ['ml.g6.12xlarge'],
      count: { min: 1, desired: 2, max: 6 },
      details: { routing: 'least outstanding requests' },
    });
    expect(compute[1]).toMatchObject({
      name: 'Config/Small',
      kind: 'SageMaker serverless variant',
      details: { memory: '4096 MB', concurrency: '10' },
    });
    expect(cost!.usdPerMonth).toBe(0);
  });

  test('shows that it is asynchronous if it writes to a bucket', () => {
    const config = { ...CONFIG, Properties: { ...CONFIG.Properties, AsyncInferenceConfig: {} } };
    expect(endpoint(config).endpoints[0]).toMatchObject({ kind: 'SageMaker asynchronous endpoint' });
  });
});

test('an inference component shows its endpoint and the resources of each copy', () => {
  const { workflows } = ofTemplate({
    Component: {
      Type: 'AWS::SageMaker::InferenceComponent',
      Properties: {
        EndpointName: 'chat',
        Runtime: { CopyCount: 2 },
        Specification: {
          ComputeResourceRequirements: { NumberOfAcceleratorDevicesRequired: 4, MinMemoryRequiredInMb: 1024 },
        },
      },
    },
  });
  expect(workflows[0]!.details).toEqual({ on: 'chat', copies: '2', accelerators: '4', memory: '1024 MB' });
});

test.each([
  [{ EnableNetworkIsolation: true, VpcConfig: {} }, 'isolated'],
  [{ VpcConfig: {} }, 'in a VPC'],
  [{}, 'open'],
])('a model with %j has a network that is %s', (props, network) => {
  expect(ofResource('AWS::SageMaker::Model', props).workflows[0]!.details).toEqual({ network });
});

test('a notebook has direct internet access by default', () => {
  const notebook = (more = {}) =>
    ofResource('AWS::SageMaker::NotebookInstance', { InstanceType: 'ml.t3.medium', ...more });
  expect(exposed(notebook())).toEqual(['Subject: direct internet access, on by default']);
  expect(exposed(notebook({ DirectInternetAccess: 'Disabled' }))).toEqual([]);
});

test('a HyperPod cluster has machines by instance group', () => {
  const { compute } = ofResource('AWS::SageMaker::Cluster', {
    InstanceGroups: [
      { InstanceGroupName: 'workers', InstanceType: 'ml.p5.48xlarge', InstanceCount: 8, TrainingPlanArn: 'arn:x' },
      { InstanceGroupName: 'control', InstanceType: 'ml.m5.xlarge', InstanceCount: 1 },
    ],
  });
  expect(compute.map(({ name, count, market }) => [name, count?.desired, market])).toEqual([
    ['Subject/control', 1, 'on-demand'],
    ['Subject/workers', 8, 'capacity-block'],
  ]);
});
