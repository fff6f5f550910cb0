import type { KubernetesManifest } from '../manifest';
import { serverLabels, servingSelector } from './labels';
import type { ScaleRange } from './scale';
import type { ModelServing } from './serving-props';
import { startupSeconds } from './startup';
import { referenceOf } from './workloads';

/** Share of the cache of keys and values above which another replica comes, before requests are turned out of it. */
const CACHE_TARGET = 0.8;

/** What moves the number of replicas; nothing where it is fixed. */
export function autoscalers(props: ModelServing): KubernetesManifest[] {
  const { scale } = props;
  if (scale.kind === 'fixed') return [];
  if (scale.kind === 'hpa') return [horizontal(props, scale)];
  return [podMonitor(props), scaledObject(props, scale)];
}

/** Has Prometheus read the metrics of each pod that serves. */
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
 * By KEDA, on the requests that run and wait: those that wait alone say nothing of replicas that are just busy, and would take them
 * away.
 *
 * @see https://keda.sh/docs/latest/scalers/prometheus/
 */
function scaledObject(
  props: ModelServing,
  scale: Extract<ModelServing['scale'], { kind: 'keda' }>,
): KubernetesManifest {
  const { name, namespace, server, weightsGiB } = props;
  const { least, most, requestsPerReplica, prometheus, wakeUp } = scale;
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
      minReplicaCount: least,
      maxReplicaCount: most,
      pollingInterval: 15,
      // With nothing to do for so long, the last replica goes, too: longer than it would take to come back.
      cooldownPeriod: startupSeconds(weightsGiB),
      // While Prometheus does not answer, nothing is taken away.
      ...(least > 0 && { fallback: { failureThreshold: 3, replicas: least, behavior: 'currentReplicasIfHigher' } }),
      advanced: { horizontalPodAutoscalerConfig: { behavior: behaviorOf(props) } },
      triggers: [
        trigger('requests', requests(labels), requestsPerReplica),
        ...(cache ? [trigger('cache', cache(labels), CACHE_TARGET)] : []),
        ...(wakeUp ? [trigger('wake-up', wakeUp.query, WAKE_UP_THRESHOLD, wakeUp.above ?? 0)] : []),
      ],
    },
  };
}

// What wakes the first replica asks for no second one.
const WAKE_UP_THRESHOLD = 1_000_000_000;

/** By the autoscaler of Kubernetes, on metrics that an adapter of custom metrics offers. */
function horizontal(props: ModelServing, { least, most, requestsPerReplica }: ScaleRange): KubernetesManifest {
  const { name, namespace, server } = props;
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace, labels: serverLabels(name) },
    spec: {
      scaleTargetRef: referenceOf(props),
      minReplicas: least,
      maxReplicas: most,
      behavior: behaviorOf(props),
      metrics: (server.metrics.gauges ?? []).map((metric) => ({
        type: 'Pods',
        pods: { metric: { name: metric }, target: { type: 'AverageValue', averageValue: String(requestsPerReplica) } },
      })),
    },
  };
}

// A replica is dear and slow to come: it goes only when it was not needed for as long as it takes to come back.
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
