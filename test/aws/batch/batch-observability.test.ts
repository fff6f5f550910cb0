import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BatchObservability, type BatchObservabilityProps } from 'ai-infra-constructs/aws';
import { errorOf, type Json, problemsOf } from '../support';
import { workflow } from './world';

function watch(props: Partial<BatchObservabilityProps> = {}) {
  const { stack, inference } = workflow();
  const observability = new BatchObservability(stack, 'Watch', { batchInference: inference, ...props });
  const alarms = () =>
    Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties,
    );
  return { stack, inference, observability, alarms };
}

test('has one alarm for runs that fail, are stopped or time out', () => {
  const { stack, inference, alarms } = watch();
  const broken = alarms().find(({ Metrics }) => Metrics !== undefined);
  const parts = (broken!.Metrics as Json[])
    .filter(({ MetricStat }) => MetricStat !== undefined)
    .map(({ MetricStat }) => MetricStat.Metric);
  expect(parts.map(({ MetricName }) => MetricName as string)).toEqual([
    'ExecutionsFailed',
    'ExecutionsAborted',
    'ExecutionsTimedOut',
  ]);
  for (const { Dimensions } of parts) {
    expect(Dimensions).toEqual([
      { Name: 'StateMachineArn', Value: stack.resolve(inference.resource.attrArn) as unknown },
    ]);
  }
});

test('has an alarm on waiting times above `maxWait`, which is one hour by default', () => {
  const waiting = (props: Partial<BatchObservabilityProps>) =>
    watch(props)
      .alarms()
      .find(({ MetricName }) => MetricName === 'WaitSeconds');
  expect(waiting({})).toMatchObject({ Threshold: 3600, Statistic: 'Maximum' });
  expect(waiting({ maxWait: Duration.minutes(10) })).toMatchObject({ Threshold: 600 });
});

test('has an alarm on cost only with `dailyUsd`', () => {
  const cost = (props: Partial<BatchObservabilityProps>) =>
    watch(props)
      .alarms()
      .find(({ MetricName }) => MetricName === 'Usd');
  expect(cost({})).toBeUndefined();
  expect(cost({ dailyUsd: 500 })).toMatchObject({ Threshold: 500, Period: 86_400, Statistic: 'Sum' });
});

test('sends alarms to the topic, and has no alarms between runs', () => {
  const { stack, inference } = workflow();
  const topic = new Topic(stack, 'Topic');
  const { alarms } = new BatchObservability(stack, 'Watch', {
    batchInference: inference,
    alertTopic: topic,
  });
  const rendered = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties,
  );
  expect(rendered).toHaveLength(alarms.length);
  for (const alarm of rendered) {
    expect(alarm.AlarmActions).toEqual([{ Ref: stack.getLogicalId(topic.node.defaultChild as never) }]);
    expect(alarm.TreatMissingData).toBe('notBreaching');
  }
});

test('shows runs, shards, waiting times and cost on the dashboard', () => {
  const { stack } = watch();
  const [board] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(board);
  for (const name of ['ExecutionsStarted', 'ShardsDone', 'WaitSeconds', 'Usd']) expect(body).toContain(name);
});

test.each<[string, Partial<BatchObservabilityProps>]>([
  ['BudgetInvalid dailyUsd', { dailyUsd: 0 }],
  ['BatchTimeout maxWait', { maxWait: Duration.seconds(30) }],
  ['BatchTimeout maxWait', { maxWait: Duration.days(8) }],
])('rejects %s, and creates nothing', (problem, props) => {
  const { stack, inference } = workflow();
  const make = () => new BatchObservability(stack, 'Watch', { batchInference: inference, ...props });
  expect(problemsOf(errorOf(make))).toEqual([problem]);
  expect(stack.node.tryFindChild('Watch')?.node.children).toEqual([]);
});

test('returns the metrics of a workflow with your options', () => {
  const { inference } = workflow();
  const period = Duration.hours(2);
  const metrics = [
    inference.metricShardsDone({ period }),
    inference.metricShardsFailed(),
    inference.metricWaitSeconds({ statistic: 'Average' }),
    inference.metricUsd(),
  ];
  expect(metrics.map(({ metricName, statistic }) => [metricName, statistic])).toEqual([
    ['ShardsDone', 'Sum'],
    ['ShardsFailed', 'Sum'],
    ['WaitSeconds', 'Average'],
    ['Usd', 'Sum'],
  ]);
  for (const { namespace, dimensions } of metrics) {
    expect([namespace, dimensions]).toEqual(['AiInfra/BatchInference', { Workflow: inference.workflowName }]);
  }
  expect(metrics[0]!.period.toHours()).toBe(2);
});
