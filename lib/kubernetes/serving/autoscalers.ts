import type { KubernetesManifest } from '../manifest';
import { serverLabels, servingSelector } from './labels';
import type { ScaleRange } from './scale';
import type { ModelServing } from './serving-props';
import { startupSeconds } from './startup';
import { referenceOf } from './workloads';

/** Share of the KV cache above which a replica is added, before the server evicts requests from the cache. */
const CACHE_TARGET = 0.8;

/** Creates the objects that scale the replicas. Returns an empty list for a fixed number of replicas. */
export function autoscalers(props: ModelServing): KubernetesManifest[] {
  const { scale } = props;
  if (scale.kind === 'fixed') return [];
  if (scale.kind === 'hpa') return [horizontal(props, scale)];
  return [podMonitor(props), scaledObject(props, scale)];
}

/** Creates the monitor that makes Prometheus scrape the pods. */
function podMonitor({ name, namespace, server }: ModelServing): KubernetesManifest {
  const port = server.metricsPort === server.port ? 'http' : 'metrics';
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name, namespace, labels: serverLabels(name) },
    spec: {
      selector: { matchLabels: servingSelector(name) },
      podMetricsEndpoints: [{ port, path: '/metrics', interval: '15s' }],
    },
  };
}

/**
 * Creates the KEDA object. It scales on running and waiting requests. Waiting requests alone do not show busy replicas, which would then be
 * removed.
 *
 * @see https://keda.sh/docs/latest/scalers/prometheus/
 */
function scaledObject(
  props: ModelServing,
  scale: Extract<ModelServing['scale'], { kind: 'keda' }>,
): KubernetesManifest {
  const { name, namespace, server, weightsGiB } = props;
  const { minReplicas: min, maxReplicas: max, targetConcurrency, prometheus, activation } = scale;
  const labels = `namespace="${namespace}",pod=~"${name}-.+"`;
  const trigger = (id: string, query: string, threshold: number, activation?: number) => ({
    type: 'prometheus',
    name: id,
    metricType: 'AverageValue',
    metadata: {
      serverAddress: prometheus,
      query,
      threshold: String(threshold),
      ...(activation !== undefined && { activationThreshold: String(activation) }),
    },
  });
  const { requests, cache } = server.metrics;
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name, namespace, labels: serverLabels(name) },
    spec: {
      scaleTargetRef: referenceOf(props),
      minReplicaCount: min,
      maxReplicaCount: max,
      pollingInterval: 15,
      // Scale to zero only after an idle time that is longer than the start of a replica.
      cooldownPeriod: startupSeconds(weightsGiB),
      // Do not remove replicas while Prometheus does not respond.
      ...(min > 0 && { fallback: { failureThreshold: 3, replicas: min, behavior: 'currentReplicasIfHigher' } }),
      advanced: { horizontalPodAutoscalerConfig: { behavior: behaviorOf(props) } },
      triggers: [
        trigger('requests', requests(labels), targetConcurrency),
        ...(cache ? [trigger('cache', cache(labels), CACHE_TARGET)] : []),
        ...(activation ? [trigger('activation', activation.query, ACTIVATION_THRESHOLD, activation.above ?? 0)] : []),
      ],
    },
  };
}

// The activation query only starts the first replica. This threshold is too high to add another one.
const ACTIVATION_THRESHOLD = 1_000_000_000;

/** Creates the HorizontalPodAutoscaler. It scales on metrics from a custom metrics adapter. */
function horizontal(
  props: ModelServing,
  { minReplicas: min, maxReplicas: max, targetConcurrency }: ScaleRange,
): KubernetesManifest {
  const { name, namespace, server } = props;
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace, labels: serverLabels(name) },
    spec: {
      scaleTargetRef: referenceOf(props),
      minReplicas: min,
      maxReplicas: max,
      behavior: behaviorOf(props),
      metrics: (server.metrics.gauges ?? []).map((metric) => ({
        type: 'Pods',
        pods: { metric: { name: metric }, target: { type: 'AverageValue', averageValue: String(targetConcurrency) } },
      })),
    },
  };
}

// A replica is slow to start. It is only removed if it was idle for as long as a start takes.
function behaviorOf({ weightsGiB }: ModelServing): Record<string, unknown> {
  const window = Math.min(3600, Math.max(300, startupSeconds(weightsGiB)));
  return {
    scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: 'Percent', value: 100, periodSeconds: 60 }] },
    scaleDown: {
      stabilizationWindowSeconds: window,
      policies: [{ type: 'Pods', value: 1, periodSeconds: 120 }],
    },
  };
}
