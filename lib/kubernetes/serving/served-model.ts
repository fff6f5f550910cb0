import { type ChartRelease, type ControllerChartProps, withAgentSuffix, withoutCharts } from '../controller-charts';
import { type KubernetesManifest, namespaceWith } from '../manifest';
import { kedaChart, prometheusChart } from './charts';
import { type GatewayOptions, inferenceRoute } from './gateway';
import type { ModelSource } from './model-files';
import type { ServingCache, ServingScaling, ScaleRange } from './scale';
import type { ResolvedServing, ModelServingProps, ServingClient, ModelServing } from './serving-props';
import { ProblemCollector } from '../../core/errors';
import { checkServing } from './serving-checks';
import { workload, referenceOf } from './workloads';
import { serverLabels, servingSelector } from './serving-pod';
import { startupSeconds } from './load-plan';

/** Served model with resolved props, from which the objects on any cluster are created. */
export interface ServedModel extends Omit<ResolvedServing, 'machines' | 'plan'> {
  readonly props: {
    readonly name: string;
    readonly namespace: string;
    readonly model: { readonly sizeGiB: number; readonly source: (address?: string) => ModelSource };
    readonly cache: ServingCache;
    readonly scaling: ServingScaling;
    readonly ingress: { readonly route?: GatewayOptions };
    readonly existingCharts: readonly string[];
    /** Existing cluster. @default - a new cluster */
    readonly cluster?: object;
  };
}

/** Options for `servedModel` that depend on the cloud. */
export interface ServedModelOptions extends Pick<
  ModelServingProps,
  'pool' | 'surge' | 'egress' | 'fabricEnv' | 'identity' | 'nodeSelector'
> {
  /** Address of the model, or the name of a variable. @default - the address in the model source */
  readonly modelAddress?: string;
  /** CIDR blocks of clients that can send requests, in addition to the pods of the namespace. @default - none */
  readonly clientCidrs?: readonly string[];
  /** Namespaces of metrics collectors in addition to the Prometheus server for scaling. @default - none */
  readonly collectors?: readonly string[];
}

/** Creates the namespace of a model. @param usesFabric whether its pods use a fabric, which needs privileges */
export function namespaceOf({ props: { namespace, cache } }: ServedModel, usesFabric: boolean): KubernetesManifest {
  return servingNamespace(namespace, { restricted: cache.cache.kind !== 'node' && !usesFabric });
}

/** Creates the servers of a model, their service and network policy, and the autoscaler. */
export function servedModel(model: ServedModel, options: ServedModelOptions): KubernetesManifest[] {
  const { props, resolved, scale, acceleratorsPerReplica } = model;
  const { name, namespace, cache, scaling } = props;
  const { modelAddress, clientCidrs = [], collectors = [], ...others } = options;
  const { metricsNamespace } = scaling;
  return modelServing({
    ...others,
    ...{ name, namespace, scale, acceleratorsPerReplica },
    server: resolved,
    source: props.model.source(modelAddress),
    cache: cache.cache,
    weightsGiB: props.model.sizeGiB,
    clients: clientsOf(props, clientCidrs),
    metricsNamespaces: [...(metricsNamespace === undefined ? [] : [metricsNamespace]), ...collectors],
  });
}

/** Returns the clients of a model: pods of the namespace, the load balancer and the gateway. */
function clientsOf({ namespace, ingress }: ServedModel['props'], cidrs: readonly string[]): ServingClient[] {
  return [
    { namespace },
    ...cidrs.map((cidr) => ({ cidr })),
    ...(ingress.route ? [{ namespace: ingress.route.gateway.namespace }] : []),
  ];
}

/** Creates the route through an existing gateway of the cluster, or returns an empty list for other kinds of ingress. */
export function routeTo({ props: { name, namespace, ingress }, resolved }: ServedModel): KubernetesManifest[] {
  return ingress.route ? inferenceRoute({ ...ingress.route, name, namespace, port: resolved.port }) : [];
}

