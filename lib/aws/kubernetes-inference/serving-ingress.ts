import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IConnectable } from 'aws-cdk-lib/aws-ec2';
import { branded, demand, having, type Kind, listOf, type Shape } from '../../core/shapes';
import { GATEWAY, type GatewayOptions } from '../../kubernetes/serving/gateway';
import { CONNECTABLE } from '../props/shapes';

/** Options for a load balancer inside the VPC. */
export interface InternalLoadBalancerOptions {
  /** Who may send requests. @default - nobody yet: `inference.loadBalancer.connections.allowFrom(…)` */
  readonly clients?: readonly IConnectable[];
  /** Certificate of the name that clients call: requests are encrypted on port 443. @default - they are not, on port 80 */
  readonly certificate?: ICertificate;
}

/** The way in to a served model. It is always private: a public face is another construct's. */
export class ServingIngress {
  /** A service of the cluster, for pods of the same namespace. */
  static clusterOnly(): ServingIngress {
    return new ServingIngress('cluster');
  }

  /** A network load balancer without a public address, straight to the pods. */
  static internalLoadBalancer(options: InternalLoadBalancerOptions = {}): ServingIngress {
    demand(options, LOAD_BALANCER, { name: 'options' });
    return new ServingIngress('load-balancer', options);
  }

  /** An inference pool behind a gateway that the cluster has: its endpoint picker sends each request to the replica that suits it best. */
  static gateway(options: GatewayOptions): ServingIngress {
    demand(options, GATEWAY, { name: 'options' });
    return new ServingIngress('gateway', {}, options);
  }

  private constructor(
    public readonly kind: 'cluster' | 'load-balancer' | 'gateway',
    /** @internal */
    readonly balancer: InternalLoadBalancerOptions = {},
    /** @internal */
    readonly route?: GatewayOptions,
  ) {}
}

/** An ingress, of whichever copy of the package. */
export const SERVING_INGRESS: Kind = branded(
  ServingIngress,
  'ServingIngress',
  'a ServingIngress',
  'Use ServingIngress.internalLoadBalancer() or its like.',
);

const LOAD_BALANCER: Shape<InternalLoadBalancerOptions> = {
  clients: listOf(CONNECTABLE),
  certificate: having('a certificate', ['certificateArn'], 'Pass the certificate itself.'),
};
