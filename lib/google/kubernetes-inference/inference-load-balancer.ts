import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { type IMlNetwork, isMlNetwork } from '../network/network-attributes';
import { ProxySubnet } from '../network/proxy-subnet';
import { ComputeAddress } from '../provider/google';
import type { ServingIngress } from './serving-model';

/** Properties for `InferenceLoadBalancer`. */
export interface InferenceLoadBalancerProps {
  /** Network of the clients and the cluster. */
  readonly network: IMlNetwork;
  /** Ingress of the model: a load balancer or an inference gateway. */
  readonly ingress: ServingIngress;
  /** Port of the servers. A passthrough load balancer uses the same port. */
  readonly port: number;
}

/** The private address of a model, and the proxy-only subnet of its gateway. */
export class InferenceLoadBalancer extends Construct {
  /** The reserved address. */
  public readonly address: ComputeAddress;
  /** Name of the address. Kubernetes objects refer to it. */
  public readonly addressName: string;
  /** The proxy-only subnet. @default - a passthrough load balancer needs none, and an existing network has its own */
  public readonly proxies?: ProxySubnet;
  /** CIDR block of the proxies. @default - a passthrough load balancer has no proxies */
  public readonly proxyCidr?: string;
  /** URL for clients in the network. */
  public readonly url: string;

  /** @internal */
  constructor(scope: Construct, id: string, { network, ingress, port }: InferenceLoadBalancerProps) {
    super(scope, id);
    checkProviders(this);
    this.addressName = physicalName(this);
    this.address = new ComputeAddress(this, 'Resource', {
      name: this.addressName,
      region: network.region,
      addressType: 'INTERNAL',
      subnetwork: network.subnetworkId,
    });
    if (ingress.balancer) {
      this.url = `http://${this.address.address}:${port}`;
      return;
    }
    this.proxies = isMlNetwork(network) ? ProxySubnet.of(network) : undefined;
    this.proxyCidr = this.proxies?.cidr ?? network.proxyCidr;
    const scheme = ingress.gateway?.certificate === undefined ? 'http' : 'https';
    this.url = `${scheme}://${this.address.address}`;
  }
}
