import type { ChartRelease } from '../charts';
import type { KubernetesManifest } from '../manifest';
import type { ControllerChartProps } from '../controller-charts';
import { kedaChart, prometheusChart } from './charts';
import { type GatewayOptions, inferenceRoute } from './gateway';
import type { ModelSource } from './model-files';
import { modelServing, servingNamespace } from './model-serving';
import type { ServingCache } from './serving-cache';
import type { SizedServing } from './serving-defaults';
import type { ModelServingProps, ServingClient } from './serving-props';
import type { ServingScaling } from './serving-scaling';

/** A model whose props are settled, as its objects on any cluster are made from it. */
export interface ServedModel extends Omit<SizedServing, 'machines' | 'plan'> {
  readonly props: {
    readonly name: string;
    readonly namespace: string;
    readonly model: { readonly sizeGiB: number; readonly source: (address?: string) => ModelSource };
    readonly cache: ServingCache;
    readonly scaling: ServingScaling;
    readonly ingress: { readonly route?: GatewayOptions };
    readonly existingCharts: readonly string[];
    /** @default - a new one */
    readonly cluster?: object;
  };
}

/** What each cloud says of its own. */
export interface ServedOn extends Pick<
  ModelServingProps,
  'pool' | 'surge' | 'egress' | 'fabricEnv' | 'identity' | 'nodeSelector'
> {
  /** Where the model is, or the name of a variable. @default - where it says itself */
  readonly modelAddress?: string;
  /** Addresses that may send requests beside pods of the namespace. @default - none */
  readonly clientCidrs?: readonly string[];
  /** Namespaces of what reads metrics beside the Prometheus that scales. @default - none */
  readonly collectors?: readonly string[];
}

/** The namespace of a model. @param byFabric whether its pods talk over a fabric, which takes rights */
export function namespaceOf({ props: { namespace, cache } }: ServedModel, byFabric: boolean): KubernetesManifest {
  return servingNamespace(namespace, { restricted: cache.cache.kind !== 'node' && !byFabric });
}

/** Servers of a model, their service, who may call them, and what scales them. */
export function servedModel(sized: ServedModel, on: ServedOn): KubernetesManifest[] {
  const { props, resolved, scale, acceleratorsPerReplica } = sized;
  const { name, namespace, model, cache, scaling } = props;
  const { modelAddress, clientCidrs = [], collectors = [], ...own } = on;
  const { metricsNamespace } = scaling;
  return modelServing({
    ...own,
    ...{ name, namespace, scale, acceleratorsPerReplica },
    server: resolved,
    source: model.source(modelAddress),
    cache: cache.cache,
    weightsGiB: model.sizeGiB,
    clients: clientsOf(props, clientCidrs),
    metricsNamespaces: [...(metricsNamespace === undefined ? [] : [metricsNamespace]), ...collectors],
  });
}

/** Pods of the namespace, and whatever the way in sends from. */
function clientsOf({ namespace, ingress }: ServedModel['props'], cidrs: readonly string[]): ServingClient[] {
  return [
    { namespace },
    ...cidrs.map((cidr) => ({ cidr })),
    ...(ingress.route ? [{ namespace: ingress.route.gateway.namespace }] : []),
  ];
}

/** The way in through a gateway that the cluster has; nothing where there is another. */
export function routeTo({ props: { name, namespace, ingress }, resolved }: ServedModel): KubernetesManifest[] {
  return ingress.route ? inferenceRoute({ ...ingress.route, name, namespace, port: resolved.port }) : [];
}

/** Charts that a model asks for on every cluster. */
export function scalingCharts({ props: { scaling } }: ServedModel, on: ControllerChartProps): ChartRelease[] {
  return [
    ...(scaling.kind === 'keda' ? [kedaChart(on)] : []),
    ...(scaling.needsPrometheus ? [prometheusChart(on)] : []),
  ];
}

/** Charts that are not on the cluster already. */
export function notRunning({ props }: ServedModel, wanted: readonly ChartRelease[]): ChartRelease[] {
  return wanted.filter(({ chart }) => !props.existingCharts.includes(chart));
}

/** Agents run on the machines of one model: in a cluster that has others, each has agents of its own. */
export function ofThisModel({ props: { cluster, name } }: ServedModel): (release: ChartRelease) => ChartRelease {
  return (release) => (cluster ? { ...release, release: `${release.release}-${name}` } : release);
}
