import type { ChartRelease } from '../charts';
import type { KubernetesManifest } from '../manifest';
import type { ControllerChartProps } from '../controller-charts';
import { kedaChart, prometheusChart } from './charts';
import { type GatewayOptions, inferenceRoute } from './gateway';
import type { ModelSource } from './model-files';
import { modelServing, servingNamespace } from './model-serving';
import type { ServingCache } from './serving-cache';
import type { ResolvedServing } from './serving-defaults';
import type { ModelServingProps, ServingClient } from './serving-props';
import type { ServingScaling } from './serving-scaling';

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

/** Returns the charts that are not installed on the cluster. */
export function withoutExistingCharts({ props }: ServedModel, charts: readonly ChartRelease[]): ChartRelease[] {
  return charts.filter(({ chart }) => !props.existingCharts.includes(chart));
}

/** Returns a function that makes the release name of an agent unique on an existing cluster, where each model has its own agents. */
export function withModelSuffix({ props: { cluster, name } }: ServedModel): (release: ChartRelease) => ChartRelease {
  return (release) => (cluster ? { ...release, release: `${release.release}-${name}` } : release);
}
