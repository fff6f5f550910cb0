import type { KubernetesManifest } from '../manifest';
import { serverLabels, servingSelector } from './labels';
import type { ModelServing, ServingClient } from './serving-props';

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
