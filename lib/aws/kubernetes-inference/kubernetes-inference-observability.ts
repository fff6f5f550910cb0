import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { assertProps } from '../../core/prop-schema';
import { KUBERNETES_INFERENCE_OBSERVABILITY_PROPS } from '../prop-schemas';
import type { KubernetesInference } from './kubernetes-inference';

/** Properties for `KubernetesInferenceObservability`. */
export interface KubernetesInferenceObservabilityProps {
  /** The model to monitor. An existing cluster needs the add-on `amazon-cloudwatch-observability`, which a new cluster has. */
  readonly endpoint: KubernetesInference;
  /** SNS topic that receives alarm notifications. @default - the alarms send no notifications */
  readonly alertTopic?: ITopic;
}

// All thresholds and durations are choices of this library.
const MAX_RESTARTS = 3;
const HOT_CELSIUS = 85;

/**
 * A dashboard and alarms for a model on EKS: replicas, nodes, restarts, accelerators, and the load balancer.
 *
 * CloudWatch has no latency of the responses. The servers publish it to Prometheus.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html
 *
 * @example
 * ```ts
 * import { AlertTopic, AwsMachine, KubernetesInference, KubernetesInferenceObservability, ServingModel } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Inference');
 * const endpoint = new KubernetesInference(stack, 'Chat', {
 *   machine: AwsMachine.G6E_12XLARGE,
 *   model: ServingModel.volume('models', { sizeGiB: 15 }),
 * });
 * const { topic } = new AlertTopic(stack, 'Alerts', { alertEmails: ['ml-oncall@example.com'] });
 * new KubernetesInferenceObservability(stack, 'Observability', { endpoint, alertTopic: topic });
 * ```
 */
export class KubernetesInferenceObservability extends Construct {
  /** The CloudWatch dashboard. */
  public readonly dashboard: Dashboard;
  /** Alarm if no replica is ready for 5 minutes, also while the first one starts. @default - the model scales to zero */
  public readonly noReplica?: Alarm;
  /** Alarm if the model runs at its maximum number of replicas for 15 minutes. @default - the number of replicas is fixed */
  public readonly saturation?: Alarm;
  /**
   * Alarm if fewer replicas are ready than the workload has, for `startMinutes` of the model. For example, there is no capacity or no quota, or the
   * image cannot be pulled.
   */
  public readonly pending: Alarm;
  /** Alarm if servers restart more than 3 times in 15 minutes. @default - a replica has several machines, so Kubernetes replaces its pods instead */
  public readonly restarts?: Alarm;
  /** Alarm if a node fails. */
  public readonly nodesFailed: Alarm;
  /** Alarm if a GPU is above 85 °C for 10 minutes. @default - the accelerators are not GPUs */
  public readonly hot?: Alarm;
  /** All alarms. */
  public readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: KubernetesInferenceObservabilityProps) {
    super(scope, id);
    assertProps(props, KUBERNETES_INFERENCE_OBSERVABILITY_PROPS, { scope: this });
    const { endpoint, alertTopic } = props;
    const { limits, machine, name } = endpoint;
    const metrics = metricsOf(endpoint);
    this.dashboard = this.createDashboard(endpoint, metrics);
    const { minReplicas, maxReplicas } = limits;
    if (minReplicas > 0) {
      this.noReplica = this.alarm('NoReplica', `${name} has no ready replica`, {
        ...{ metric: metrics.ready, threshold: 1, evaluationPeriods: 5 },
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        // Without ready pods, Container Insights publishes no number.
        treatMissingData: TreatMissingData.BREACHING,
      });
    }
    if (minReplicas < maxReplicas) {
      this.saturation = this.alarm('Saturation', `${name} runs at its maximum of ${maxReplicas} replicas`, {
        ...{ metric: metrics.ready, threshold: maxReplicas, evaluationPeriods: 15 },
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      });
    }
    this.pending = this.alarm('Pending', `A replica of ${name} does not start`, {
      ...{ metric: metrics.missing, threshold: 0, evaluationPeriods: endpoint.startMinutes },
    });
    if (metrics.restarts) {
      this.restarts = this.alarm('Restarts', `The servers of ${name} restart`, {
        ...{ metric: metrics.restarts, threshold: MAX_RESTARTS, evaluationPeriods: 1 },
      });
    }
    this.nodesFailed = this.alarm('NodesFailed', `A node of the cluster of ${name} has failed`, {
      ...{ metric: metrics.failedNodes, threshold: 0, evaluationPeriods: 5 },
    });
    if (!machine.isNeuron) {
      this.hot = this.alarm('AcceleratorsHot', `A GPU of ${name} is above ${HOT_CELSIUS} °C`, {
        ...{ metric: metrics.temperature, threshold: HOT_CELSIUS, evaluationPeriods: 10 },
      });
    }
    const all = [this.noReplica, this.saturation, this.pending, this.restarts, this.nodesFailed, this.hot];
    this.alarms = all.filter((alarm) => alarm !== undefined);
    if (alertTopic) this.alarms.forEach((alarm) => alarm.addAlarmAction(new SnsAction(alertTopic)));
  }

  private alarm(id: string, alarmDescription: string, props: AlarmProps): Alarm {
    return new Alarm(this, id, {
      alarmDescription,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // A cluster without nodes or pods publishes no metrics.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
    });
  }

  private createDashboard({ name, loadBalancer }: KubernetesInference, metrics: ServingMetrics): Dashboard {
    const dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(12) });
    dashboard.addWidgets(
      graph(`${name}: ready and missing replicas`, [metrics.ready, metrics.missing]),
      graph(`${name}: accelerators in use, %`, metrics.accelerators),
      ...(metrics.restarts ? [graph(`${name}: restarts`, [metrics.restarts])] : []),
    );
    dashboard.addWidgets(
      graph('Nodes', [metrics.nodes, metrics.failedNodes]),
      ...(loadBalancer
        ? [
            graph('Load balancer, connections', [
              loadBalancer.resource.metrics.activeFlowCount(),
              loadBalancer.resource.metrics.newFlowCount(),
            ]),
            graph('Load balancer, bytes', [loadBalancer.resource.metrics.processedBytes()]),
          ]
        : []),
    );
    return dashboard;
  }
}

