import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { findingsOf } from 'ai-infra-constructs';
import { BatchInferencePlatform, DataBucket } from 'ai-infra-constructs/aws';
import 'ai-infra-constructs/testing/jest';
import { errorOf, expectGoldenIds, problemsOf } from '../support';
import { COSTS, platform, PROPS } from './platform';

/** Types whose replacement loses data, or a name that others use. */
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

describe('the reference platform', () => {
  const { stack, platform: built } = platform();
  const template = Template.fromStack(stack);

  test('keeps the logical ids of stateful resources', () => {
    expectGoldenIds(template, STATEFUL, join(__dirname, 'batch-inference-platform.golden.json'));
  });

  test('keeps its architecture: machines, markets, queues, workflow, storage, encryption and exposure', () => {
    expect(stack).toMatchArchitectureFile('batch-inference-platform.architecture.txt');
  });

  test('retains shards, results and logs when the stack is deleted', () => {
    for (const type of ['AWS::S3::Bucket', 'AWS::Logs::LogGroup']) {
      for (const resource of Object.values(template.findResources(type))) {
        expect(resource).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
      }
    }
  });

  test('tags its resources and the machines of AWS Batch', () => {
    const cost = Match.arrayWith([{ Key: 'cost-center', Value: 'R-17' }]);
    template.allResourcesProperties('AWS::S3::Bucket', { Tags: cost });
    template.allResourcesProperties('AWS::StepFunctions::StateMachine', { Tags: cost });
    template.allResourcesProperties('AWS::Batch::ComputeEnvironment', { Tags: { 'cost-center': 'R-17' } });
    const specifications = ['instance', 'volume', 'network-interface'].map((ResourceType) => ({
      ResourceType,
      Tags: cost,
    }));
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { TagSpecifications: specifications },
    });
  });

  test('sends alarms on failures, waiting times and cost to one topic', () => {
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

  test('uses the metrics that the workflow publishes', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AiInfra/BatchInference',
      Dimensions: [{ Name: 'Workflow', Value: built.batchInference.workflowName }],
    });
    const { DefinitionString: definition } = Object.values(
      template.findResources('AWS::StepFunctions::StateMachine'),
    )[0]!.Properties;
    expect(JSON.stringify(definition)).toContain(`'Name': 'Workflow', 'Value': '${built.batchInference.workflowName}'`);
  });

  test('starts runs on a schedule', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 2 * * ? *)',
      Target: { Arn: stack.resolve(built.batchInference.resource.attrArn) },
    });
  });

  test('has no warnings', () => {
    expect(findingsOf(stack).filter(({ level }) => level === 'warning')).toEqual([]);
  });

  test('stays far below the limits of a stack', () => {
    const json = template.toJSON() as { Resources: object };
    expect(Object.keys(json.Resources).length).toBeLessThan(150);
    expect(JSON.stringify(json).length).toBeLessThan(300_000);
  });
});

describe('rejects', () => {
  test('an invalid budget and an invalid workflow in one error, and creates nothing', () => {
    const stack = new Stack(new App(), 'Batch');
    const error = errorOf(
      () =>
        new BatchInferencePlatform(stack, 'Platform', {
          ...PROPS,
          costAllocation: { ...COSTS, team: 'a team' },
          monthlyBudgetUsd: -1,
          alertEmails: ['nobody'],
          workflow: { ...PROPS.workflow, concurrency: 10_001 },
        }),
    );
    expect(problemsOf(error)).toEqual([
      'TagValue costAllocation.team',
      'BudgetInvalid monthlyBudgetUsd',
      'AlertEmail alertEmails',
      'BatchLimit workflow.concurrency',
    ]);
    expect(stack.node.tryFindChild('Platform')?.node.children).toEqual([]);
  });

  test('a results prefix below the shards in an existing bucket', () => {
    const stack = new Stack(new App(), 'Batch');
    const bucket = new DataBucket(stack, 'Ours');
    const workflow = { ...PROPS.workflow, resultsPrefix: 'requests/results/' };
    const props = { ...PROPS, input: bucket, results: bucket, workflow };
    expect(problemsOf(errorOf(() => new BatchInferencePlatform(stack, 'Platform', props)))).toEqual([
      'ShardPrefix workflow.resultsPrefix',
    ]);
  });
});

test('uses an existing bucket, and has no schedule by default', () => {
  const stack = new Stack(new App(), 'Batch');
  const input = new DataBucket(stack, 'Ours');
  const built = new BatchInferencePlatform(stack, 'Platform', {
    ...PROPS,
    input,
    workflow: { ...PROPS.workflow, schedule: undefined },
  });
  expect(built.input).toBe(input);
  expect(built.node.tryFindChild('Requests')).toBeUndefined();
  expect(built.batchInference.node.tryFindChild('Schedule')).toBeUndefined();
});
