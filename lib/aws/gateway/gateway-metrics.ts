import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { MathExpression, Metric, type MetricProps, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * A metric that API Gateway publishes of an API, each minute.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
 */
export function apiMetric({ restApiName }: RestApi, metricName: string, options: Partial<MetricProps> = {}): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiName: restApiName },
    statistic: Stats.SUM,
    period: Duration.minutes(1),
    ...options,
  });
}

/** Requests of a minute, however they ended. */
export function requestsMetric(api: RestApi): Metric {
  return apiMetric(api, 'Count', { statistic: Stats.SAMPLE_COUNT });
}

/** Which part of the requests some are, in percent. What nobody counted was nothing. */
export function shareOfRequests(
  api: RestApi,
  part: 'failed' | 'refused' | 'throttled',
  metric: Metric,
): MathExpression {
  return new MathExpression({
    label: `${part[0]!.toUpperCase()}${part.slice(1)} requests, %`,
    expression: `IF(requests > 0, 100 * FILL(${part}, 0) / requests, 0)`,
    usingMetrics: { requests: requestsMetric(api), [part]: metric },
    period: Duration.minutes(1),
  });
}

const THROTTLED = { namespace: 'AiInfra/InferenceGateway', metricName: 'ThrottledRequests' };

/** Counts what access logs say of status 429: API Gateway itself has one metric for refusals of all kinds. */
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

/** Requests of a minute that were told to come back later: by the stage, a key or its quota, the firewall, or the model. */
export function throttledMetric({ restApiId }: RestApi): Metric {
  const dimensionsMap = { ApiId: restApiId };
  return new Metric({ ...THROTTLED, dimensionsMap, statistic: Stats.SUM, period: Duration.minutes(1) });
}
