import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import type { ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import { maxResponseMs } from '../../core/planning/serving/serving-rate';
import { validateProps } from '../../core/prop-schema';
import type { ServingLoad } from '../../core/workload/serving-load';
import { jsonText } from '../../terraform/json-text';
import { checkAlertEmails } from '../../terraform/alert-emails';
import { checkProviders } from '../../terraform/provider-checks';
import { AlertChannels } from '../operations/cost-budget';
import { MonitoringAlertPolicy, MonitoringDashboard, type MonitoringAlertPolicyConfig } from '../provider/google';
import { INFERENCE_OBSERVABILITY_PROPS } from '../prop-schemas';

/** An endpoint with metrics, for example an `InferenceEndpoint` or a `CloudRunInference`. */
export interface ObservedEndpoint {
  /** Metrics of the endpoint in Cloud Monitoring. */
  readonly metrics: EndpointMetrics;
  /** Minimum and maximum number of replicas. @default - unknown: no alert when the endpoint runs at its maximum */
  readonly limits?: ReplicaLimits;
}

/** Properties for `InferenceObservability`. */
export interface InferenceObservabilityProps {
  /** Endpoint to observe. */
  readonly endpoint: ObservedEndpoint;
  /** Load whose latency targets the alerts use. @default - no latency alert */
  readonly load?: ServingLoad;
  /** Email addresses that receive alerts. @default - no email */
  readonly alertEmails?: readonly string[];
  /** Names of existing Cloud Monitoring notification channels that receive alerts. @default - alerts appear in the console only */
  readonly alertChannels?: readonly string[];
}

/** Fraction of failed requests above which an alert fires. Our choice, the same as on AWS. */
const MAX_ERRORS = 0.01;
/** Seconds for errors and latency: one bad minute does not fire an alert. */
const SHORT = 180;
/** Seconds at the maximum number of replicas. */
const LONG = 900;

/**
 * A dashboard and alerts for an endpoint. The dashboard shows requests, errors, latency, replicas and accelerators. The alerts cover errors,
 * latency above the target, and 15 minutes at the maximum number of replicas.
 *
 * @example
 * ```ts
 * import { InferenceEndpoint, InferenceObservability } from 'ai-infra-constructs/google';
 * import { App, TerraformStack } from 'cdktf';
 *
 * const stack = new TerraformStack(new App(), 'serving');
 * const endpoint = InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Chat', {
 *   endpointId: '1234567890',
 *   region: 'us-central1',
 * });
 * new InferenceObservability(stack, 'Observability', { endpoint, alertEmails: ['ml-oncall@example.com'] });
 * ```
 */
export class InferenceObservability extends Construct {
  /** The dashboard. */
  public readonly dashboard: MonitoringDashboard;
  /** The email channels. @default - no `alertEmails` */
  public readonly alerts?: AlertChannels;
  /** Alert if more than 1% of requests fail. */
  public readonly errors: MonitoringAlertPolicy;
  /** Alert if responses take longer than the latency target. @default - no latency target */
  public readonly latency?: MonitoringAlertPolicy;
  /** Alert if the endpoint runs at its maximum number of replicas. @default - the number of replicas is fixed or unknown */
  public readonly saturation?: MonitoringAlertPolicy;
  private readonly channels: readonly string[];

  constructor(scope: Construct, id: string, props: InferenceObservabilityProps) {
    super(scope, id);
    checkProviders(this);
    check(this, props);
    const { endpoint, load, alertEmails: emails = [], alertChannels = [] } = props;
    const { metrics, limits } = endpoint;
    if (emails.length > 0) this.alerts = new AlertChannels(this, 'Alerts', { emails });
    this.channels = [...(this.alerts?.channelIds ?? []), ...alertChannels];
    this.dashboard = new MonitoringDashboard(this, 'Dashboard', { dashboardJson: jsonText(this.dashboardOf(metrics)) });
    this.errors = this.alert('Errors', {
      title: 'fails more than 1% of requests',
      query: metrics.errors,
      outOf: metrics.requests,
      above: MAX_ERRORS,
      seconds: SHORT,
    });
    const limitMs = load && maxResponseMs(load);
    if (limitMs !== undefined) {
      const query = metrics.latency(percentileOf(load!.percentile));
      this.latency = this.alert('Latency', {
        title: `takes longer than ${limitMs} ms`,
        query,
        above: limitMs,
        seconds: SHORT,
      });
    }
    if (limits && limits.maxReplicas > limits.minReplicas) {
      // The mean is below the maximum while the last replica starts and stops.
      const above = limits.maxReplicas - 0.5;
      const title = `runs at its maximum of ${limits.maxReplicas} replicas`;
      this.saturation = this.alert('Saturation', { title, query: metrics.replicas, above, seconds: LONG });
    }
  }

  private alert(id: string, rule: AlertRule): MonitoringAlertPolicy {
    const { path } = this.node;
    return new MonitoringAlertPolicy(this, id, alertPolicy(path, rule, this.channels));
  }

  private dashboardOf({ requests, errors, latency, replicas, acceleratorUtilization }: EndpointMetrics) {
    const widgets = [
      chart('Requests per second', [requests]),
      chart('Failed requests per second', [errors]),
      chart('Latency of complete responses, ms: p50 and p99', [latency(50), latency(99)]),
      chart('Replicas', [replicas]),
      chart('Accelerator utilization', [acceleratorUtilization]),
    ];
    // The API counts columns as a 64-bit number, which is a string in JSON.
    return { displayName: this.node.path, gridLayout: { columns: '2', widgets } };
  }
}

function chart(title: string, queries: readonly MetricQuery[]) {
  const dataSets = queries.map(({ filter, aligner, reducer }) => ({
    plotType: 'LINE',
    timeSeriesQuery: {
      timeSeriesFilter: {
        filter,
        aggregation: { alignmentPeriod: '60s', perSeriesAligner: aligner, crossSeriesReducer: reducer },
      },
    },
  }));
  return { title, xyChart: { dataSets } };
}

/** Returns the next higher percentile that Cloud Monitoring supports. */
function percentileOf(percentile: number): 50 | 95 | 99 {
  return percentile <= 50 ? 50 : percentile <= 95 ? 95 : 99;
}

function check(scope: Construct, props: InferenceObservabilityProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, INFERENCE_OBSERVABILITY_PROPS))
    checkAlertEmails(problems, 'alertEmails', props.alertEmails);
  problems.throwIfAny(scope);
}

