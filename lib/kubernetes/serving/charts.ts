import { type ChartRelease, releaseOf, checkController, type ControllerChartProps } from '../controller-charts';
import { onSystemNodes } from '../placement';

/** Namespace and URL of the Prometheus server that `prometheusChart` installs. */
export const PROMETHEUS = {
  namespace: 'monitoring',
  address: 'http://serving-prometheus.monitoring.svc:9090',
} as const;

/** Returns the KEDA chart. KEDA scales replicas on Prometheus metrics. */
export function kedaChart({ system, pools }: ControllerChartProps): ChartRelease {
  checkController(system, pools);
  return releaseOf('keda', {
    operator: onSystemNodes(system),
    metricsServer: onSystemNodes(system),
    webhooks: onSystemNodes(system),
  });
}

/** Returns the chart of a small Prometheus server that keeps server metrics for a few hours for an autoscaler. It does not monitor the cluster. */
export function prometheusChart({ system, pools }: ControllerChartProps): ChartRelease {
  checkController(system, pools);
  const off = { enabled: false };
  return releaseOf('kube-prometheus-stack', {
    fullnameOverride: 'serving',
    ...{ alertmanager: off, grafana: off, kubeStateMetrics: off, nodeExporter: off, kubernetesServiceMonitors: off },
    defaultRules: { create: false },
    prometheusOperator: {
      ...onSystemNodes(system),
      admissionWebhooks: { enabled: false },
      tls: off,
    },
    prometheus: {
      prometheusSpec: {
        ...onSystemNodes(system),
        retention: '6h',
        // Use pod monitors from all namespaces, not only those of this Helm release.
        podMonitorSelectorNilUsesHelmValues: false,
        resources: { requests: { cpu: '250m', memory: '1Gi' }, limits: { memory: '2Gi' } },
      },
    },
  });
}

/** Returns the LeaderWorkerSet chart. It manages replicas of several pods as one unit. */
export function leaderWorkerSetChart({ system, pools }: ControllerChartProps): ChartRelease {
  checkController(system, pools);
  return releaseOf('lws', onSystemNodes(system));
}

/** Properties for `karpenterChart`. */
export interface KarpenterChartProps extends ControllerChartProps {
  /** Name of the EKS cluster. */
  readonly clusterName: string;
  /** Name of the SQS queue for interruption events. */
  readonly interruptionQueue: string;
}

/**
 * Returns the Karpenter chart for AWS. Karpenter adds nodes for pods that cannot be scheduled. The cluster must grant its service account the
 * permissions.
 *
 * @see https://karpenter.sh/docs/reference/settings/
 */
export function karpenterChart({ system, pools, clusterName, interruptionQueue }: KarpenterChartProps): ChartRelease {
  checkController(system, pools);
  return releaseOf('karpenter', {
    ...onSystemNodes(system),
    settings: { clusterName, interruptionQueue, featureGates: { reservedCapacity: true } },
  });
}

/** Properties for `loadBalancerControllerChart`. */
export interface LoadBalancerControllerChartProps extends ControllerChartProps {
  /** Name of the EKS cluster. */
  readonly clusterName: string;
  /** Region of the cluster. */
  readonly region: string;
  /** ID of the VPC of the cluster. */
  readonly vpcId: string;
}

/** Returns the chart of the AWS Load Balancer Controller. It only updates the targets of an existing load balancer and never creates one. */
export function loadBalancerControllerChart(props: LoadBalancerControllerChartProps): ChartRelease {
  const { system, pools, clusterName, region, vpcId } = props;
  checkController(system, pools);
  return releaseOf('aws-load-balancer-controller', {
    ...onSystemNodes(system),
    ...{ clusterName, region, vpcId },
    serviceAccount: { create: true, name: 'aws-load-balancer-controller' },
    // A webhook on every service of the cluster could block the services.
    enableServiceMutatorWebhook: false,
    createIngressClassResource: false,
    ingressClassParams: { create: false },
  });
}
