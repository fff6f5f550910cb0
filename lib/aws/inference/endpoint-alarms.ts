import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { promisedMs } from '../../core/planning/promised-time';
import type { ServingLoad } from '../../core/workload/serving-load';
import { errorShare, type MetricSubject, modelMetric } from './endpoint-metrics';

/** Properties for `EndpointAlarms`. */
export interface EndpointAlarmsProps {
  readonly subject: MetricSubject;
  /** Whose latency is promised. @default - nothing is: latency alarms nobody */
  readonly load?: ServingLoad;
  readonly topic?: ITopic;
}

/** Share of failed requests that is too much. Our choice. */
const MOST_ERRORS_PERCENT = 1;
/** Minutes of three of which two must be bad: one bad minute rolls nothing back. */
const MINUTES = { of: 3, bad: 2 };

/**
 * What tells that a model fails or is late. An update watches the same alarms, so they are there before the endpoint: they know it by
 * its name, and not the other way round.
 */
export class EndpointAlarms extends Construct {
  public readonly errors: Alarm;
  /** @default - no latency is promised */
  public readonly latency?: Alarm;
  /** Longest that a whole answer may take, in milliseconds; SageMaker times whole answers. @default - no latency is promised */
  public readonly promisedMs?: number;

  constructor(scope: Construct, id: string, { subject, load, topic }: EndpointAlarmsProps) {
    super(scope, id);
    const { name } = subject;
    this.errors = this.alarm(
      'Errors',
      errorShare(subject),
      MOST_ERRORS_PERCENT,
      `${name} fails more than 1 % of requests`,
    );
    const limitMs = load && promisedMs(load);
    this.promisedMs = limitMs;
    if (limitMs !== undefined) {
      // SageMaker counts this one in microseconds.
      const metric = modelMetric(subject, 'ModelLatency', { statistic: `p${load!.percentile}` });
      this.latency = this.alarm('Latency', metric, 1000 * limitMs, `${name} takes longer than ${limitMs} ms`);
    }
    if (topic) for (const alarm of this.all) alarm.addAlarmAction(new SnsAction(topic));
  }

  /** Both. */
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
      // Without requests there is nothing to be late or wrong.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
