import { MathExpression, Metric, type MetricOptions, type MetricProps, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { assertProps } from '../../core/prop-schema';
import { ofModel, type PerModel } from './per-model';
import { ENDPOINT_LATENCY_OPTIONS } from '../prop-schemas';
import { Duration } from 'aws-cdk-lib';
import type { EndpointKindName } from './endpoint-kind';

/** Options for a metric of a model on an endpoint. */
export interface EndpointMetricOptions extends MetricOptions {
  /** Name of the model. @default - the first model */
  readonly model?: string;
}

/** Options for the latency of a model on an endpoint. */
export interface EndpointLatencyOptions extends EndpointMetricOptions {
  /** Percentile of the latency. `statistic` takes precedence. @default 99 */
  readonly percentile?: number;
}

/** An inference component of an endpoint. */
export interface IInferenceComponent {
  /** Name of the inference component, which callers pass along with the name of the endpoint. */
  readonly componentName: string;
}

/** A SageMaker endpoint: an `InferenceEndpoint` of this app, or an imported one. */
export interface IInferenceEndpoint extends IConstruct {
  /** Name of the endpoint. */
  readonly endpointName: string;
  /** ARN of the endpoint. */
  readonly endpointArn: string;
  /** Whether the endpoint writes its answers to a bucket. */
  readonly isAsynchronous: boolean;
  /** Names of the models, the first one first. Empty for an imported endpoint without names of components or variants. */
  readonly modelNames: readonly string[];
  /** Inference components by model name. Empty for an endpoint without inference components. */
  readonly components: PerModel<IInferenceComponent>;
  /** Plan of the load. @default - no plan for an imported endpoint, or without a load */
  readonly plan?: ServingPlan;
  /** Allows a principal to invoke the endpoint. */
  grantInvoke(grantee: IGrantable): Grant;
  /** Number of requests per minute. */
  metricInvocations(options?: EndpointMetricOptions): Metric;
  /** Percentage of requests that fail in the container. */
  metricErrorShare(options?: EndpointMetricOptions): MathExpression;
  /** Latency of complete responses, in microseconds. */
  metricLatency(options?: EndpointLatencyOptions): Metric;
  /** Concurrent requests per copy or instance. */
  metricConcurrency(options?: EndpointMetricOptions): Metric;
  /** Waiting requests per instance of an asynchronous endpoint. */
  metricBacklog(options?: MetricOptions): Metric;
  /** Utilization of the GPUs, in percent. */
  metricAcceleratorUtilization(options?: EndpointMetricOptions): Metric;
  /** Utilization of the GPU memory, in percent. */
  metricAcceleratorMemoryUtilization(options?: EndpointMetricOptions): Metric;
}

/** Metrics that new and imported endpoints have in common. */
export abstract class InferenceEndpointBase extends Construct implements IInferenceEndpoint {
  /** Name of the endpoint. */
  public abstract readonly endpointName: string;
  /** ARN of the endpoint. */
  public abstract readonly endpointArn: string;
  /** Whether the endpoint writes its answers to a bucket. */
  public abstract readonly isAsynchronous: boolean;
  /** Inference components by model name. Empty for an endpoint without inference components. */
  public abstract readonly components: PerModel<IInferenceComponent>;
  /** Plan of the load. @default - no plan for an imported endpoint, or without a load */
  public abstract readonly plan?: ServingPlan;
  /** @internal Metric dimensions of each model. */
  protected abstract readonly subjects: PerModel<MetricSubject>;

  /** Allows a principal to invoke the endpoint. */
  abstract grantInvoke(grantee: IGrantable): Grant;

  /** Names of the models, the first one first. */
  get modelNames(): readonly string[] {
    return Object.keys(this.subjects);
  }

  /** Number of requests per minute. */
  metricInvocations(options: EndpointMetricOptions = {}): Metric {
    const { subject, metric } = this.optionsOf(options);
    return modelMetric(subject, 'Invocations', metric);
  }

  /** Percentage of requests that fail in the container. */
  metricErrorShare(options: EndpointMetricOptions = {}): MathExpression {
    const { subject, metric } = this.optionsOf(options);
    return errorShare(subject, metric);
  }

  /** Latency of complete responses, in microseconds. */
  metricLatency(options: EndpointLatencyOptions = {}): Metric {
    const { subject, metric, percentile = 99 } = this.optionsOf(options);
    return modelMetric(subject, 'ModelLatency', { statistic: `p${percentile}`, ...metric });
  }

  /** Concurrent requests per copy or instance. */
  metricConcurrency(options: EndpointMetricOptions = {}): Metric {
    const { subject, metric } = this.optionsOf(options);
    return concurrencyMetric(subject, metric);
  }

  /** Waiting requests per instance of an asynchronous endpoint. */
  metricBacklog(options: MetricOptions = {}): Metric {
    return backlogMetric(this, 'ApproximateBacklogSizePerInstance', options);
  }

  /** Utilization of the GPUs, in percent. SageMaker publishes none for Trainium and Inferentia. */
  metricAcceleratorUtilization(options: EndpointMetricOptions = {}): Metric {
    const { subject, metric } = this.optionsOf(options);
    return utilizationMetric(subject, 'GPUUtilization', metric);
  }

  /** Utilization of the GPU memory, in percent. SageMaker publishes none for Trainium and Inferentia. */
  metricAcceleratorMemoryUtilization(options: EndpointMetricOptions = {}): Metric {
    const { subject, metric } = this.optionsOf(options);
    return utilizationMetric(subject, 'GPUMemoryUtilization', metric);
  }

  private optionsOf(options: EndpointLatencyOptions) {
    assertProps(options, ENDPOINT_LATENCY_OPTIONS, { scope: this, name: 'options' });
    const { model, percentile, ...metric } = options;
    return { subject: ofModel(this, this.subjects, model), percentile, metric };
  }
}

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