/** A time series of Cloud Monitoring, for alerts and charts of your own. */
export interface MetricQuery {
  /** Monitoring filter: the resource and the metric. */
  readonly filter: string;
  /**
   * Aligner of each series, by the name in the Cloud Monitoring API.
   *
   * @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Aligner
   */
  readonly aligner:
    'ALIGN_RATE' | 'ALIGN_DELTA' | 'ALIGN_MEAN' | 'ALIGN_PERCENTILE_50' | 'ALIGN_PERCENTILE_95' | 'ALIGN_PERCENTILE_99';
  /**
   * Reducer across the series, by the name in the Cloud Monitoring API.
   *
   * @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Reducer
   */
  readonly reducer: 'REDUCE_SUM' | 'REDUCE_MEAN' | 'REDUCE_MAX';
}

/** The metrics of an endpoint in Cloud Monitoring. */
export interface EndpointMetrics {
  /** Requests per second. */
  readonly requests: MetricQuery;
  /** Failed requests per second. */
  readonly errors: MetricQuery;
  /** Latency of complete responses in milliseconds, by percentile. */
  readonly latency: (percentile: 50 | 95 | 99) => MetricQuery;
  /** Number of replicas or instances. */
  readonly replicas: MetricQuery;
  /** Accelerator utilization, a fraction of the time. */
  readonly acceleratorUtilization: MetricQuery;
}

/**
 * Returns the metrics of a Cloud Run service. The name of the GPU metric comes from several users; the list itself was not read, unverified.
 *
 * @see https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run
 */