interface ServingMetrics {
  /** Replicas that receive requests. */
  readonly ready: IMetric;
  /** Replicas that the workload has, but that are not ready. */
  readonly missing: IMetric;
  /** @default - the pods of a replica are replaced instead */
  readonly restarts?: IMetric;
  readonly accelerators: IMetric[];
  readonly temperature: IMetric;
  readonly nodes: IMetric;
  readonly failedNodes: IMetric;
}

// Names and dimensions: aws/amazon-cloudwatch-agent, translator/translate/otel/exporter/awsemf/kubernetes.go; read 2026-11-28.
// Replicas of a Deployment and of a StatefulSet have its name as `PodName`. The leaders of a LeaderWorkerSet are a StatefulSet of the same name.
// Source: amazon-contributing/opentelemetry-collector-contrib, receiver/awscontainerinsightreceiver/internal/k8sapiserver/k8sapiserver.go.
function metricsOf(endpoint: KubernetesInference): ServingMetrics {
  const { cluster, name, namespace, machine, loadBalancer } = endpoint;
  const insight = (metricName: string, statistic: string, dimensions: Record<string, string> = {}, minutes = 1) =>
    new Metric({
      namespace: 'ContainerInsights',
      metricName,
      statistic,
      period: Duration.minutes(minutes),
      dimensionsMap: { ClusterName: cluster.clusterName, ...dimensions },
    });
  const ofModel = { Namespace: namespace };
  const ofWorkload = { ...ofModel, PodName: name };
  const accelerators = machine.isNeuron
    ? ['pod_neuroncore_utilization']
    : ['pod_gpu_utilization', 'pod_gpu_memory_utilization'];
  return {
    ready: loadBalancer
      ? loadBalancer.targetGroup.metrics.healthyHostCount({ statistic: Stats.MINIMUM, period: Duration.minutes(1) })
      : insight('service_number_of_running_pods', Stats.MINIMUM, { ...ofModel, Service: name }),
    missing: new MathExpression({
      expression: 'desired - ready',
      label: 'Missing replicas',
      period: Duration.minutes(1),
      usingMetrics: {
        desired: insight('replicas_desired', Stats.MAXIMUM, ofWorkload),
        ready: insight('replicas_ready', Stats.MAXIMUM, ofWorkload),
      },
    }),
    // The pods of a replica on several machines are replaced after a restart, and have names of their own.
    ...(!endpoint.spansMachines && {
      restarts: insight('pod_number_of_container_restarts', Stats.SUM, ofWorkload, 15),
    }),
    accelerators: accelerators.map((metric) => insight(metric, Stats.AVERAGE, ofModel)),
    temperature: insight('pod_gpu_temperature', Stats.MAXIMUM, ofModel),
    nodes: insight('cluster_node_count', Stats.MAXIMUM),
    failedNodes: insight('cluster_failed_node_count', Stats.MAXIMUM),
  };
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8 });
}
