import { assertProps, brand } from '../../core/prop-schema';
import type { GatewayOptions } from '../../kubernetes/serving/gateway';
import { INFERENCE_GATEWAY_OPTIONS, INTERNAL_LOAD_BALANCER_OPTIONS } from '../prop-schemas';
import { GATEWAY_OPTIONS } from '../../kubernetes/prop-schemas';

/** Options for a load balancer inside the network. */
export interface InternalLoadBalancerOptions {
  /** CIDR blocks of the clients. The pods accept requests only from these addresses. */
  readonly clientCidrs: readonly string[];
}

/** Options for an inference gateway inside the network. */
export interface InferenceGatewayOptions {
  /** Name of a regional SSL certificate of Compute Engine, for HTTPS on port 443. @default - HTTP on port 80 */
  readonly certificate?: string;
  /** Host names of the route. @default - all host names */
  readonly hostnames?: readonly string[];
}

/**
 * The ingress of a served model. It is always private.
 *
 * @example
 * ```ts
 * import { ServingIngress } from 'ai-infra-constructs/google';
 *
 * ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.0.0/18'] });
 * ```
 */
export class ServingIngress {
  /** A service in the cluster, for pods of the same namespace. */
  static clusterOnly(): ServingIngress {
    return new ServingIngress();
  }

  /** An internal passthrough network load balancer. */
  static internalLoadBalancer(options: InternalLoadBalancerOptions): ServingIngress {
    assertProps(options, INTERNAL_LOAD_BALANCER_OPTIONS, { name: 'options' });
    return new ServingIngress({ balancer: options });
  }

  /**
   * A new GKE Inference Gateway inside the network. Its endpoint picker sends each request to the replica with the lowest load, or with the
   * start of the prompt in its cache.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/about-gke-inference-gateway
   */
  static inferenceGateway(options: InferenceGatewayOptions = {}): ServingIngress {
    assertProps(options, INFERENCE_GATEWAY_OPTIONS, { name: 'options' });
    return new ServingIngress({ gateway: options });
  }

  /** An inference pool behind an existing gateway and endpoint picker of the cluster. */
  static gateway(options: GatewayOptions): ServingIngress {
    assertProps(options, GATEWAY_OPTIONS, { name: 'options' });
    return new ServingIngress({ route: options });
  }

  /** @internal Options of the load balancer. */
  readonly balancer?: InternalLoadBalancerOptions;
  /** @internal Options of the new gateway. */
  readonly gateway?: InferenceGatewayOptions;
  /** @internal The existing gateway. */
  readonly route?: GatewayOptions;

  private constructor(options: Pick<ServingIngress, 'balancer' | 'gateway' | 'route'> = {}) {
    this.balancer = options.balancer;
    this.gateway = options.gateway;
    this.route = options.route;
  }

  /** @internal Whether it has a reserved address. */
  get hasAddress(): boolean {
    return this.balancer !== undefined || this.gateway !== undefined;
  }

  /** Whether requests are encrypted on the network, as far as the library can determine. */
  get isEncrypted(): boolean {
    return this.balancer === undefined && (this.gateway === undefined || this.gateway.certificate !== undefined);
  }
}

brand(ServingIngress, 'google.ServingIngress');
