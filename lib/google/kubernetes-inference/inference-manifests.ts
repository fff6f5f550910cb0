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
  serverLabels,
  servingSelector,
} from '../../kubernetes';
import {
  namespaceOf,
  chartsToInstall,
  routeTo,
  scalingCharts,
  servedModel,
} from '../../kubernetes/serving/served-model';
import { adminBinding } from '../cluster/cluster-source';
import type { AcceleratorNetwork } from '../network/accelerator-networks';
import { computeClass } from '../nodes/compute-class';
import { fabricInstallers } from '../nodes/fabric-installer';
import { acceleratorPoolOf, nodeSelectorOf } from './inference-nodes';
import type { ResolvedInference } from './resolved-inference';
import { internalService } from '../../kubernetes/serving/gateway';

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
  return chartsToInstall(sized, charts);
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

/**
 * Collects the metrics of each serving pod in Managed Service for Prometheus.
 *
 * @see https://cloud.google.com/stackdriver/docs/managed-prometheus/setup-managed
 */
export function podMonitoring({ name, namespace, server }: ServerIdentity): KubernetesManifest {
  const port = server.metricsPort === server.port ? 'http' : 'metrics';
  return {
    apiVersion: 'monitoring.googleapis.com/v1',
    kind: 'PodMonitoring',
    metadata: { name, namespace, labels: serverLabels(name) },
    spec: {
      selector: { matchLabels: servingSelector(name) },
      endpoints: [{ port, path: '/metrics', interval: '15s' }],
    },
  };
}

/**
 * A load balancer inside the network. Its health checks go to the node.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/internal-load-balancing
 */
export function internalBalancer(
  { name, namespace, server: { port } }: ServerIdentity,
  clientCidrs: readonly string[],
  address: string | undefined,
): KubernetesManifest {
  const annotations = {
    'networking.gke.io/load-balancer-type': 'Internal',
    ...(address !== undefined && { 'networking.gke.io/load-balancer-ip-addresses': address }),
  };
  return internalService({ name, namespace, port, clientCidrs, annotations, labels: serverLabels(name) });
}

/** Maximum seconds for a streamed response. Clients set their own limits. */
const LONGEST_ANSWER_SECONDS = 3600;

/** Address and certificate of the gateway of a model. */
export interface GatewayAddress {
  /** Name of the reserved address. */
  readonly address: string;
  /** Name of a regional certificate. @default - plain HTTP */
  readonly certificate?: string;
}

/**
 * The gateway of a model inside the network, with the health check and the timeout of its inference pool.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/deploy-gke-inference-gateway
 */
export function gatewayObjects(
  { name, namespace, server }: ServerIdentity,
  { address, certificate }: GatewayAddress,
): KubernetesManifest[] {
  const metadata = { name, namespace };
  const targetRef = { group: 'inference.networking.k8s.io', kind: 'InferencePool', name };
  const allowedRoutes = { namespaces: { from: 'Same' } };
  const listener =
    certificate === undefined
      ? { name: 'http', protocol: 'HTTP', port: 80, allowedRoutes }
      : {
          name: 'https',
          protocol: 'HTTPS',
          port: 443,
          tls: { mode: 'Terminate', options: { 'networking.gke.io/pre-shared-certs': certificate } },
          allowedRoutes,
        };
  return [
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata,
      spec: {
        gatewayClassName: 'gke-l7-rilb',
        addresses: [{ type: 'NamedAddress', value: address }],
        listeners: [listener],
      },
    },
    {
      apiVersion: 'networking.gke.io/v1',
      kind: 'HealthCheckPolicy',
      metadata,
      spec: {
        targetRef,
        default: { config: { type: 'HTTP', httpHealthCheck: { requestPath: server.readyPath, port: server.port } } },
      },
    },
    {
      apiVersion: 'networking.gke.io/v1',
      kind: 'GCPBackendPolicy',
      metadata,
      spec: { targetRef, default: { timeoutSec: LONGEST_ANSWER_SECONDS, logging: { enabled: true } } },
    },
  ];
}
