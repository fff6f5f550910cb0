import { type ChartRelease, releaseOf } from '../charts';
import { checkController, type ControllerChartProps } from '../controller-charts';
import { onSystemNodes } from '../placement';

/** Namespace and address of the Prometheus that `prometheusChart` installs. */
export const PROMETHEUS = {
  namespace: 'monitoring',
  address: 'http://serving-prometheus.monitoring.svc:9090',
} as const;

/** KEDA: replicas by what Prometheus says. */
export function kedaChart({ system, pools }: ControllerChartProps): ChartRelease {
  checkController(system, pools);
  return releaseOf('keda', {
    operator: onSystemNodes(system),
    metricsServer: onSystemNodes(system),
    webhooks: onSystemNodes(system),
  });
}

/** A small Prometheus that keeps the metrics of servers for a few hours, for an autoscaler to ask. It is no monitoring of a cluster. */
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
        // Monitors of any namespace count, whoever made them.
        podMonitorSelectorNilUsesHelmValues: false,
        resources: { requests: { cpu: '250m', memory: '1Gi' }, limits: { memory: '2Gi' } },
      },
    },
  });
}

/** LeaderWorkerSet: replicas of several pods that live and die together. */
export function leaderWorkerSetChart({ system, pools }: ControllerChartProps): ChartRelease {
  checkController(system, pools);
  return releaseOf('lws', onSystemNodes(system));
}

/** Properties for `karpenterChart`. */
export interface KarpenterChartProps extends ControllerChartProps {
  readonly clusterName: string;
  /** Name of the queue that tells of interruptions. */
  readonly interruptionQueue: string;
}

/**
 * Karpenter for AWS: a node for each pod that finds none. Its service account gets its rights from the cluster.
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
  readonly clusterName: string;
  readonly region: string;
  readonly vpcId: string;
}

/** AWS Load Balancer Controller, which keeps the targets of a load balancer that stands already. It makes none itself. */
export function loadBalancerControllerChart(props: LoadBalancerControllerChartProps): ChartRelease {
  const { system, pools, clusterName, region, vpcId } = props;
  checkController(system, pools);
  return releaseOf('aws-load-balancer-controller', {
    ...onSystemNodes(system),
    ...{ clusterName, region, vpcId },
    serviceAccount: { create: true, name: 'aws-load-balancer-controller' },
    // Its webhook on every service of the cluster would stand between the cluster and its services.
    enableServiceMutatorWebhook: false,
    createIngressClassResource: false,
    ingressClassParams: { create: false },
  });
}
