import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import type { IInferenceGateway } from './gateway-base';
import { addUnknown } from './gateway-checks';
import { GATEWAY_ALARMS_PROPS } from '../prop-schemas';

/** Properties for `GatewayAlarms`. */
export interface GatewayAlarmsProps {
  /** The gateway to watch. */
  readonly gateway: IInferenceGateway;
  /**
   * Maximum time for a whole answer of the model. The latency alarm adds 2 seconds for screening, and is never above four fifths of the
   * timeout of the gateway.
   *
   * @default - four fifths of the timeout of the gateway
   */
  readonly maxResponseTime?: Duration;
  /** SNS topic that receives alarm notifications. @default - alarms only change state */
  readonly alertTopic?: ITopic;
}

// All thresholds are choices of this library.
const MAX_PERCENT = { errors: 1, refused: 20, throttled: 5 };
/** Time that a gateway can add to a response, because it screens the prompt and the answer. */
const SCREENING_MS = 2000;
const SHARE_OF_TIMEOUT = 0.8;

/** Minimum requests per minute for a percentage to matter. Port scanners are refused too. */
const MIN_REQUESTS = 10;

interface Minutes {
  readonly of: number;
  readonly bad: number;
}

/** Evaluation of failures, which need a fast reaction. */
const FAST: Minutes = { of: 3, bad: 2 };
/** Evaluation of effects of callers, which can end by themselves. */
const SLOW: Minutes = { of: 15, bad: 10 };

/**
 * Alarms of a gateway: failed, refused and throttled requests, and latency.
 *
 * @example
 * ```ts
 * import { AlertTopic, GatewayAlarms, InferenceGateway } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Monitoring');
 * const gateway = InferenceGateway.fromInferenceGatewayAttributes(stack, 'Gateway', {
 *   restApiId: 'a1b2c3d4e5',
 *   restApiName: 'Serving-Gateway-Api',
 * });
 * const { topic } = new AlertTopic(stack, 'Alerts', { alertEmails: ['ml-platform@example.com'] });
 * new GatewayAlarms(stack, 'Alarms', { gateway, alertTopic: topic });
 * ```
 */
export class GatewayAlarms extends Construct {
  /** More than 1% of responses with a 5xx status: the function, the model or the guardrail fails. */
  public readonly errors: Alarm;
  /** More than 20% of responses with a 4xx status: expired credentials, a broken client, refused prompts, or an attack. */
  public readonly refused: Alarm;
  /** More than 5% of responses with status 429: the limits, the quotas or the model are too small for the traffic. */
  public readonly throttled: Alarm;
  /** 99th percentile of the latency above the maximum. */
  public readonly latency: Alarm;

  constructor(scope: Construct, id: string, props: GatewayAlarmsProps) {
    super(scope, id);
    const limitMs = maxLatencyMs(this, props);
    const { gateway, alertTopic } = props;
    const { errors, refused, throttled } = MAX_PERCENT;
    const described = (event: string) => `The gateway ${gateway.node.path} ${event}`;

    this.errors = this.alarm(
      'Errors',
      gateway.metricErrorShare(),
      errors,
      FAST,
      described(`fails more than ${errors}% of requests`),
    );
    this.refused = this.alarm(
      'Refused',
      withEnoughRequests(gateway, gateway.metricRefusedShare()),
      refused,
      SLOW,
      described(`refuses more than ${refused}% of requests`),
    );
    this.throttled = this.alarm(
      'Throttled',
      withEnoughRequests(gateway, gateway.metricThrottledShare()),
      throttled,
      SLOW,
      described(`throttles more than ${throttled}% of requests`),
    );
    this.latency = this.alarm(
      'Latency',
      gateway.metricLatency(),
      limitMs,
      FAST,
      described(`takes longer than ${limitMs} ms`),
    );
    if (alertTopic) for (const alarm of this.all) alarm.addAlarmAction(new SnsAction(alertTopic));
  }

  /** All four alarms. */
  get all(): readonly Alarm[] {
    return [this.errors, this.refused, this.throttled, this.latency];
  }

  private alarm(id: string, metric: IMetric, threshold: number, minutes: Minutes, alarmDescription: string): Alarm {
    return new Alarm(this, id, {
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: minutes.of,
      datapointsToAlarm: minutes.bad,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // A gateway without requests is healthy.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

function maxLatencyMs(scope: Construct, props: GatewayAlarmsProps): number {
  const problems = new ProblemCollector();
  let limitMs = Infinity;
  if (validateProps(problems, props, GATEWAY_ALARMS_PROPS)) {
    limitMs = SHARE_OF_TIMEOUT * props.gateway.timeout.toMilliseconds();
    const max = props.maxResponseTime;
    if (max?.isUnresolved()) addUnknown(problems, 'maxResponseTime');
    else if (max) limitMs = Math.min(limitMs, max.toMilliseconds() + SCREENING_MS);
  }
  problems.throwIfAny(scope);
  return limitMs;
}

/** A percentage of requests, or 0 if there are few requests. */
function withEnoughRequests(gateway: IInferenceGateway, share: IMetric): MathExpression {
  return new MathExpression({
    expression: `IF(requests >= ${MIN_REQUESTS}, share, 0)`,
    usingMetrics: { requests: gateway.metricRequests(), share },
    period: Duration.minutes(1),
  });
}
