import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IConnectable } from 'aws-cdk-lib/aws-ec2';
import { assertProps, brand } from '../../core/prop-schema';
import type { GatewayOptions } from '../../kubernetes/serving/gateway';
import { INTERNAL_LOAD_BALANCER_OPTIONS } from '../prop-schemas';
import { GATEWAY_OPTIONS } from '../../kubernetes/prop-schemas';

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
    assertProps(options, INTERNAL_LOAD_BALANCER_OPTIONS, { name: 'options' });
    return new ServingIngress('load-balancer', options);
  }

  /** An inference pool behind an existing gateway of the cluster. Its endpoint picker selects a replica for each request. */
  static gateway(options: GatewayOptions): ServingIngress {
    assertProps(options, GATEWAY_OPTIONS, { name: 'options' });
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

brand(ServingIngress, 'aws.ServingIngress');
