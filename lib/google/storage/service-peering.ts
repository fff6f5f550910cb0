import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { MlNetwork } from '../network/ml-network';
import { ComputeGlobalAddress, ServiceNetworkingConnection } from '../provider/google';

/** Addresses that services of Google take in a network: a /20, room for several file systems. */
const PREFIX = 20;

const ID = 'ServicePeering';

/**
 * The peering through which Google's own networks, such as that of Managed Lustre, reach a network: one for each network.
 *
 * @see https://cloud.google.com/vpc/docs/configure-private-services-access
 */
export class ServicePeering extends Construct {
  /** That of a network, made on first use. */
  static of(network: MlNetwork): ServicePeering {
    const found = network.node.tryFindChild(ID) as ServicePeering | undefined;
    return found ?? new ServicePeering(network, ID, network);
  }

  public readonly range: ComputeGlobalAddress;
  public readonly connection: ServiceNetworkingConnection;

  private constructor(scope: Construct, id: string, { network }: MlNetwork) {
    super(scope, id);
    this.range = new ComputeGlobalAddress(this, 'Range', {
      name: physicalName(this),
      purpose: 'VPC_PEERING',
      addressType: 'INTERNAL',
      prefixLength: PREFIX,
      network: network.id,
    });
    this.connection = new ServiceNetworkingConnection(this, 'Resource', {
      network: network.id,
      service: 'servicenetworking.googleapis.com',
      reservedPeeringRanges: [this.range.name],
    });
  }
}