export function cloudRunMetrics(service: string, region: string): EndpointMetrics {
  const of = (metric: string, more = '') =>
    `resource.type="cloud_run_revision" AND resource.labels.service_name="${service}" AND resource.labels.location="${region}" AND metric.type="run.googleapis.com/${metric}"${more}`;
  return {
    requests: { filter: of('request_count'), aligner: 'ALIGN_RATE', reducer: 'REDUCE_SUM' },
    errors: {
      filter: of('request_count', ' AND metric.labels.response_code_class="5xx"'),
      aligner: 'ALIGN_RATE',
      reducer: 'REDUCE_SUM',
    },
    latency: (percentile) => ({
      filter: of('request_latencies'),
      aligner: `ALIGN_PERCENTILE_${percentile}`,
      reducer: 'REDUCE_MAX',
    }),
    replicas: { filter: of('container/instance_count'), aligner: 'ALIGN_MEAN', reducer: 'REDUCE_SUM' },
    acceleratorUtilization: {
      filter: of('container/gpu/utilizations'),
      aligner: 'ALIGN_PERCENTILE_50',
      reducer: 'REDUCE_MEAN',
    },
  };
}

/**
 * Returns the metrics of a Vertex AI endpoint, all of them in beta. Response codes are complete codes or classes.
 *
 * @see https://cloud.google.com/monitoring/api/metrics_gcp_a_b#gcp-aiplatform
 */
export function vertexMetrics(endpointId: string, region: string): EndpointMetrics {
  const of = (metric: string, more = '') =>
    `resource.type="aiplatform.googleapis.com/Endpoint" AND resource.labels.endpoint_id="${endpointId}" AND resource.labels.location="${region}" AND metric.type="aiplatform.googleapis.com/prediction/online/${metric}"${more}`;
  return {
    requests: { filter: of('response_count'), aligner: 'ALIGN_RATE', reducer: 'REDUCE_SUM' },
    errors: {
      filter: of('response_count', ' AND metric.labels.response_code=starts_with("5")'),
      aligner: 'ALIGN_RATE',
      reducer: 'REDUCE_SUM',
    },
    latency: (percentile) => ({
      filter: of('prediction_latencies', ' AND metric.labels.latency_type="total"'),
      aligner: `ALIGN_PERCENTILE_${percentile}`,
      reducer: 'REDUCE_MAX',
    }),
    replicas: { filter: of('replicas'), aligner: 'ALIGN_MEAN', reducer: 'REDUCE_SUM' },
    acceleratorUtilization: { filter: of('accelerator/duty_cycle'), aligner: 'ALIGN_MEAN', reducer: 'REDUCE_MEAN' },
  };
}

/** The condition of an alert. */
export interface AlertRule {
  /** What happens then, as the end of a sentence that starts with the endpoint. */
  readonly title: string;
  readonly query: MetricQuery;
  /** Denominator, if the threshold is a ratio. @default - the threshold is a plain value */
  readonly outOf?: MetricQuery;
  /** Threshold: the alert fires above it. */
  readonly above: number;
  /** How long the value must stay above the threshold. */
  readonly seconds: number;
}

/** Converts a rule to an alert policy of the provider. @param path the path of the construct, for the name of the policy */
export function alertPolicy(path: string, rule: AlertRule, channels: readonly string[]): MonitoringAlertPolicyConfig {
  const { title, query, outOf, above, seconds } = rule;
  return {
    displayName: `${path} ${title}`,
    combiner: 'OR',
    notificationChannels: channels.length > 0 ? [...channels] : undefined,
    alertStrategy: { autoClose: AUTO_CLOSE },
    conditions: [
      {
        displayName: title,
        conditionThreshold: {
          filter: query.filter,
          aggregations: aggregations(query),
          denominatorFilter: outOf?.filter,
          denominatorAggregations: outOf && aggregations(outOf),
          comparison: 'COMPARISON_GT',
          thresholdValue: above,
          duration: `${seconds}s`,
          // Without requests, no request can fail or be slow.
          evaluationMissingData: 'EVALUATION_MISSING_DATA_INACTIVE',
        },
      },
    ],
  };
}

/** 30 minutes, the minimum of Cloud Monitoring. @see https://cloud.google.com/monitoring/alerts/concepts-indepth */
const AUTO_CLOSE = '1800s';

function aggregations({ aligner, reducer }: MetricQuery) {
  return [{ alignmentPeriod: '60s', perSeriesAligner: aligner, crossSeriesReducer: reducer }];
}
