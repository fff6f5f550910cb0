import { parseCidr } from '../../core/cidr';
import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, listOf, required, type Shape, TEXT } from '../../core/shapes';
import { checkRoute } from '../../kubernetes';
import { GATEWAY, type GatewayOptions } from '../../kubernetes/serving/gateway';
import { isUnknown } from '../../terraform/tokens';

/** Options for a load balancer inside the network. */
export interface InternalLoadBalancerOptions {
  /** Blocks of addresses that may send requests. */
  readonly clients: readonly string[];
  /** Its address, a free one of the subnet of the nodes: so that others can name it. @default - one that Azure chooses */
  readonly address?: string;
}

/** The way in to a served model. It is always private: a public face is another construct's. */
export class ServingIngress {
  /** A service of the cluster, for pods of the same namespace. */
  static clusterOnly(): ServingIngress {
    return new ServingIngress('cluster');
  }

  /**
   * An Azure load balancer without a public address, which shows servers who calls.
   *
   * @see https://learn.microsoft.com/en-us/azure/aks/internal-lb
   */
  static internalLoadBalancer(options: InternalLoadBalancerOptions): ServingIngress {
    demand(options, LOAD_BALANCER, { name: 'options' });
    return new ServingIngress('load-balancer', options);
  }

  /** An inference pool behind a gateway that the cluster has: its endpoint picker sends each request to the replica that suits it best. */
  static gateway(options: GatewayOptions): ServingIngress {
    demand(options, GATEWAY, { name: 'options' });
    return new ServingIngress('gateway', undefined, options);
  }

  private constructor(
    public readonly kind: 'cluster' | 'load-balancer' | 'gateway',
    /** @internal */
    readonly balancer?: InternalLoadBalancerOptions,
    /** @internal */
    readonly route?: GatewayOptions,
  ) {}

  /** Adds what is wrong with it. */
  check(problems: Problems): void {
    if (this.route) checkRoute(problems, this.route);
    const { clients = [], address } = this.balancer ?? {};
    const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
      problems.add({ code: 'IngressInvalid', prop, allowed, got, fix });
    if (this.balancer && clients.length === 0)
      wrong('clients', 'one block of addresses or more: nobody else gets in', clients, 'Name the subnet of a gateway.');
    clients.forEach((cidr, index) => {
      if (isUnknown(cidr) || parseCidr(cidr)) return;
      wrong(`clients[${index}]`, 'an IPv4 block', cidr, 'Write it as 10.0.128.0/27.');
    });
    if (address !== undefined && !isUnknown(address) && !parseCidr(`${address}/32`))
      wrong('address', 'an IPv4 address', address, 'Take a free one of the subnet of the nodes.');
  }
}

/** An ingress, of whichever copy of the package. */
export const SERVING_INGRESS: Kind = branded(
  ServingIngress,
  'AzureServingIngress',
  'a ServingIngress',
  'Use ServingIngress.internalLoadBalancer({ clients }) or its like.',
);

const LOAD_BALANCER: Shape<InternalLoadBalancerOptions> = { clients: required(listOf(TEXT)), address: TEXT };
