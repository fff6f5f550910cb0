import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BatchObservability, type BatchObservabilityProps } from 'ai-infra-constructs/aws';
import { errorOf, type Json, problemsOf } from '../support';
import { workflow } from './world';

function watch(props: Partial<BatchObservabilityProps> = {}) {
  const { stack, inference } = workflow();
  const observability = new BatchObservability(stack, 'Watch', { inference, ...props });
  const alarms = () =>
    Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties,
    );
  return { stack, inference, observability, alarms };
}

test('a run that failed, was stopped or took too long is one alarm', () => {
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

test('waiting is long after an hour, or after what is said', () => {
  const waiting = (props: Partial<BatchObservabilityProps>) =>
    watch(props)
      .alarms()
      .find(({ MetricName }) => MetricName === 'WaitSeconds');
  expect(waiting({})).toMatchObject({ Threshold: 3600, Statistic: 'Maximum' });
  expect(waiting({ longestWait: Duration.minutes(10) })).toMatchObject({ Threshold: 600 });
});

test('cost is an alarm where a day has a bound', () => {
  const cost = (props: Partial<BatchObservabilityProps>) =>
    watch(props)
      .alarms()
      .find(({ MetricName }) => MetricName === 'Usd');
  expect(cost({})).toBeUndefined();
  expect(cost({ dailyUsd: 500 })).toMatchObject({ Threshold: 500, Period: 86_400, Statistic: 'Sum' });
});

test('alarms speak on a topic where there is one, and are quiet between runs', () => {
  const { stack, inference } = workflow();
  const topic = new Topic(stack, 'Topic');
  const { alarms } = new BatchObservability(stack, 'Watch', { inference, topic });
  const made = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties,
  );
  expect(made).toHaveLength(alarms.length);
  for (const alarm of made) {
    expect(alarm.AlarmActions).toEqual([{ Ref: stack.getLogicalId(topic.node.defaultChild as never) }]);
    expect(alarm.TreatMissingData).toBe('notBreaching');
  }
});

test('the dashboard shows runs, shards, waiting and money', () => {
  const { stack } = watch();
  const [board] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(board);
  for (const name of ['ExecutionsStarted', 'ShardsDone', 'WaitSeconds', 'Usd']) expect(body).toContain(name);
});

test.each<[string, Partial<BatchObservabilityProps>]>([
  ['BudgetInvalid dailyUsd', { dailyUsd: 0 }],
  ['BatchTimeout longestWait', { longestWait: Duration.seconds(30) }],
  ['BatchTimeout longestWait', { longestWait: Duration.days(8) }],
])('refuses %s, with nothing built', (problem, props) => {
  const { stack, inference } = workflow();
  const make = () => new BatchObservability(stack, 'Watch', { inference, ...props });
  expect(problemsOf(errorOf(make))).toEqual([problem]);
  expect(stack.node.tryFindChild('Watch')?.node.children).toEqual([]);
});
