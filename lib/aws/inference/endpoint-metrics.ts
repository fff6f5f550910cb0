import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type MetricOptions, type MetricProps, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { EndpointKindName } from './endpoint-kind';

/** Model whose metrics are read. SageMaker publishes the metrics of inference components under the name of the component. */
export interface MetricSubject {
  readonly kind: EndpointKindName;
  readonly endpointName: string;
  /** Name of the inference component or of the variant. */
  readonly name: string;
}

const INVOCATIONS = 'AWS/SageMaker';

/** A metric of one model, by the minute. */
export function modelMetric(subject: MetricSubject, metricName: string, options: Partial<MetricProps> = {}): Metric {
  return new Metric({
    namespace: INVOCATIONS,
    metricName,
    dimensionsMap: dimensionsOf(subject),
    period: Duration.minutes(1),
    statistic: Stats.SUM,
    ...options,
  });
}

/** Utilization of accelerators: the percentage of one for each, or of all if inference components share them. */
export function utilizationMetric(
  subject: MetricSubject,
  of: 'GPUUtilization' | 'GPUMemoryUtilization',
  options: MetricOptions = {},
): Metric {
  const components = subject.kind === 'components';
  return modelMetric(subject, components ? `${of}Normalized` : of, {
    namespace: components ? '/aws/sagemaker/InferenceComponents' : '/aws/sagemaker/Endpoints',
    statistic: Stats.AVERAGE,
    ...options,
  });
}

/** Concurrent requests per copy or instance. */
export function concurrencyMetric(subject: MetricSubject, options: MetricOptions = {}): Metric {
  const name = subject.kind === 'components' ? 'ConcurrentRequestsPerCopy' : 'ConcurrentRequestsPerModel';
  return modelMetric(subject, name, { statistic: Stats.AVERAGE, ...options });
}

/** A metric of the queue of an asynchronous endpoint. */
export function backlogMetric(
  { endpointName }: Pick<MetricSubject, 'endpointName'>,
  metricName: string,
  options: MetricOptions = {},
): Metric {
  return new Metric({
    namespace: INVOCATIONS,
    metricName,
    dimensionsMap: { EndpointName: endpointName },
    period: Duration.minutes(1),
    statistic: Stats.AVERAGE,
    ...options,
  });
}

/** Percentage of requests that failed in the container. */
export function errorShare(subject: MetricSubject, options: MetricOptions = {}): MathExpression {
  const { label = 'Failed requests, %', color, period = Duration.minutes(1), ...source } = options;
  return new MathExpression({
    label,
    color,
    expression: 'IF(requests > 0, 100 * errors / requests, 0)',
    usingMetrics: {
      requests: modelMetric(subject, 'Invocations', source),
      errors: modelMetric(subject, 'Invocation5XXErrors', source),
    },
    period,
  });
}

function dimensionsOf({ kind, endpointName, name }: MetricSubject): Record<string, string> {
  return kind === 'components' ? { InferenceComponentName: name } : { EndpointName: endpointName, VariantName: name };
}
