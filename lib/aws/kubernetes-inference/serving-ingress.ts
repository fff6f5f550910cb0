import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IConnectable } from 'aws-cdk-lib/aws-ec2';
import { branded, assertProps, hasMembers, type PropType, listOf, type PropSchema } from '../../core/prop-schema';
import { GATEWAY, type GatewayOptions } from '../../kubernetes/serving/gateway';
import { CONNECTABLE } from '../props/prop-types';

/** Options for an internal load balancer. */
export interface InternalLoadBalancerOptions {
  /** Clients that can send requests. @default - no clients. Add some with `loadBalancer.connections.allowFrom(…)` */
  readonly clients?: readonly IConnectable[];
  /** Certificate of the host name that clients use. Enables TLS on port 443. @default - plain HTTP on port 80 */
  readonly certificate?: ICertificate;
}

/** How requests reach a model. Access is always private. */
export class ServingIngress {
  /** A Kubernetes service for pods of the same namespace. */
  static clusterOnly(): ServingIngress {
    return new ServingIngress('cluster');
  }

  /** An internal network load balancer that sends requests directly to the pods. */
  static internalLoadBalancer(options: InternalLoadBalancerOptions = {}): ServingIngress {
    assertProps(options, LOAD_BALANCER, { name: 'options' });
    return new ServingIngress('load-balancer', options);
  }

  /** An inference pool behind an existing gateway of the cluster. Its endpoint picker selects a replica for each request. */
  static gateway(options: GatewayOptions): ServingIngress {
    assertProps(options, GATEWAY, { name: 'options' });
    return new ServingIngress('gateway', {}, options);
  }

  private constructor(
    /** @internal */
    readonly kind: 'cluster' | 'load-balancer' | 'gateway',
    /** @internal */
    readonly balancer: InternalLoadBalancerOptions = {},
    /** @internal */
    readonly route?: GatewayOptions,
  ) {}
}

/** Prop type of an ingress, from any copy of the package. */
export const SERVING_INGRESS: PropType = branded(
  ServingIngress,
  'ServingIngress',
  'a ServingIngress',
  'Use a factory of ServingIngress, for example ServingIngress.internalLoadBalancer().',
);

const LOAD_BALANCER: PropSchema<InternalLoadBalancerOptions> = {
  clients: listOf(CONNECTABLE),
  certificate: hasMembers(
    'a certificate',
    ['certificateArn'],
    'Pass the certificate, for example Certificate.fromCertificateArn(…).',
  ),
};
