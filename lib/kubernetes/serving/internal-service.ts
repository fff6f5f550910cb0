import type { KubernetesManifest } from '../manifest';
import { servingSelector } from './labels';

/** Properties for `internalService`. */
export interface InternalServiceProps {
  /** Name of the deployment of the model. */
  readonly name: string;
  /** Namespace of the deployment. */
  readonly namespace: string;
  /** Port of the servers. */
  readonly port: number;
  /** CIDR blocks of the clients that can send requests. */
  readonly clientCidrs: readonly string[];
  /** Annotations that make the load balancer of the cloud internal. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Labels of the service. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Creates an internal passthrough load balancer. The servers and the network policy see the addresses of the clients. */
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
