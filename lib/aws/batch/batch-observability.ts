import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, having, NUMBER, required, type Shape } from '../../core/shapes';
import { checkBudget } from '../operations/cost-budget';
import { DURATION, TOPIC } from '../props/shapes';
import { BATCH_METRICS, type BatchInference } from './batch-inference';
import { checkTime } from './batch-numbers';
import { WORKFLOW_DIMENSION } from './job-workflow';

/** Properties for `BatchObservability`. */
export interface BatchObservabilityProps {
  readonly inference: BatchInference;
  /** Where alarms speak. @default - they only change colour */
  readonly topic?: ITopic;
  /** US dollars of machines above which a day is reported. @default - no alarm on cost */
  readonly dailyUsd?: number;
  /** Time that a job may wait for a machine: longer, and the machines are too few, or cannot be had. 1 minute to 7 days. @default Duration.hours(1) */
  readonly longestWait?: Duration;
}

const BATCH_OBSERVABILITY: Shape<BatchObservabilityProps> = {
  inference: required(having('a BatchInference', ['stateMachine', 'workflowName'], 'Pass the construct itself.')),
  topic: TOPIC,
  // Judged by `checkBudget`.
  dailyUsd: NUMBER,
  longestWait: DURATION,
};

const MOST_WAIT_SECONDS = 7 * 24 * 3600;

/**
 * What a batch workflow shows: runs, shards, waiting and money on one dashboard, and alarms on what fails, piles up or burns money. A run
 * that was started while an earlier one was at work fails, and so tells of a backlog.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
 */
export class BatchObservability extends Construct {
  public readonly dashboard: Dashboard;
  public readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: BatchObservabilityProps) {
    super(scope, id);
    checkObservability(this, props);
    const { inference, topic, dailyUsd, longestWait = Duration.hours(1) } = props;
    const runs = (name: string) => ofRuns(inference.stateMachine, name);
    const shards = (name: string, statistic: string, period: Duration) => ofShards(inference, name, statistic, period);
    const quarter = Duration.minutes(15);
    const broken = brokenRuns(inference.stateMachine);
    const failed = shards('ShardsFailed', Stats.SUM, quarter);
    const wait = shards('WaitSeconds', Stats.MAXIMUM, quarter);

    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.days(2) });
    this.dashboard.addWidgets(
      graph('Runs', [runs('ExecutionsStarted'), runs('ExecutionsSucceeded'), broken]),
      graph('Shards', [shards('ShardsDone', Stats.SUM, quarter), failed]),
    );
    this.dashboard.addWidgets(
      graph('Longest wait for a machine, s', [wait]),
      graph('Machines, USD an hour', [shards('Usd', Stats.SUM, Duration.hours(1))]),
    );
    this.alarms = [
      this.alarm('RunBroken', 'A run failed, was stopped, took too long, or found an earlier one at work', broken, 0),
      this.alarm('ShardsFailed', 'Shards failed: the next run does them again', failed, 0),
      this.alarm(
        'Waiting',
        'Jobs wait long for a machine: they are too few, or cannot be had',
        wait,
        longestWait.toSeconds(),
      ),
      ...(dailyUsd === undefined
        ? []
        : [
            this.alarm(
              'Cost',
              `Machines of a day cost more than ${dailyUsd} USD`,
              shards('Usd', Stats.SUM, Duration.days(1)),
              dailyUsd,
            ),
          ]),
    ];
    if (topic) this.alarms.forEach((alarm) => alarm.addAlarmAction(new SnsAction(topic)));
  }

  private alarm(id: string, alarmDescription: string, metric: IMetric, threshold: number): Alarm {
    return new Alarm(this, id, {
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // Between runs nothing is sent, and that is no trouble.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

function checkObservability(scope: Construct, props: BatchObservabilityProps): void {
  const problems = new Problems();
  if (fits(problems, props, BATCH_OBSERVABILITY)) {
    if (props.dailyUsd !== undefined) checkBudget(problems, props.dailyUsd, 'dailyUsd');
    checkTime(problems, props.longestWait, {
      prop: 'longestWait',
      least: 60,
      most: MOST_WAIT_SECONDS,
      of: 'a week',
      fix: 'Take what you would want to be told of.',
    });
  }
  problems.throwIfAny(scope);
}

function ofShards({ workflowName }: BatchInference, metricName: string, statistic: string, period: Duration): Metric {
  return new Metric({
    namespace: BATCH_METRICS,
    metricName,
    statistic,
    period,
    dimensionsMap: { [WORKFLOW_DIMENSION]: workflowName },
  });
}

function ofRuns({ stateMachineArn }: IStateMachine, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/States',
    metricName,
    statistic: Stats.SUM,
    period: Duration.minutes(5),
    dimensionsMap: { StateMachineArn: stateMachineArn },
  });
}

function brokenRuns(machine: IStateMachine): MathExpression {
  const usingMetrics = {
    failed: ofRuns(machine, 'ExecutionsFailed'),
    aborted: ofRuns(machine, 'ExecutionsAborted'),
    late: ofRuns(machine, 'ExecutionsTimedOut'),
  };
  return new MathExpression({
    expression: 'FILL(failed, 0) + FILL(aborted, 0) + FILL(late, 0)',
    usingMetrics,
    label: 'Broken',
    period: Duration.minutes(5),
  });
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 12 });
}
