import type { Part } from '../architecture';
import { type Props, record, records, amount, details, type Readers, type Resource, type View } from '../view';

/** Readers of alarms, budgets, schedules and autoscaling. */
export const OPERATION_READERS: Readers = {
  'AWS::CloudWatch::Alarm': (resource, view) => ({ watch: [alarm(resource, view)] }),
  'AWS::CloudWatch::CompositeAlarm': ({ name }) => ({ watch: [{ name, kind: 'composite alarm' }] }),
  'AWS::Budgets::Budget': ({ name, props }, view) => {
    const { BudgetLimit, TimeUnit } = record(props.Budget);
    const { Amount, Unit } = record(BudgetLimit);
    return {
      watch: [
        {
          name,
          kind: 'budget',
          ...details({
            limit: [amount(view.number(Amount), view.text(Unit) ?? ''), view.text(TimeUnit)?.toLowerCase()].join(' '),
            notifications: `${records(props.NotificationsWithSubscribers).length} notifications`,
          }),
        },
      ],
    };
  },
  'AWS::Scheduler::Schedule': ({ name, props }, view) => ({
    workflows: [
      {
        name,
        kind: 'schedule',
        ...details({
          when: [view.text(props.ScheduleExpression), view.text(props.ScheduleExpressionTimezone)]
            .filter(Boolean)
            .join(' '),
          state: view.text(props.State) === 'DISABLED' && 'disabled',
          starts: targetName(view, record(props.Target).Arn),
        }),
      },
    ],
  }),
  'AWS::Events::Rule': ({ name, props }, view) => {
    const when = view.text(props.ScheduleExpression);
    if (when === undefined) return undefined;
    const starts = records(props.Targets).map(({ Arn }) => targetName(view, Arn));
    const state = view.text(props.State) === 'DISABLED' && 'disabled';
    return { workflows: [{ name, kind: 'schedule', ...details({ when, state, starts: starts.sort().join(', ') }) }] };
  },
  'AWS::CE::AnomalyMonitor': ({ name }) => ({ watch: [{ name, kind: 'cost anomaly monitor' }] }),
  'AWS::ApplicationAutoScaling::ScalableTarget': (resource, view) => ({ scaling: [target(resource, view)] }),
  'AWS::ApplicationAutoScaling::ScalingPolicy': ({ props }, view) =>
    view.find(props.ScalingTargetId ?? props.ResourceId) ? {} : undefined,
  'AWS::AutoScaling::ScalingPolicy': ({ name, props }, view) => ({
    scaling: [
      {
        name: view.find(props.AutoScalingGroupName)?.name ?? name,
        kind: 'Auto Scaling group',
        ...details({ on: policyText(view, record(props.TargetTrackingConfiguration)) ?? view.text(props.PolicyType) }),
      },
    ],
  }),
};

function targetName(view: View, arn: unknown): string {
  return view.find(arn)?.name ?? 'a target outside the stack';
}

const OPERATORS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '>=',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '<=',
};

function alarm({ name, props }: Resource, view: View): Part {
  const operator = view.text(props.ComparisonOperator) ?? '';
  return {
    name,
    kind: 'alarm',
    ...details({
      when: [watched(props, view), OPERATORS[operator] ?? operator, view.text(props.Threshold)]
        .filter(Boolean)
        .join(' '),
    }),
  };
}

/** Returns the name of a metric, or the label of an expression, or the metrics in the expression. */
function watched(props: Props, view: View): string {
  const queries = records(props.Metrics);
  const names = queries.flatMap(({ MetricStat }) => view.text(record(record(MetricStat).Metric).MetricName) ?? []);
  const expression = queries.find((one) => one.Expression !== undefined && view.flag(one.ReturnData) !== false);
  if (!expression) return view.text(props.MetricName) ?? names[0] ?? 'an expression';
  const of = [...new Set(names)].sort().join(', ');
  return view.text(expression.Label) ?? ['an expression', of].filter(Boolean).join(' of ');
}

function target(resource: Resource, view: View): Part {
  const { props } = resource;
  const policies = view
    .ofType('AWS::ApplicationAutoScaling::ScalingPolicy')
    .filter((policy) => view.find(policy.props.ScalingTargetId) === resource)
    .map(
      ({ props: policy }) =>
        policyText(view, record(policy.TargetTrackingScalingPolicyConfiguration)) ?? view.text(policy.PolicyType) ?? '',
    );
  const schedules = records(props.ScheduledActions).length;
  return {
    name: resource.name,
    kind: view.text(props.ScalableDimension) ?? 'dimension',
    ...details({
      range: `${view.text(props.MinCapacity) ?? ''} to ${view.text(props.MaxCapacity) ?? ''}`,
      on: policies.sort().join(', '),
      schedules: schedules > 0 && `${schedules} schedules`,
    }),
  };
}

function policyText(view: View, config: Record<string, unknown>): string | undefined {
  const { PredefinedMetricSpecification, CustomizedMetricSpecification, TargetValue } = config;
  const metric =
    view.text(record(PredefinedMetricSpecification).PredefinedMetricType) ??
    view.text(record(CustomizedMetricSpecification).MetricName) ??
    (CustomizedMetricSpecification === undefined ? undefined : 'an expression');
  return metric === undefined ? undefined : `${metric} at ${view.text(TargetValue) ?? ''}`;
}
