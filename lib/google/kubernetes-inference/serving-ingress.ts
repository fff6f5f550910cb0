import { branded, demand, type Kind, listOf, required, type Shape, TEXT } from '../../core/shapes';
import { GATEWAY, type GatewayOptions } from '../../kubernetes/serving/gateway';

/** Options for a load balancer inside the network. */
export interface InternalLoadBalancerOptions {
  /** Blocks of addresses that may send requests. Pods see who calls, and admit nobody else. */
  readonly clientCidrs: readonly string[];
}

/** Options for an inference gateway inside the network. */
export interface InferenceGatewayOptions {
  /** Name of a regional SSL certificate of Compute Engine: requests are encrypted on port 443. @default - they are not, on port 80 */
  readonly certificate?: string;
  /** Host names of the route. @default - all */
  readonly hostnames?: readonly string[];
}

/** The way in to a served model. It is always private: a public face is another construct's. */
export class ServingIngress {
  /** A service of the cluster, for pods of the same namespace. */
  static clusterOnly(): ServingIngress {
    return new ServingIngress('cluster');
  }

  /** A passthrough network load balancer without a public address, straight to the pods. */
  static internalLoadBalancer(options: InternalLoadBalancerOptions): ServingIngress {
    demand(options, LOAD_BALANCER, { name: 'options' });
    return new ServingIngress('load-balancer', { balancer: options });
  }

  /**
   * GKE Inference Gateway inside the network, made here: its endpoint picker sends each request to the replica that has least to do, or the
   * beginning of the prompt in its cache.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/about-gke-inference-gateway
   */
  static inferenceGateway(options: InferenceGatewayOptions = {}): ServingIngress {
    demand(options, INFERENCE_GATEWAY, { name: 'options' });
    return new ServingIngress('inference-gateway', { own: options });
  }

  /** An inference pool behind a gateway and an endpoint picker that the cluster has. */
  static gateway(options: GatewayOptions): ServingIngress {
    demand(options, GATEWAY, { name: 'options' });
    return new ServingIngress('gateway', { route: options });
  }

  /** @internal */
  readonly balancer?: InternalLoadBalancerOptions;
  /** @internal */
  readonly own?: InferenceGatewayOptions;
  /** @internal */
  readonly route?: GatewayOptions;

  private constructor(
    public readonly kind: 'cluster' | 'load-balancer' | 'inference-gateway' | 'gateway',
    options: Pick<ServingIngress, 'balancer' | 'own' | 'route'> = {},
  ) {
    this.balancer = options.balancer;
    this.own = options.own;
    this.route = options.route;
  }

  /** Whether requests cross the network encrypted, as far as this library sees. */
  get isEncrypted(): boolean {
    return this.kind !== 'load-balancer' && (this.kind !== 'inference-gateway' || this.own?.certificate !== undefined);
  }
}

/** An ingress, of whichever copy of the package. */
export const SERVING_INGRESS: Kind = branded(
  ServingIngress,
  'GoogleServingIngress',
  'a ServingIngress',
  'Use ServingIngress.inferenceGateway() or its like.',
);

const LOAD_BALANCER: Shape<InternalLoadBalancerOptions> = { clientCidrs: required(listOf(TEXT)) };

const INFERENCE_GATEWAY: Shape<InferenceGatewayOptions> = { certificate: TEXT, hostnames: listOf(TEXT) };
