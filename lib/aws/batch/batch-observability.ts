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
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkBudget } from '../operations/cost-budget';
import type { BatchInference } from './batch-inference';
import { checkTime } from './machine-share';
import { BATCH_OBSERVABILITY_PROPS } from '../prop-schemas';

/** Properties for `BatchObservability`. */
export interface BatchObservabilityProps {
  /** The workflow to monitor. */
  readonly batchInference: BatchInference;
  /** SNS topic that receives alarm notifications. @default - the alarms send no notifications */
  readonly alertTopic?: ITopic;
  /** Cost of the machines of one day in US dollars that triggers an alarm. @default - no alarm on cost */
  readonly dailyUsd?: number;
  /** Time that a job waits for a machine before an alarm, from 1 minute to 7 days. @default Duration.hours(1) */
  readonly maxWait?: Duration;
}

const MAX_WAIT_SECONDS = 7 * 24 * 3600;

/**
 * A dashboard of runs, shards, waiting times and cost, and alarms for failures, long waits and cost. A run that starts during another run
 * fails, so the alarm on failed runs also reports a backlog.
 *
 * @example
 * ```ts
 * import { AlertTopic, AwsMachine, BatchCompute, BatchInference, BatchObservability, DataBucket } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Batch');
 * const data = new DataBucket(stack, 'Data');
 * const batchInference = new BatchInference(stack, 'Ranking', {
 *   input: data,
 *   inputPrefix: 'requests/',
 *   results: data,
 *   compute: BatchCompute.awsBatch({
 *     machine: AwsMachine.G5_12XLARGE,
 *     maxMachines: 4,
 *     image: `111122223333.dkr.ecr.us-east-1.amazonaws.com/worker@sha256:${'0'.repeat(64)}`,
 *   }),
 * });
 * const { topic } = new AlertTopic(stack, 'Alerts');
 * new BatchObservability(stack, 'Observability', { batchInference, alertTopic: topic, dailyUsd: 500 });
 * ```
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
 */
export class BatchObservability extends Construct {
  /** The CloudWatch dashboard. */
  public readonly dashboard: Dashboard;
  /** All alarms. */
  public readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: BatchObservabilityProps) {
    super(scope, id);
    checkObservability(this, props);
    const { batchInference, alertTopic, dailyUsd, maxWait = Duration.hours(1) } = props;
    const runs = (name: string) => metricRuns(batchInference.stateMachine, name);
    const period = Duration.minutes(15);
    const broken = brokenRuns(batchInference.stateMachine);
    const failed = batchInference.metricShardsFailed({ period });
    const wait = batchInference.metricWaitSeconds({ period });

    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.days(2) });
    this.dashboard.addWidgets(
      graph('Runs', [runs('ExecutionsStarted'), runs('ExecutionsSucceeded'), broken]),
      graph('Shards', [batchInference.metricShardsDone({ period }), failed]),
    );
    this.dashboard.addWidgets(
      graph('Longest wait for a machine, s', [wait]),
      graph('Machines, USD an hour', [batchInference.metricUsd({ period: Duration.hours(1) })]),
    );
    this.alarms = [
      this.alarm('RunBroken', 'A run failed, was stopped, timed out, or started during another run', broken, 0),
      this.alarm('ShardsFailed', 'Shards failed. The next run processes them again', failed, 0),
      this.alarm(
        'Waiting',
        'Jobs wait long for a machine: maxMachines is too low, or AWS has no capacity',
        wait,
        maxWait.toSeconds(),
      ),
      ...(dailyUsd === undefined ? [] : [this.costAlarm(batchInference, dailyUsd)]),
    ];
    if (alertTopic) this.alarms.forEach((alarm) => alarm.addAlarmAction(new SnsAction(alertTopic)));
  }

  private costAlarm(batchInference: BatchInference, dailyUsd: number): Alarm {
    const cost = batchInference.metricUsd({ period: Duration.days(1) });
    return this.alarm('Cost', `The machines of a day cost more than ${dailyUsd} USD`, cost, dailyUsd);
  }

  private alarm(id: string, alarmDescription: string, metric: IMetric, threshold: number): Alarm {
    return new Alarm(this, id, {
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // The workflow publishes no metrics between runs.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

function checkObservability(scope: Construct, props: BatchObservabilityProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, BATCH_OBSERVABILITY_PROPS)) {
    if (props.dailyUsd !== undefined) checkBudget(problems, props.dailyUsd, 'dailyUsd');
    checkTime(problems, props.maxWait, {
      prop: 'maxWait',
      min: 60,
      max: MAX_WAIT_SECONDS,
      of: 'which is one week',
      fix: 'Use 1 minute to 7 days.',
    });
  }
  problems.throwIfAny(scope);
}

function metricRuns({ stateMachineArn }: IStateMachine, metricName: string): Metric {
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
    failed: metricRuns(machine, 'ExecutionsFailed'),
    aborted: metricRuns(machine, 'ExecutionsAborted'),
    late: metricRuns(machine, 'ExecutionsTimedOut'),
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
