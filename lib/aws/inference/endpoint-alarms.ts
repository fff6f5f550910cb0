import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { maxResponseMs } from '../../core/planning/serving/serving-rate';
import type { ServingLoad } from '../../core/workload/serving-load';
import { errorShare, type MetricSubject, modelMetric } from './endpoint-base';

/** Properties for `EndpointAlarms`. */
export interface EndpointAlarmsProps {
  /** Model to watch. */
  readonly subject: MetricSubject;
  /** Load with the latency targets. @default - no latency alarm */
  readonly load?: ServingLoad;
  /** SNS topic that receives alarm notifications. @default - alarms only change state */
  readonly topic?: ITopic;
}

/** Percentage of failed requests that triggers the alarm. Our choice. */
const MAX_ERRORS_PERCENT = 1;
/** Two of three minutes must be bad, so that one bad minute does not roll back an update. */
const MINUTES = { of: 3, bad: 2 };

/**
 * Alarms on the errors and the latency of a model. Updates of the endpoint watch the same alarms, so the alarms are created first and
 * refer to the endpoint by name.
 */
export class EndpointAlarms extends Construct {
  /** Alarm for more than 1% of failed requests in two of three minutes. */
  public readonly errors: Alarm;
  /** Alarm for answers above the latency target. @default - no alarm without a latency target */
  public readonly latency?: Alarm;
  /** @internal Whether the alarms have an action. */
  public readonly notifies: boolean;
  /** Latency target for a complete response, in milliseconds. SageMaker measures complete responses. @default - the load has no latency target */
  public readonly maxResponseMs?: number;

  /** @internal */
  constructor(scope: Construct, id: string, { subject, load, topic }: EndpointAlarmsProps) {
    super(scope, id);
    const { name } = subject;
    this.errors = this.alarm(
      'Errors',
      errorShare(subject),
      MAX_ERRORS_PERCENT,
      `${name} fails more than 1% of requests`,
    );
    const limitMs = load && maxResponseMs(load);
    this.maxResponseMs = limitMs;
    if (limitMs !== undefined) {
      // SageMaker counts this one in microseconds.
      const metric = modelMetric(subject, 'ModelLatency', { statistic: `p${load!.percentile}` });
      this.latency = this.alarm('Latency', metric, 1000 * limitMs, `${name} takes longer than ${limitMs} ms`);
    }
    this.notifies = topic !== undefined;
    if (topic) for (const alarm of this.all) alarm.addAlarmAction(new SnsAction(topic));
  }

  /** All alarms of the model. */
  get all(): readonly Alarm[] {
    return this.latency ? [this.errors, this.latency] : [this.errors];
  }

  private alarm(id: string, metric: IMetric, threshold: number, alarmDescription: string): Alarm {
    return new Alarm(this, id, {
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: MINUTES.of,
      datapointsToAlarm: MINUTES.bad,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