/** Returns the charts for the scaling of a model. */
export function scalingCharts({ props: { scaling } }: ServedModel, on: ControllerChartProps): ChartRelease[] {
  return [
    ...(scaling.kind === 'keda' ? [kedaChart(on)] : []),
    ...(scaling.needsPrometheus ? [prometheusChart(on)] : []),
  ];
}

/** Returns the charts that are not installed on the cluster. On an existing cluster, each model has its own agents. */
export function chartsToInstall({ props }: ServedModel, charts: readonly ChartRelease[]): ChartRelease[] {
  const { existingCharts, cluster, name } = props;
  return withoutCharts(charts, existingCharts).map((chart) => (cluster ? withAgentSuffix(chart, name) : chart));
}

/**
 * Creates the objects that serve a model in a cluster: server replicas, service account, service, network policy and autoscaler. A replica
 * uses a part of a node, or several nodes as one group. The startup probe allows enough time to load the weights.
 *
 * Create the namespace with `servingNamespace`. Replicas on several nodes need the LeaderWorkerSet chart. KEDA needs its chart and a
 * Prometheus server.
 */
export function modelServing(props: ModelServingProps): KubernetesManifest[] {
  const serving: ModelServing = { ...props, cache: props.cache ?? { kind: 'pod' }, surge: props.surge ?? true };
  const problems = new ProblemCollector();
  checkServing(problems, serving);
  problems.throwIfAny();
  return [...guards(serving), workload(serving), ...autoscalers(serving)];
}

/**
 * Creates a namespace for models. By default it only admits pods that need no privileges on the node. Set `restricted` to false if pods lock
 * memory for a fabric, or cache models in a folder of the node.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function servingNamespace(name: string, { restricted = true } = {}): KubernetesManifest {
  return namespaceWith(name, restricted ? 'restricted' : 'privileged');
}

/** Creates the service account, service, pod disruption budget and network policy of a model. */
export function guards(props: ModelServing): KubernetesManifest[] {
  const { name, namespace, server, identity } = props;
  const metadata = { name, namespace, labels: serverLabels(name) };
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { ...metadata, ...(identity && { annotations: identity.annotations }) },
      automountServiceAccountToken: false,
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        type: 'ClusterIP',
        selector: servingSelector(name),
        ports: [{ name: 'http', port: server.port, targetPort: 'http', protocol: 'TCP' }],
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: servingSelector(name) },
        // A server that never became ready must not block the drain of its node.
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    },
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: networkPolicy(props) },
  ];
}

// The pods of a replica communicate on arbitrary ports. All other clients can only reach the request port and the metrics port.
function networkPolicy(props: ModelServing): Record<string, unknown> {
  const { name, namespace, server, clients = [{ namespace }], metricsNamespaces = [], egress = [] } = props;
  const same = { podSelector: { matchLabels: serverLabels(name) } };
  const tcp = (port: number) => ({ protocol: 'TCP', port });
  return {
    podSelector: { matchLabels: serverLabels(name) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: [same] },
      { from: clients.map(peerOf), ports: [tcp(server.port)] },
      ...(metricsNamespaces.length === 0
        ? []
        : [{ from: metricsNamespaces.map((each) => peerOf({ namespace: each })), ports: [tcp(server.metricsPort)] }]),
    ],
    egress: [
      { to: [same] },
      { ports: [{ protocol: 'UDP', port: 53 }, tcp(53)] },
      { ports: [tcp(443)] },
      ...egress.map(({ cidr, port }) => ({ to: [{ ipBlock: { cidr } }], ports: [tcp(port)] })),
    ],
  };
}

function peerOf(client: ServingClient): Record<string, unknown> {
  if ('cidr' in client) return { ipBlock: { cidr: client.cidr } };
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': client.namespace } },
    ...(client.labels && { podSelector: { matchLabels: client.labels } }),
  };
}

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
