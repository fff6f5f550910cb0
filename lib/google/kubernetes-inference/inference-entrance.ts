import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { MlNetwork } from '../network/ml-network';
import { ProxySubnet } from '../network/proxy-subnet';
import { ComputeAddress } from '../provider/google';
import type { ServingIngress } from './serving-ingress';

/** Properties for `InferenceEntrance`. */
export interface InferenceEntranceProps {
  readonly network: MlNetwork;
  readonly ingress: ServingIngress;
  /** Port of the servers, which a passthrough load balancer keeps. */
  readonly port: number;
}

/** The private address by which a model is called, and for a gateway the proxies that stand before it. */
export class InferenceEntrance extends Construct {
  public readonly address: ComputeAddress;
  /** Name of the address, as Kubernetes objects say it. */
  public readonly addressName: string;
  /** @default - a passthrough load balancer has none */
  public readonly proxies?: ProxySubnet;
  /** What clients in the network call. */
  public readonly url: string;

  constructor(scope: Construct, id: string, { network, ingress, port }: InferenceEntranceProps) {
    super(scope, id);
    this.addressName = physicalName(this);
    this.address = new ComputeAddress(this, 'Resource', {
      name: this.addressName,
      region: network.region,
      addressType: 'INTERNAL',
      subnetwork: network.subnetwork.id,
    });
    if (ingress.kind === 'load-balancer') {
      this.url = `http://${this.address.address}:${port}`;
      return;
    }
    this.proxies = ProxySubnet.of(network);
    const scheme = ingress.own?.certificate === undefined ? 'http' : 'https';
    this.url = `${scheme}://${this.address.address}`;
  }
}
