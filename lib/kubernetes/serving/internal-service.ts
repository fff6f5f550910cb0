import type { KubernetesManifest } from '../manifest';
import { servingSelector } from './labels';

/** Properties for `internalService`. */
export interface InternalServiceProps {
  /** Name of the model's deployment. */
  readonly name: string;
  readonly namespace: string;
  /** Port of the servers. */
  readonly port: number;
  /** Blocks of addresses that may send requests. */
  readonly clientCidrs: readonly string[];
  /** What tells the cloud that the load balancer is one of the network alone. */
  readonly annotations: Readonly<Record<string, string>>;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A passthrough load balancer inside the network: servers, and the network policy, see the addresses of clients. */
export function internalService(props: InternalServiceProps): KubernetesManifest {
  const { name, namespace, port, clientCidrs, annotations, labels } = props;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${name}-internal`, namespace, ...(labels && { labels }), annotations },
    spec: {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: [...clientCidrs],
      selector: servingSelector(name),
      ports: [{ name: 'http', port, targetPort: 'http', protocol: 'TCP' }],
    },
  };
}
