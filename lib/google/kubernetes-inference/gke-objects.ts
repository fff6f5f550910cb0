import type { KubernetesManifest } from '../../kubernetes';
import { serverLabels, servingSelector } from '../../kubernetes';
import { internalService } from '../../kubernetes/serving/internal-service';
import type { ServerIdentity } from './inference-manifests';

/**
 * A ComputeClass: the node pools of a model in the order in which GKE fills them, spot machines first and then their fallback.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/reference/crds/computeclass
 */
export function computeClass(name: string, pools: readonly string[]): KubernetesManifest {
  return {
    apiVersion: 'cloud.google.com/v1',
    kind: 'ComputeClass',
    metadata: { name },
    spec: {
      priorities: pools.map((pool) => ({ nodepools: [pool] })),
      nodePoolAutoCreation: { enabled: false },
      whenUnsatisfiable: 'DoNotScaleUp',
    },
  };
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
