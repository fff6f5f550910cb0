import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { IMlNetwork } from '../network/network-attributes';
import { isMade, ProxySubnet } from '../network/proxy-subnet';
import { ComputeAddress } from '../provider/google';
import type { ServingIngress } from './serving-ingress';

/** Properties for `InferenceEntrance`. */
export interface InferenceEntranceProps {
  readonly network: IMlNetwork;
  readonly ingress: ServingIngress;
  /** Port of the servers, which a passthrough load balancer keeps. */
  readonly port: number;
}

/** The private address by which a model is called, and for a gateway the proxies that stand before it. */
export class InferenceEntrance extends Construct {
  public readonly address: ComputeAddress;
  /** Name of the address, as Kubernetes objects say it. */
  public readonly addressName: string;
  /** @default - a passthrough load balancer has none, and those of a network that was brought stand */
  public readonly proxies?: ProxySubnet;
  /** Addresses of the proxies. @default - a passthrough load balancer has none */
  public readonly proxyCidr?: string;
  /** What clients in the network call. */
  public readonly url: string;

  constructor(scope: Construct, id: string, { network, ingress, port }: InferenceEntranceProps) {
    super(scope, id);
    this.addressName = physicalName(this);
    this.address = new ComputeAddress(this, 'Resource', {
      name: this.addressName,
      region: network.region,
      addressType: 'INTERNAL',
      subnetwork: network.subnetworkId,
    });
    if (ingress.kind === 'load-balancer') {
      this.url = `http://${this.address.address}:${port}`;
      return;
    }
    this.proxies = isMade(network) ? ProxySubnet.of(network) : undefined;
    this.proxyCidr = this.proxies?.cidr ?? network.proxyCidr;
    const scheme = ingress.own?.certificate === undefined ? 'http' : 'https';
    this.url = `${scheme}://${this.address.address}`;
  }
}
