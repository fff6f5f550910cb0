import { exposed, ofResource, ofTemplate } from '../support';

describe('Batch', () => {
  const environment = (Type: string, more = {}) =>
    ofResource('AWS::Batch::ComputeEnvironment', {
      ComputeResources: { Type, MinvCpus: 0, MaxvCpus: 256, InstanceTypes: ['g5.xlarge'], ...more },
    });

  test('an environment shows its market, machines and size', () => {
    const { compute, cost } = environment('SPOT', { AllocationStrategy: 'SPOT_PRICE_CAPACITY_OPTIMIZED' });
    expect(compute[0]).toMatchObject({
      kind: 'Batch compute environment',
      machines: ['g5.xlarge'],
      market: 'spot',
      count: { min: 0, max: 64 },
      details: { vcpus: '0 to 256', allocation: 'SPOT_PRICE_CAPACITY_OPTIMIZED' },
    });
    expect(cost!.notPriced[0]).toMatchObject({ reason: 'its size is in vCPUs' });
  });

  test('an environment has no machine count with several machine types, or with a type that the catalog does not have', () => {
    expect(environment('EC2', { InstanceTypes: ['g5.xlarge', 'g6.xlarge'] }).compute[0]!.count).toBeUndefined();
    expect(environment('EC2', { InstanceTypes: ['optimal'] }).compute[0]!.count).toBeUndefined();
  });

  test('an environment includes its launch template', () => {
    const { compute } = ofTemplate({
      Template: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: {} } },
      Fleet: {
        Type: 'AWS::Batch::ComputeEnvironment',
        Properties: { ComputeResources: { Type: 'EC2', LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' } } } },
      },
    });
    expect(compute.map(({ name }) => name)).toEqual(['Fleet']);
  });

  test('an environment on Fargate has no machines', () => {
    expect(environment('FARGATE_SPOT').compute[0]).toMatchObject({
      kind: 'Batch on Fargate',
      machines: [],
      market: 'spot',
    });
  });

  test('a queue shows its environments, and a job shows its resources and attempts', () => {
    const { workflows } = ofTemplate({
      Queue: {
        Type: 'AWS::Batch::JobQueue',
        Properties: { Priority: 5, ComputeEnvironmentOrder: [{ Order: 1, ComputeEnvironment: { Ref: 'Fleet' } }] },
      },
      Fleet: { Type: 'AWS::Batch::ComputeEnvironment' },
      Job: {
        Type: 'AWS::Batch::JobDefinition',
        Properties: {
          ContainerProperties: {
            ResourceRequirements: [
              { Type: 'GPU', Value: '1' },
              { Type: 'MEMORY', Value: '14000' },
              { Type: 'VCPU', Value: '4' },
            ],
          },
          RetryStrategy: { Attempts: 3 },
          Timeout: { AttemptDurationSeconds: 3600 },
        },
      },
    });
    expect(workflows).toEqual([
      {
        name: 'Job',
        kind: 'Batch job',
        details: { gpus: '1', vcpus: '4', memory: '14000 MiB', attempts: '3', timeout: '3600 s' },
      },
      { name: 'Queue', kind: 'Batch job queue', details: { priority: '5', on: 'Fleet' } },
    ]);
  });
});

describe('ECS', () => {
  const service = (more = {}) =>
    ofTemplate({
      Web: {
        Type: 'AWS::ECS::Service',
        Properties: { LaunchType: 'FARGATE', DesiredCount: 3, TaskDefinition: { Ref: 'Task' }, ...more },
      },
      Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { Cpu: '1024', Memory: '4096', ContainerDefinitions: [] } },
    });

  test('a service shows its count and the size of its task', () => {
    const { compute, workflows } = service();
    expect(compute[0]).toMatchObject({
      kind: 'ECS service on Fargate',
      count: { desired: 3 },
      details: { task: '1024 CPU units, 4096 MiB' },
    });
    expect(workflows).toEqual([]);
  });

  test('a service with public addresses is exposed', () => {
    const open = { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } } };
    expect(exposed(service(open))).toEqual(['Web: public IP address, requested by its network configuration']);
    expect(exposed(service())).toEqual([]);
  });

  test('a service has the market of its capacity providers, or runs on the machines of its cluster', () => {
    const spot = service({ LaunchType: undefined, CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT' }] });
    expect(spot.compute[0]).toMatchObject({ kind: 'ECS service on Fargate', market: 'spot' });
    expect(service({ LaunchType: 'EC2' }).compute[0]).toMatchObject({ kind: 'ECS service' });
  });

  test('a task without a service shows its GPUs', () => {
    const { workflows } = ofResource('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ Cpu: 4096, Memory: 8192, ResourceRequirements: [{ Type: 'GPU', Value: '1' }] }],
    });
    expect(workflows[0]!.details).toEqual({ size: '4096 CPU units, 8192 MiB, 1 GPU' });
  });
});
