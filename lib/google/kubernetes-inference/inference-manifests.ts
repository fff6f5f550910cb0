import {
  type ChartRelease,
  endpointPicker,
  inferenceRoute,
  type KubernetesManifest,
  leaderWorkerSetChart,
  type ModelServer,
  PICKER_PORT,
  pickerKinds,
  pickerName,
} from '../../kubernetes';
import {
  namespaceOf,
  withoutExistingCharts,
  routeTo,
  scalingCharts,
  servedModel,
} from '../../kubernetes/serving/served-model';
import { adminBinding } from '../cluster/cluster-admins';
import type { AcceleratorNetwork } from '../network/accelerator-networks';
import { fabricInstallers } from '../nodes/fabric-installer';
import { computeClass, gatewayObjects, internalBalancer, podMonitoring } from './gke-objects';
import { acceleratorPoolOf, nodeSelectorOf } from './inference-pool';
import type { ResolvedInference } from './resolved-inference';

/** Name, namespace and server of a model. */
export interface ServerIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly server: ModelServer;
}

/** Deployment values in manifests: tokens, or names of variables. */
export interface InferenceValues {
  /** Address of the model, without a trailing slash. @default - the model is not in a bucket */
  readonly modelAddress?: string;
  /** Networks of the additional interfaces. */
  readonly networks: readonly AcceleratorNetwork[];
  /** Kubernetes objects of these networks. */
  readonly networkObjects: readonly KubernetesManifest[];
  /** Name of the reserved address of the load balancer or gateway. @default - Google chooses an address */
  readonly address?: string;
  /** CIDR block of the gateway proxies. @default - no gateway */
  readonly proxyCidr?: string;
  /** Names of the node pools of the ComputeClass. @default - one node pool, without a ComputeClass */
  readonly pools?: readonly string[];
  /** Whether the cluster uses Managed Service for Prometheus. */
  readonly managedPrometheus: boolean;
}

/** The pinned charts of a model, and its objects. */
export interface InferenceManifests {
  readonly releases: readonly ChartRelease[];
  readonly manifests: readonly KubernetesManifest[];
}

/**
 * Addresses of the metadata server, which gives pods their identity: with Dataplane V2, and without it. Recalled, unverified.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 */
export const IDENTITY_SERVERS = [
  { cidr: '169.254.169.254/32', port: 80 },
  { cidr: '169.254.169.252/32', port: 988 },
];

/** Source addresses of health checks. @see https://cloud.google.com/load-balancing/docs/health-checks#firewall_rules */
const HEALTH_CHECKS = ['35.191.0.0/16', '130.211.0.0/22'];

/** Namespaces of the collectors of Managed Service for Prometheus, in Standard and in Autopilot clusters. Recalled, unverified. */
const COLLECTORS = ['gmp-system', 'gke-gmp-system'];

/** Returns the charts and objects of a model. */
export function inferenceManifests(sized: ResolvedInference, values: InferenceValues): InferenceManifests {
  return { releases: releasesFor(sized), manifests: manifestsFor(sized, values) };
}

function releasesFor(sized: ResolvedInference): ChartRelease[] {
  const { props, spansMachines } = sized;
  const on = { system: { labels: props.systemLabels }, pools: [acceleratorPoolOf(sized)] };
  const charts = [...(spansMachines ? [leaderWorkerSetChart(on)] : []), ...scalingCharts(sized, on)];
  return withoutExistingCharts(sized, charts);
}

function manifestsFor(sized: ResolvedInference, values: InferenceValues): KubernetesManifest[] {
  const { props, resolved, spansMachines, surge } = sized;
  const { name, namespace, model, machine, ingress } = props;
  const { managedPrometheus, modelAddress, proxyCidr } = values;
  const pool = acceleratorPoolOf(sized, values.networks);
  const fabric = spansMachines && pool.fabric !== undefined;
  return [
    namespaceOf(sized, fabric),
    ...adminBinding(`${namespace}-admins`, props.cluster.admins),
    ...(fabric ? [...values.networkObjects, ...fabricInstallers([{ machine, pool }])] : []),
    ...(values.pools ? [computeClass(name, values.pools)] : []),
    ...servedModel(sized, {
      ...{ pool, surge, modelAddress },
      clientCidrs: proxyCidr === undefined ? ingress.balancer?.clientCidrs : [proxyCidr, ...HEALTH_CHECKS],
      collectors: managedPrometheus ? COLLECTORS : [],
      egress: model.bucket ? IDENTITY_SERVERS : [],
      nodeSelector: nodeSelectorOf(sized),
    }),
    ...(managedPrometheus ? [podMonitoring({ name, namespace, server: resolved })] : []),
    ...loadBalancerOf(sized, values),
  ];
}

function loadBalancerOf(sized: ResolvedInference, { address }: InferenceValues): KubernetesManifest[] {
  const { props, resolved } = sized;
  const { name, namespace, ingress, systemLabels, existingCharts } = props;
  const identity = { name, namespace, server: resolved };
  const route = { name, namespace, port: resolved.port };
  if (ingress.route) return routeTo(sized);
  if (ingress.balancer) return [internalBalancer(identity, ingress.balancer.clientCidrs, address)];
  if (!ingress.gateway) return [];
  const { certificate, hostnames } = ingress.gateway;
  const picker = { name: pickerName(name), port: PICKER_PORT };
  return [
    ...(existingCharts.includes('picker-kinds') ? [] : pickerKinds()),
    ...endpointPicker({ pool: name, namespace, system: { labels: systemLabels } }),
    ...gatewayObjects(identity, { address: address!, certificate }),
    ...inferenceRoute({ ...route, gateway: { name, namespace }, endpointPicker: picker, hostnames }),
  ];
}
