import type { Duration } from 'aws-cdk-lib';
import { type MathExpression, type Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { apiMetric, requestsMetric, shareOfRequests, throttledMetric } from './gateway-metrics';
import { GATEWAY_LATENCY_OPTIONS } from '../prop-schemas';

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
