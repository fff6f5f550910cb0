import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { findingsOf } from 'ai-infra-constructs';
import { BatchInferencePlatform, DataBucket } from 'ai-infra-constructs/aws';
import 'ai-infra-constructs/testing/jest';
import { errorOf, expectGoldenIds, problemsOf } from '../support';
import { COSTS, platform, PROPS } from './platform';

/** Types whose replacement loses data, or a name that others know. */
const STATEFUL = [
  ...[
    'AWS::S3::Bucket',
    'AWS::KMS::Key',
    'AWS::EC2::VPC',
    'AWS::EC2::Subnet',
    'AWS::Logs::LogGroup',
    'AWS::SNS::Topic',
  ],
  ...['AWS::Batch::ComputeEnvironment', 'AWS::Batch::JobQueue', 'AWS::StepFunctions::StateMachine'],
];

describe('the reference', () => {
  const { stack, platform: built } = platform();
  const template = Template.fromStack(stack);

  test('keeps the logical ids of what holds state', () => {
    expectGoldenIds(template, STATEFUL, join(__dirname, 'batch-inference-platform.golden.json'));
  });

  test('keeps its architecture: machines, markets, queues, workflow, storage, encryption and exposure', () => {
    expect(stack).toMatchArchitectureFile('batch-inference-platform.architecture.txt');
  });

  test('keeps shards, results and logs when the stack goes', () => {
    for (const type of ['AWS::S3::Bucket', 'AWS::Logs::LogGroup']) {
      for (const resource of Object.values(template.findResources(type))) {
        expect(resource).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
      }
    }
  });

  test('tags what it makes, and what AWS Batch starts', () => {
    const cost = Match.arrayWith([{ Key: 'cost-center', Value: 'R-17' }]);
    template.allResourcesProperties('AWS::S3::Bucket', { Tags: cost });
    template.allResourcesProperties('AWS::StepFunctions::StateMachine', { Tags: cost });
    template.allResourcesProperties('AWS::Batch::ComputeEnvironment', { Tags: { 'cost-center': 'R-17' } });
    const made = ['instance', 'volume', 'network-interface'].map((ResourceType) => ({ ResourceType, Tags: cost }));
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { TagSpecifications: made } });
  });

  test('tells of what fails, waits and costs on one topic', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    expect(alarms.map(({ MetricName }) => MetricName as string)).toEqual([
      undefined,
      'ShardsFailed',
      'WaitSeconds',
      'Usd',
    ]);
    for (const alarm of alarms) expect(alarm.AlarmActions).toEqual([stack.resolve(built.alerts.topic.topicArn)]);
    expect(alarms.at(-1)).toMatchObject({ Threshold: 4000, Period: 86_400 });
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetLimit: { Amount: 40_000, Unit: 'USD' }, CostFilters: { TagKeyValue: ['user:project$atlas'] } },
    });
  });

  test('watches the metrics that the workflow publishes', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AiInfra/BatchInference',
      Dimensions: [{ Name: 'Workflow', Value: built.inference.workflowName }],
    });
    const { DefinitionString: definition } = Object.values(
      template.findResources('AWS::StepFunctions::StateMachine'),
    )[0]!.Properties;
    expect(JSON.stringify(definition)).toContain(`'Name': 'Workflow', 'Value': '${built.inference.workflowName}'`);
  });

  test('starts runs by the clock', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 2 * * ? *)',
      Target: { Arn: stack.resolve(built.inference.resource.attrArn) },
    });
  });

  test('has no doubt: it is what we advise', () => {
    expect(findingsOf(stack).filter(({ level }) => level === 'warning')).toEqual([]);
  });

  test('is far from the limits of one stack', () => {
    const json = template.toJSON() as { Resources: object };
    expect(Object.keys(json.Resources).length).toBeLessThan(150);
    expect(JSON.stringify(json).length).toBeLessThan(300_000);
  });
});

describe('refuses', () => {
  test('a bad bill and a bad workflow at once, with nothing built', () => {
    const stack = new Stack(new App(), 'Batch');
    const error = errorOf(
      () =>
        new BatchInferencePlatform(stack, 'Platform', {
          ...PROPS,
          costAllocation: { ...COSTS, team: 'a team' },
          monthlyBudgetUsd: -1,
          alertEmails: ['nobody'],
          concurrency: 10_001,
        }),
    );
    expect(problemsOf(error)).toEqual([
      'TagValue costAllocation.team',
      'BudgetInvalid monthlyBudgetUsd',
      'AlertEmail alertEmails',
      'BatchLimit concurrency',
    ]);
    expect(stack.node.tryFindChild('Platform')?.node.children).toEqual([]);
  });

  test('results among the shards of one bucket that was brought', () => {
    const stack = new Stack(new App(), 'Batch');
    const bucket = new DataBucket(stack, 'Ours');
    const props = { ...PROPS, input: bucket, results: bucket, resultsPrefix: 'requests/results/' };
    expect(problemsOf(errorOf(() => new BatchInferencePlatform(stack, 'Platform', props)))).toEqual([
      'ShardPrefix resultsPrefix',
    ]);
  });
});

test('takes buckets that exist', () => {
  const stack = new Stack(new App(), 'Batch');
  const input = new DataBucket(stack, 'Ours');
  const built = new BatchInferencePlatform(stack, 'Platform', { ...PROPS, input, schedule: undefined });
  expect(built.input).toBe(input);
  expect(built.node.tryFindChild('Requests')).toBeUndefined();
  expect(built.node.tryFindChild('Schedule')).toBeUndefined();
});
