import type { Kind } from '../../core/shapes';
import { withMembers } from '../../core/member-kinds';

/** The network of a workload, made here or elsewhere. */
export interface IMlNetwork {
  /** Resource id of the virtual network. */
  readonly virtualNetworkId: string;
  /** Resource id of the subnet of nodes. */
  readonly nodeSubnetId: string;
  /** Resource id of the subnet of private endpoints. */
  readonly endpointSubnetId: string;
  /** Its region, where endpoints stand and services that mount it. @default - unknown: taken for that of the resource group */
  readonly location?: string;
  /** Addresses of pods: an overlay, beside the network. */
  readonly podCidr: string;
  /** Addresses of Kubernetes services: beside the network, too. */
  readonly serviceCidr: string;
  /** Resource id of the private DNS zone of a name, linked to the network. */
  privateDnsZoneId(zone: string): string;
}

/** A network, of whichever copy of the package. */
export const ML_NETWORK: Kind = withMembers(
  'an MlNetwork',
  {
    virtualNetworkId: 'string',
    nodeSubnetId: 'string',
    endpointSubnetId: 'string',
    podCidr: 'string',
    serviceCidr: 'string',
    privateDnsZoneId: 'function',
  },
  'Use new MlNetwork(scope, id, { resourceGroup }), or MlNetwork.existing({ … }) for one that stands.',
);
