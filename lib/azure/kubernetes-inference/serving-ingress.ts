import { parseCidr } from '../../core/cidr';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import { checkRoute } from '../../kubernetes';
import type { GatewayOptions } from '../../kubernetes/serving/gateway';
import { isUnknown } from '../../terraform/tokens';
import { INTERNAL_LOAD_BALANCER_OPTIONS } from '../prop-schemas';
import { GATEWAY_OPTIONS } from '../../kubernetes/prop-schemas';

/** Options for a load balancer inside the network. */
export interface InternalLoadBalancerOptions {
  /** CIDR blocks that can send requests. At least one. */
  readonly clientCidrs: readonly string[];
  /** Static address: a free one in the subnet of the nodes. Other constructs can then use it. @default - Azure chooses one */
  readonly address?: string;
}

/** Access to a served model. It is always private: use an `InferenceGateway` for public access. */
export class ServingIngress {
  /** A cluster service, for pods of the same namespace. */
  static clusterOnly(): ServingIngress {
    return new ServingIngress('cluster');
  }

  /**
   * An internal Azure load balancer, which preserves the address of the client.
   *
   * @see https://learn.microsoft.com/en-us/azure/aks/internal-lb
   */
  static internalLoadBalancer(options: InternalLoadBalancerOptions): ServingIngress {
    assertProps(options, INTERNAL_LOAD_BALANCER_OPTIONS, { name: 'options' });
    return new ServingIngress('load-balancer', options);
  }

  /** An inference pool behind an existing gateway of the cluster. Its endpoint picker chooses the best replica for each request. */
  static gateway(options: GatewayOptions): ServingIngress {
    assertProps(options, GATEWAY_OPTIONS, { name: 'options' });
    return new ServingIngress('gateway', undefined, options);
  }

  private constructor(
    /** @internal The kind of ingress. */
    readonly kind: 'cluster' | 'load-balancer' | 'gateway',
    /** @internal */
    readonly balancer?: InternalLoadBalancerOptions,
    /** @internal */
    readonly route?: GatewayOptions,
  ) {}

  /** @internal Adds each problem of the ingress. */
  check(problems: ProblemCollector): void {
    if (this.route) checkRoute(problems, this.route);
    const { clientCidrs = [], address } = this.balancer ?? {};
    const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
      problems.add({ code: 'IngressInvalid', prop, allowed, got, fix });
    if (this.balancer && clientCidrs.length === 0)
      wrong('clientCidrs', 'a list with at least one CIDR block', clientCidrs, 'Add the subnet of a gateway.');
    clientCidrs.forEach((cidr, index) => {
      if (isUnknown(cidr) || parseCidr(cidr)) return;
      wrong(
        `clientCidrs[${index}]`,
        'an IPv4 CIDR block',
        cidr,
        'Use the first address of the block, for example 10.0.128.0/27.',
      );
    });
    if (address !== undefined && !isUnknown(address) && !parseCidr(`${address}/32`))
      wrong('address', 'an IPv4 address', address, 'Use a free address in the subnet of the nodes.');
  }
}

brand(ServingIngress, 'azure.ServingIngress');
