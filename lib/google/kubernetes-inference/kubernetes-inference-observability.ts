import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { servingCharts, type ServingRule, servingRules } from '../../kubernetes/serving/serving-rules';
import { checkAlertEmails } from '../../terraform/alert-emails';
import { jsonText } from '../../terraform/json-text';
import { checkProviders } from '../../terraform/provider-checks';
import { AlertChannels } from '../operations/cost-budget';
import { KUBERNETES_INFERENCE_OBSERVABILITY_PROPS } from '../prop-schemas';
import { MonitoringAlertPolicy, MonitoringDashboard } from '../provider/google';
import type { KubernetesInference } from './kubernetes-inference';

/** Properties for `KubernetesInferenceObservability`. */
export interface KubernetesInferenceObservabilityProps {
  /** The model to monitor, on a new cluster, or on an existing one with `managedPrometheus` of `ClusterSource.fromCluster`. */
  readonly endpoint: KubernetesInference;
  /** Email addresses that receive alerts. @default - no email */
  readonly alertEmails?: readonly string[];
  /** Names of existing Cloud Monitoring notification channels that receive alerts. @default - alerts appear in the console only */
  readonly alertChannels?: readonly string[];
}

/**
 * A dashboard and alerts for a model on GKE, from the metrics of its servers: replicas, errors, time to the first token, and waiting requests.
 *
 * @see https://cloud.google.com/stackdriver/docs/managed-prometheus/query-cm
 * @see https://cloud.google.com/monitoring/promql/create-promql-alerts-api
 *
 * @example
 * ```ts
 * import { GoogleMachine, KubernetesInference, KubernetesInferenceObservability, ServingModel } from 'ai-infra-constructs/google';
 * import type { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const endpoint = new KubernetesInference(stack, 'Chat', {
 *   zone: 'us-central1-b',
 *   machine: GoogleMachine.G2_STANDARD_24,
 *   model: ServingModel.volume('models', { sizeGiB: 15 }),
 * });
 * new KubernetesInferenceObservability(stack, 'Observability', { endpoint, alertEmails: ['ml-oncall@example.com'] });
 * ```
 */
export class KubernetesInferenceObservability extends Construct {
  /** The dashboard. */
  public readonly dashboard: MonitoringDashboard;
  /** The email channels. @default - no `alertEmails` */
  public readonly alerts?: AlertChannels;
  /** Alert if more than 1% of requests fail. */
  public readonly errors: MonitoringAlertPolicy;
  /** Alert if no server runs for 5 minutes, also while the first one starts. @default - the model scales to zero */
  public readonly noReplica?: MonitoringAlertPolicy;
  /** Alert if requests wait for 15 minutes. @default - the server does not report waiting requests */
  public readonly queue?: MonitoringAlertPolicy;
  /** Alert if the first token takes longer than the target. @default - the load has no target, or the server does not report the time */
  public readonly latency?: MonitoringAlertPolicy;
  /** Alert if the model runs at its maximum number of replicas for 15 minutes. @default - the number of replicas is fixed */
  public readonly saturation?: MonitoringAlertPolicy;

  constructor(scope: Construct, id: string, props: KubernetesInferenceObservabilityProps) {
    super(scope, id);
    checkProviders(this);
    check(this, props);
    const { endpoint, alertEmails: emails = [], alertChannels = [] } = props;
    if (emails.length > 0) this.alerts = new AlertChannels(this, 'Alerts', { emails });
    const channels = [...(this.alerts?.channelIds ?? []), ...alertChannels];
    const { namespace, observed, cluster } = endpoint;
    // An existing cluster can have its ID as the name.
    const name = cluster.name.split('/').pop();
    const labels = `cluster="${name}",location="${cluster.location}",namespace="${namespace}"`;
    this.dashboard = new MonitoringDashboard(this, 'Dashboard', {
      dashboardJson: jsonText(dashboardOf(this.node.path, [...charts(endpoint, labels), accelerators(endpoint)])),
    });
    const rules = servingRules({ ...observed, labels });
    const alert = (ruleId: ServingRule['id']) => {
      const rule = rules.find((one) => one.id === ruleId);
      return rule && new MonitoringAlertPolicy(this, ruleId, alertPolicy(this.node.path, rule, channels));
    };
    this.errors = alert('Errors')!;
    this.noReplica = alert('NoReplica');
    this.queue = alert('Queue');
    this.latency = alert('Latency');
    this.saturation = alert('Saturation');
  }
}

function check(scope: Construct, props: KubernetesInferenceObservabilityProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, KUBERNETES_INFERENCE_OBSERVABILITY_PROPS)) {
    checkAlertEmails(problems, 'alertEmails', props.alertEmails);
    if (!props.endpoint.isObserved) {
      problems.add({
        code: 'EndpointOption',
        prop: 'endpoint',
        allowed: 'a model whose metrics Managed Service for Prometheus collects',
        got: 'a model on an existing cluster without `managedPrometheus`',
        fix: 'Set managedPrometheus of ClusterSource.fromCluster to true if managed collection runs in the cluster.',
      });
    }
  }
  problems.throwIfAny(scope);
}

function charts({ observed }: KubernetesInference, labels: string) {
  return servingCharts({ ...observed, labels }).map(({ title, expressions }) => chart(title, expressions));
}

/** @see https://cloud.google.com/monitoring/api/metrics_kubernetes */
function accelerators({ namespace, cluster }: KubernetesInference) {
  const labels = [
    'monitored_resource="k8s_container"',
    `location="${cluster.location}"`,
    `cluster_name="${cluster.name.split('/').pop()}"`,
    `namespace_name="${namespace}"`,
  ];
  return chart('Accelerator utilization, %', [
    `avg(avg_over_time(kubernetes_io:container_accelerator_duty_cycle{${labels.join(',')}}[5m]))`,
  ]);
}

function chart(title: string, expressions: readonly string[]) {
  const dataSets = expressions.map((prometheusQuery) => ({ plotType: 'LINE', timeSeriesQuery: { prometheusQuery } }));
  return { title, xyChart: { dataSets } };
}

function dashboardOf(displayName: string, widgets: readonly unknown[]) {
  // The API counts columns as a 64-bit number, which is a string in JSON.
  return { displayName, gridLayout: { columns: '2', widgets } };
}

/** 30 minutes, the minimum of Cloud Monitoring. @see https://cloud.google.com/monitoring/alerts/concepts-indepth */
const AUTO_CLOSE = '1800s';

function alertPolicy(path: string, { title, expression, minutes }: ServingRule, channels: readonly string[]) {
  return {
    displayName: `${path} ${title}`,
    combiner: 'OR',
    notificationChannels: channels.length > 0 ? [...channels] : undefined,
    alertStrategy: { autoClose: AUTO_CLOSE },
    conditions: [
      {
        displayName: title,
        conditionPrometheusQueryLanguage: {
          query: expression,
          duration: `${minutes * 60}s`,
          evaluationInterval: '60s',
          // The metrics exist only after the first server has started.
          disableMetricValidation: true,
        },
      },
    ],
  };
}
