/** The network of a workload. */
export interface IMlNetwork {
  /** Resource id of the virtual network. */
  readonly virtualNetworkId: string;
  /** Resource id of the node subnet. */
  readonly nodeSubnetId: string;
  /** Resource id of the subnet for private endpoints. */
  readonly endpointSubnetId: string;
  /** Region of the network. Private endpoints are created there. @default - the region of the resource group */
  readonly location?: string;
  /** Address range of pods: an overlay, outside the network. */
  readonly podCidr: string;
  /** Address range of Kubernetes services, outside the network. */
  readonly serviceCidr: string;
  /** Returns the resource id of a private DNS zone that is linked to the network. */
  privateDnsZoneId(zone: string): string;
}
