import { ofResource, ofTemplate } from '../support';

test('a budget shows its limit', () => {
  const Budget = { BudgetLimit: { Amount: 5000, Unit: 'USD' }, TimeUnit: 'MONTHLY' };
  const { watch } = ofResource('AWS::Budgets::Budget', { Budget, NotificationsWithSubscribers: [{}, {}] });
  expect(watch[0]!.details).toEqual({ limit: '5000 USD monthly', notifications: '2 notifications' });
});

test.each([
  [{ MetricName: 'Latency', ComparisonOperator: 'GreaterThanThreshold', Threshold: 2 }, 'Latency > 2'],
  [
    {
      Metrics: [{ Expression: 'a/b' }, { MetricStat: { Metric: { MetricName: 'Errors' } } }],
      ComparisonOperator: 'LessThanOrEqualToThreshold',
      Threshold: 0,
    },
    'an expression of Errors <= 0',
  ],
  [
    { ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold' },
    'an expression LessThanLowerOrGreaterThanUpperThreshold',
  ],
])('an alarm on %j says when', (props, when) => {
  expect(ofResource('AWS::CloudWatch::Alarm', props).watch[0]!.details).toEqual({ when });
});

test('a scalable target shows its range and its metrics', () => {
  const { scaling, other } = ofTemplate({
    Target: {
      Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      Properties: {
        MinCapacity: 0,
        MaxCapacity: 8,
        ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
        ScheduledActions: [{}],
      },
    },
    Policy: {
      Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
      Properties: {
        ScalingTargetId: { Ref: 'Target' },
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 5,
          PredefinedMetricSpecification: {
            PredefinedMetricType: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
          },
        },
      },
    },
    Wake: {
      Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
      Properties: { ScalingTargetId: { Ref: 'Target' }, PolicyType: 'StepScaling' },
    },
  });
  expect(scaling).toEqual([
    {
      name: 'Target',
      kind: 'sagemaker:inference-component:DesiredCopyCount',
      details: {
        range: '0 to 8',
        on: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution at 5, StepScaling',
        schedules: '1 schedules',
      },
    },
  ]);
  expect(other).toEqual({});
});

test('a policy of an Auto Scaling group has the name of the group', () => {
  const { scaling } = ofTemplate({
    Group: { Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: { MinSize: '1', MaxSize: '2' } },
    Policy: {
      Type: 'AWS::AutoScaling::ScalingPolicy',
      Properties: {
        AutoScalingGroupName: { Ref: 'Group' },
        TargetTrackingConfiguration: { TargetValue: 60, CustomizedMetricSpecification: { MetricName: 'Queue' } },
      },
    },
  });
  expect(scaling[0]).toEqual({ name: 'Group', kind: 'Auto Scaling group', details: { on: 'Queue at 60' } });
});

test('an alarm on an expression shows its label, or the metrics in it', () => {
  const metric = (MetricName: string) => ({ MetricStat: { Metric: { MetricName } }, ReturnData: false });
  const when = (expression: object) =>
    ofResource('AWS::CloudWatch::Alarm', {
      Metrics: [{ Expression: 'a / b', ...expression }, metric('Count'), metric('5XXError')],
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 1,
    }).watch[0]!.details!.when;
  expect(when({ Label: 'Failed requests, %' })).toBe('Failed requests, % > 1');
  expect(when({})).toBe('an expression of 5XXError, Count > 1');
});

describe('a schedule', () => {
  const Machine = { Type: 'AWS::StepFunctions::StateMachine' };
  const started = (Type: string, Properties: object) =>
    ofTemplate({ Machine, Nightly: { Type, Properties } }).workflows.find(({ name }) => name === 'Nightly');

  test('shows what it starts', () => {
    const Arn = { 'Fn::GetAtt': ['Machine', 'Arn'] };
    const schedule = {
      ScheduleExpression: 'cron(0 2 * * ? *)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      Target: { Arn },
    };
    expect(started('AWS::Scheduler::Schedule', schedule)).toEqual({
      name: 'Nightly',
      kind: 'schedule',
      details: { when: 'cron(0 2 * * ? *) Etc/UTC', starts: 'Machine' },
    });
    const rule = { ScheduleExpression: 'rate(1 day)', State: 'DISABLED', Targets: [{ Arn }, { Arn: 'arn:elsewhere' }] };
    expect(started('AWS::Events::Rule', rule)!.details).toEqual({
      when: 'rate(1 day)',
      state: 'disabled',
      starts: 'Machine, a target outside the stack',
    });
  });

  test('a rule for events is counted with the other resources', () => {
    expect(ofResource('AWS::Events::Rule', { EventPattern: {} }).other).toEqual({ 'AWS::Events::Rule': 1 });
  });
});
