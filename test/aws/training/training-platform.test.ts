import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { findingsOf } from 'ai-infra-constructs';
import { DataBucket, TrainingPlatform, type TrainingPlatformProps } from 'ai-infra-constructs/aws';
import 'ai-infra-constructs/testing/jest';
import { errorOf, expectGoldenIds, problemsOf } from '../support';
import { platform, PROPS } from './platform';

/** Types whose replacement loses data, capacity, or an endpoint that others use. */
const STATEFUL = [
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::FSx::FileSystem',
  'AWS::FSx::DataRepositoryAssociation',
  'AWS::EKS::Cluster',
  'AWS::EKS::Nodegroup',
  'AWS::EC2::CapacityReservation',
  'AWS::EC2::PlacementGroup',
  'AWS::EC2::VPC',
  'AWS::EC2::Subnet',
  'AWS::Logs::LogGroup',
  'AWS::SNS::Topic',
];

describe('the reference platform', () => {
  const { stack, platform: built } = platform();
  const template = Template.fromStack(stack);

  test('keeps the logical IDs of stateful resources, because a new ID replaces the resource', () => {
    expectGoldenIds(template, STATEFUL, join(__dirname, 'training-platform.golden.json'));
  });

  test('keeps its architecture: machines, interfaces, storage, encryption, exposure, and cost', () => {
    expect(stack).toMatchArchitectureFile('training-platform.architecture.txt');
  });

  test('retains data when the stack is deleted', () => {
    for (const type of ['AWS::S3::Bucket', 'AWS::FSx::FileSystem']) {
      for (const resource of Object.values(template.findResources(type))) {
        expect(resource).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
      }
    }
  });

  test('tags every resource, and what EC2 launches', () => {
    const cost = Match.arrayWith([{ Key: 'cost-center', Value: 'R-17' }]);
    for (const type of ['AWS::S3::Bucket', 'AWS::FSx::FileSystem', 'AWS::EC2::VPC', 'AWS::KMS::Key']) {
      template.allResourcesProperties(type, { Tags: cost });
    }
    template.allResourcesProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        TagSpecifications: ['instance', 'volume', 'network-interface'].map((ResourceType) => ({
          ResourceType,
          Tags: cost,
        })),
      },
    });
  });

  test('tags data with its class', () => {
    template.allResourcesProperties('AWS::FSx::FileSystem', {
      Tags: Match.arrayWith([{ Key: 'data-class', Value: 'confidential' }]),
    });
  });

  test('sends budget notifications for the project tag', () => {
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetLimit: { Amount: 800_000, Unit: 'USD' }, CostFilters: { TagKeyValue: ['user:project$atlas'] } },
      NotificationsWithSubscribers: Match.arrayWith([
        Match.objectLike({
          Notification: {
            NotificationType: 'FORECASTED',
            Threshold: 100,
            ComparisonOperator: 'GREATER_THAN',
            ThresholdType: 'PERCENTAGE',
          },
        }),
      ]),
    });
  });

  test('has alarms on nodes, GPUs, fabric, and file system, with one topic', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    expect(alarms.map(({ MetricName }) => MetricName).sort()).toEqual([
      'FreeDataStorageCapacity',
      'cluster_failed_node_count',
      'node_efa_rx_dropped',
      'node_gpu_temperature',
      'node_gpu_utilization',
    ]);
    for (const alarm of alarms) expect(alarm.AlarmActions).toEqual([stack.resolve(built.alerts.topic.topicArn)]);
    const full = alarms.find(({ MetricName }) => MetricName === 'FreeDataStorageCapacity');
    expect(full?.Threshold).toBe(0.1 * 19_200 * 2 ** 30);
  });

  test('has no warnings', () => {
    expect(findingsOf(stack).filter(({ level }) => level === 'warning')).toEqual([]);
  });

  test('is far below the limits of a stack', () => {
    const json = template.toJSON() as { Resources: object };
    expect(Object.keys(json.Resources).length).toBeLessThan(250);
    expect(JSON.stringify(json).length).toBeLessThan(500_000);
  });
});

describe('rejects', () => {
  test('missing cost tags, an invalid budget, and an invalid cluster at once', () => {
    const error = errorOf(() =>
      platform({
        nodes: 0,
        monthlyBudgetUsd: -1,
        costAllocation: { project: 'atlas', team: 'a team', environment: 'prod', owner: 'x' } as never,
      }),
    );
    expect(problemsOf(error)).toEqual([
      'TagValue costAllocation.team',
      'TagMissing costAllocation.costCenter',
      'BudgetInvalid monthlyBudgetUsd',
      'NodesOutOfRange nodes',
    ]);
  });

  test('a missing cost allocation with a coded error, not a TypeError', () => {
    const rest = { ...PROPS, costAllocation: undefined };
    const stack = new Stack(new App(), 'Training');
    const error = errorOf(() => new TrainingPlatform(stack, 'Platform', rest as unknown as TrainingPlatformProps));
    expect(problemsOf(error)).toContain('TagMissing costAllocation.project');
    expect(stack.node.tryFindChild('Platform')?.node.children).toEqual([]);
  });
});

test('uses existing buckets', () => {
  const stack = new Stack(new App(), 'Training');
  const datasets = new DataBucket(stack, 'Ours');
  const built = new TrainingPlatform(stack, 'Platform', { ...PROPS, datasets });
  expect(built.datasets).toBe(datasets);
  expect(built.node.tryFindChild('Datasets')).toBeUndefined();
});
