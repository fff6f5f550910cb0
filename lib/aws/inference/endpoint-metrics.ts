import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type MetricProps, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { EndpointKindName } from './endpoint-kind';

/** Whose metrics: SageMaker publishes those of components under their own name. */
export interface MetricSubject {
  readonly kind: EndpointKindName;
  readonly endpointName: string;
  /** Name of the component, or of the variant. */
  readonly name: string;
}

const INVOCATIONS = 'AWS/SageMaker';

/** A metric of one model on an endpoint, each minute. */
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

/** What accelerators do, in percent of one for each, or of all where components share them. */
export function useMetric(subject: MetricSubject, of: 'GPUUtilization' | 'GPUMemoryUtilization'): Metric {
  const components = subject.kind === 'components';
  return modelMetric(subject, components ? `${of}Normalized` : of, {
    namespace: components ? '/aws/sagemaker/InferenceComponents' : '/aws/sagemaker/Endpoints',
    statistic: Stats.AVERAGE,
  });
}

/** Requests at once of each copy, or of each instance. */
export function concurrencyMetric(subject: MetricSubject): Metric {
  const name = subject.kind === 'components' ? 'ConcurrentRequestsPerCopy' : 'ConcurrentRequestsPerModel';
  return modelMetric(subject, name, { statistic: Stats.AVERAGE });
}

/** Requests that wait for each instance of an asynchronous endpoint. */
export function backlogMetric({ endpointName }: Pick<MetricSubject, 'endpointName'>, metricName: string): Metric {
  return new Metric({
    namespace: INVOCATIONS,
    metricName,
    dimensionsMap: { EndpointName: endpointName },
    period: Duration.minutes(1),
    statistic: Stats.AVERAGE,
  });
}

/** Share of requests that a container failed, in percent. */
export function errorShare(subject: MetricSubject): MathExpression {
  return new MathExpression({
    label: 'Failed requests, %',
    expression: 'IF(requests > 0, 100 * errors / requests, 0)',
    usingMetrics: {
      requests: modelMetric(subject, 'Invocations'),
      errors: modelMetric(subject, 'Invocation5XXErrors'),
    },
    period: Duration.minutes(1),
  });
}

function dimensionsOf({ kind, endpointName, name }: MetricSubject): Record<string, string> {
  return kind === 'components' ? { InferenceComponentName: name } : { EndpointName: endpointName, VariantName: name };
}
