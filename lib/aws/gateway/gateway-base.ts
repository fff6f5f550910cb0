import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type MetricOptions, Stats, type MetricProps } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { GATEWAY_LATENCY_OPTIONS } from '../prop-schemas';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';

/** Options for the latency of a gateway. */
export interface GatewayLatencyOptions extends MetricOptions {
  /** Percentile of the latency. `statistic` takes precedence. @default 99 */
  readonly percentile?: number;
}

/** An inference gateway: an `InferenceGateway` of this app, or an imported one. */
export interface IInferenceGateway extends IConstruct {
  /** URL for requests of callers. */
  readonly url: string;
  /** ID of the REST API. */
  readonly restApiId: string;
  /** Maximum duration of a request. */
  readonly timeout: Duration;
  /** Allows a principal to call the gateway. */
  grantInvoke(grantee: IGrantable): Grant;
  /** Number of requests per minute. */
  metricRequests(options?: MetricOptions): Metric;
  /** Percentage of requests with a 5xx status. */
  metricErrorShare(options?: MetricOptions): MathExpression;
  /** Percentage of requests with a 4xx status, including 429. */
  metricRefusedShare(options?: MetricOptions): MathExpression;
  /** Percentage of requests with status 429. */
  metricThrottledShare(options?: MetricOptions): MathExpression;
  /** Time from a request to the end of its response, in milliseconds. */
  metricLatency(options?: GatewayLatencyOptions): Metric;
}

/** Metrics that new and imported gateways have in common. */
export abstract class InferenceGatewayBase extends Construct implements IInferenceGateway {
  /** URL for requests of callers. */
  public abstract readonly url: string;
  /** ID of the REST API. */
  public abstract readonly restApiId: string;
  /** Maximum duration of a request. */
  public abstract readonly timeout: Duration;
  /** @internal Name of the REST API, which is the dimension of its metrics. */
  protected abstract readonly restApiName?: string;

  /** Allows a principal to call the gateway. */
  abstract grantInvoke(grantee: IGrantable): Grant;

  /** Number of requests per minute. */
  metricRequests(options: MetricOptions = {}): Metric {
    return requestsMetric(this.checkedName(options), options);
  }

  /** Percentage of requests with a 5xx status. */
  metricErrorShare(options: MetricOptions = {}): MathExpression {
    const name = this.checkedName(options);
    return shareOfRequests(name, 'failed', (source) => apiMetric(name, '5XXError', source), options);
  }

  /** Percentage of requests with a 4xx status, including 429. */
  metricRefusedShare(options: MetricOptions = {}): MathExpression {
    const name = this.checkedName(options);
    return shareOfRequests(name, 'refused', (source) => apiMetric(name, '4XXError', source), options);
  }

  /**
   * Percentage of requests with status 429, counted from access logs. API Gateway does not log every request if many get status 429.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-monitor.html
   */
  metricThrottledShare(options: MetricOptions = {}): MathExpression {
    const { restApiId } = this;
    const name = this.checkedName(options);
    return shareOfRequests(name, 'throttled', (source) => throttledMetric(restApiId, source), options);
  }

  /** Time from a request to the end of its response, in milliseconds. */
  metricLatency(options: GatewayLatencyOptions = {}): Metric {
    const name = this.checkedName(options);
    const { percentile = 99, ...metric } = options;
    return apiMetric(name, 'Latency', { statistic: Stats.p(percentile), ...metric });
  }

  /** The name of the API, after a check of the options. */
  private checkedName(options: GatewayLatencyOptions): string {
    const problems = new ProblemCollector();
    validateProps(problems, options, GATEWAY_LATENCY_OPTIONS, 'options');
    if (this.restApiName === undefined) {
      problems.add({
        code: 'ValueMissing',
        prop: 'restApiName',
        allowed: 'the name of the REST API, which is the dimension of its metrics',
        got: undefined,
        fix: 'Set it in InferenceGateway.fromInferenceGatewayAttributes.',
      });
    }
    problems.throwIfAny(this);
    return this.restApiName!;
  }
}

/**
 * A metric that API Gateway publishes for an API every minute.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
 */
export function apiMetric(restApiName: string, metricName: string, options: Partial<MetricProps> = {}): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiName: restApiName },
    statistic: Stats.SUM,
    period: Duration.minutes(1),
    ...options,
  });
}

/** Requests per minute, with any result. */
export function requestsMetric(restApiName: string, options: MetricOptions = {}): Metric {
  return apiMetric(restApiName, 'Count', { statistic: Stats.SAMPLE_COUNT, ...options });
}

/** Percentage of the requests that a metric counts. A missing value counts as 0. */
export function shareOfRequests(
  restApiName: string,
  part: 'failed' | 'refused' | 'throttled',
  metric: (options: MetricOptions) => Metric,
  options: MetricOptions = {},
): MathExpression {
  const { label = `${part[0]!.toUpperCase()}${part.slice(1)} requests, %`, color, ...source } = options;
  const { period = Duration.minutes(1) } = options;
  return new MathExpression({
    label,
    color,
    expression: `IF(requests > 0, 100 * FILL(${part}, 0) / requests, 0)`,
    usingMetrics: {
      requests: requestsMetric(restApiName, { ...source, statistic: Stats.SAMPLE_COUNT }),
      [part]: metric({ ...source, statistic: Stats.SUM }),
    },
    period,
  });
}

const THROTTLED = { namespace: 'AiInfra/InferenceGateway', metricName: 'ThrottledRequests' };

/** Counts status 429 in access logs. API Gateway itself publishes only one metric for all 4xx statuses. */
export function countThrottled(scope: Construct, logGroup: ILogGroup): void {
  new MetricFilter(scope, 'Throttled', {
    logGroup,
    filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
    metricNamespace: THROTTLED.namespace,
    metricName: THROTTLED.metricName,
    metricValue: '1',
    dimensions: { ApiId: '$.apiId' },
  });
}

/** Requests with status 429 per minute. The stage, a key or its quota, the firewall, or the model throttled them. */
export function throttledMetric(restApiId: string, options: MetricOptions = {}): Metric {
  return new Metric({
    ...THROTTLED,
    dimensionsMap: { ApiId: restApiId },
    statistic: Stats.SUM,
    period: Duration.minutes(1),
    ...options,
  });
}
