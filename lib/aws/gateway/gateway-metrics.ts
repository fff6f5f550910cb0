import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type MetricOptions, type MetricProps, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

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
