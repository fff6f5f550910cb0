import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { InferenceGateway } from './inference-gateway';

/** Properties for `GatewayAlarms`. */
export interface GatewayAlarmsProps {
  readonly gateway: InferenceGateway;
  /** Longest that a whole answer of the model may take, in milliseconds. @default - four fifths of what the gateway waits, which are the most, too */
  readonly promisedMs?: number;
  readonly topic?: ITopic;
}

// All of these are our choice.
const MOST_PERCENT = { errors: 1, refused: 20, throttled: 5 };
/** What a gateway may add to a promise: the prompt and the answer are screened. */
const SCREENING_MS = 2000;
const SHARE_OF_TIMEOUT = 0.8;

/** Fewer requests a minute are no callers: whoever scans the internet is refused, too. */
const MANY = 10;

/** How long it must be bad, in minutes. Failures are ours, and told at once; what callers do may pass. */
const AT_ONCE: Minutes = { of: 3, bad: 2 };
const LASTING: Minutes = { of: 15, bad: 10 };

interface Minutes {
  readonly of: number;
  readonly bad: number;
}

/** What tells that callers fail, are refused, are told to come back later, or wait. */
export class GatewayAlarms extends Construct {
  /** Answers 5xx: the function, the model or the guardrail. */
  public readonly errors: Alarm;
  /** Answers 4xx: credentials that expired, a client that sends what nobody can answer, prompts that are refused, an attack. */
  public readonly refused: Alarm;
  /** Answers 429: limits, quotas or the model are too small for those who come. */
  public readonly throttled: Alarm;
  /** How long callers wait, in all. */
  public readonly latency: Alarm;

  constructor(scope: Construct, id: string, { gateway, promisedMs, topic }: GatewayAlarmsProps) {
    super(scope, id);
    const { errors, refused, throttled } = MOST_PERCENT;
    const cutOffMs = gateway.function.handler.timeout!.toMilliseconds();
    const limitMs = Math.min(SHARE_OF_TIMEOUT * cutOffMs, (promisedMs ?? Infinity) + SCREENING_MS);
    const says = (what: string) => `The gateway ${gateway.node.path} ${what}`;

    this.errors = this.alarm(
      'Errors',
      gateway.metricErrorShare(),
      errors,
      AT_ONCE,
      says(`fails more than ${errors} % of requests`),
    );
    this.refused = this.alarm(
      'Refused',
      amongMany(gateway, gateway.metricRefusedShare()),
      refused,
      LASTING,
      says(`refuses more than ${refused} % of requests`),
    );
    this.throttled = this.alarm(
      'Throttled',
      amongMany(gateway, gateway.metricThrottledShare()),
      throttled,
      LASTING,
      says(`tells more than ${throttled} % of requests to come back later`),
    );
    this.latency = this.alarm(
      'Latency',
      gateway.metricLatency(),
      limitMs,
      AT_ONCE,
      says(`takes longer than ${limitMs} ms`),
    );
    if (topic) for (const alarm of this.all) alarm.addAlarmAction(new SnsAction(topic));
  }

  /** All four. */
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
      // Without requests there is nothing to be late or wrong.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

/** A share of requests, where there are enough of them to speak of one. */
function amongMany(gateway: InferenceGateway, share: IMetric): MathExpression {
  return new MathExpression({
    expression: `IF(requests >= ${MANY}, share, 0)`,
    usingMetrics: { requests: gateway.metricRequests(), share },
    period: Duration.minutes(1),
  });
}
