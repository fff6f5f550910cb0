import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import type { ReplicaLimits } from '../../core/planning/endpoint-load';
import { promisedMs } from '../../core/planning/promised-time';
import { fits, having, type Kind, listOf, required, type Shape, TEXT } from '../../core/shapes';
import { SERVING_LOAD, type ServingLoad } from '../../core/workload/serving-load';
import { jsonText } from '../../terraform/json-text';
import { MonitoringAlertPolicy, MonitoringDashboard } from '../provider/google';
import { alertPolicy, type AlertRule } from './alert-rules';
import type { EndpointMetrics, MetricQuery } from './endpoint-metrics';

/** What is observed: an `InferenceEndpoint` or a `CloudRunInference`. */
export interface ObservedEndpoint {
  readonly metrics: EndpointMetrics;
  /** Fewest and most replicas. */
  readonly limits: ReplicaLimits;
}

/** Properties for `InferenceObservability`. */
export interface InferenceObservabilityProps {
  readonly endpoint: ObservedEndpoint;
  /** Whose latency is promised. @default - nothing is: latency alerts nobody */
  readonly load?: ServingLoad;
  /** Ids of channels of Cloud Monitoring that are told. @default - alerts show in the console alone */
  readonly channels?: readonly string[];
}

const OBSERVED: Kind = having(
  'an InferenceEndpoint or a CloudRunInference',
  ['metrics', 'limits'],
  'Pass the endpoint itself.',
);

const SHAPE: Shape<InferenceObservabilityProps> = {
  endpoint: required(OBSERVED),
  load: SERVING_LOAD,
  channels: listOf(TEXT),
};

/** Share of failed requests that is too much. Our choice, the same as on AWS. */
const MOST_ERRORS = 0.01;
/** Seconds that it must last: one bad minute wakes nobody. */
const SHORT = 180;
/** Seconds at the most replicas after which there should have been more. */
const LONG = 900;

/**
 * What an endpoint shows: requests, failures, time, replicas and accelerators on one dashboard, and alerts where it fails, is late, or stands
 * at its most replicas.
 */
export class InferenceObservability extends Construct {
  public readonly dashboard: MonitoringDashboard;
  /** More than 1 % of requests fail. */
  public readonly errors: MonitoringAlertPolicy;
  /** Answers take longer than is promised. @default - no latency is promised */
  public readonly latency?: MonitoringAlertPolicy;
  /** All replicas that may be are there. @default - their number is fixed */
  public readonly saturation?: MonitoringAlertPolicy;
  private readonly channels: readonly string[];

  constructor(scope: Construct, id: string, props: InferenceObservabilityProps) {
    super(scope, id);
    check(this, props);
    const { endpoint, load, channels = [] } = props;
    const { metrics, limits } = endpoint;
    this.channels = channels;
    this.dashboard = new MonitoringDashboard(this, 'Dashboard', { dashboardJson: jsonText(this.dashboardOf(metrics)) });
    this.errors = this.alert('Errors', {
      title: 'fails more than 1 % of requests',
      query: metrics.errors,
      outOf: metrics.requests,
      above: MOST_ERRORS,
      seconds: SHORT,
    });
    const limitMs = load && promisedMs(load);
    if (limitMs !== undefined) {
      const query = metrics.latency(percentileOf(load!.percentile));
      this.latency = this.alert('Latency', {
        title: `takes longer than ${limitMs} ms`,
        query,
        above: limitMs,
        seconds: SHORT,
      });
    }
    if (limits.maximum > limits.minimum) {
      // A mean is below the most while the last one comes and goes.
      const above = limits.maximum - 0.5;
      const title = `stands at its most, ${limits.maximum} replicas`;
      this.saturation = this.alert('Saturation', { title, query: metrics.replicas, above, seconds: LONG });
    }
  }

  private alert(id: string, rule: AlertRule): MonitoringAlertPolicy {
    const { path } = this.node;
    return new MonitoringAlertPolicy(this, id, alertPolicy(path, rule, this.channels));
  }

  private dashboardOf({ requests, errors, latency, replicas, acceleratorUse }: EndpointMetrics) {
    const widgets = [
      chart('Requests a second', [requests]),
      chart('Failed requests a second', [errors]),
      chart('Whole answers, ms: half of them, and 99 %', [latency(50), latency(99)]),
      chart('Replicas', [replicas]),
      chart('Use of the accelerators', [acceleratorUse]),
    ];
    // The API counts columns in 64 bits, which JSON holds as text.
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

/** Percentiles that Cloud Monitoring has: the next one that promises no less. */
function percentileOf(percentile: number): 50 | 95 | 99 {
  return percentile <= 50 ? 50 : percentile <= 95 ? 95 : 99;
}

function check(scope: Construct, props: InferenceObservabilityProps): void {
  const problems = new Problems();
  fits(problems, props, SHAPE);
  problems.throwIfAny(scope);
}
