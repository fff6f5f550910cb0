import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import type { IResourceGroup } from '../props/resource-group';
import { PrivateEndpoint as Endpoint } from '../provider/azurerm';
import type { IMlNetwork, MlNetwork } from './ml-network';

/** Sub-resource of a service that a private endpoint connects to. */
export type PrivateLinkTarget =
  | 'blob'
  | 'dfs'
  | 'file'
  | 'queue'
  | 'table'
  | 'vault'
  | 'registry'
  | 'account'
  | 'amlworkspace'
  | 'amlregistry'
  | 'Gateway';

/**
 * Private DNS zones by sub-resource.
 *
 * @see https://learn.microsoft.com/en-us/azure/private-link/private-endpoint-dns
 */
export const PRIVATE_DNS_ZONES = {
  blob: ['privatelink.blob.core.windows.net'],
  dfs: ['privatelink.dfs.core.windows.net'],
  file: ['privatelink.file.core.windows.net'],
  queue: ['privatelink.queue.core.windows.net'],
  table: ['privatelink.table.core.windows.net'],
  vault: ['privatelink.vaultcore.azure.net'],
  registry: ['privatelink.azurecr.io'],
  account: [
    'privatelink.cognitiveservices.azure.com',
    'privatelink.openai.azure.com',
    'privatelink.services.ai.azure.com',
  ],
  amlworkspace: ['privatelink.api.azureml.ms', 'privatelink.notebooks.azure.net'],
  amlregistry: ['privatelink.api.azureml.ms'],
  Gateway: ['privatelink.azure-api.net'],
} as const satisfies Record<PrivateLinkTarget, readonly string[]>;

/** Properties for `PrivateLink`. */
export interface PrivateLinkProps {
  /** Resource group of the endpoint. */
  readonly resourceGroup: IResourceGroup;
  /** Network of the endpoint. */
  readonly network: IMlNetwork;
  /** Resource id of the service. */
  readonly resourceId: string;
  /** Sub-resource of the service. */
  readonly target: PrivateLinkTarget;
  /** Resources that must exist before the endpoint. A service accepts one change of its endpoints at a time. @default - only the service */
  readonly dependsOn?: ITerraformDependable[];
}

/** A private endpoint of a service, with the DNS records for its public name. */
export class PrivateLink extends Construct {
  /** The private endpoint. */
  public readonly resource: Endpoint;

  /** @internal */
  constructor(
    scope: Construct,
    id: string,
    { resourceGroup, network, resourceId, target, dependsOn }: PrivateLinkProps,
  ) {
    super(scope, id);
    checkProviders(this);
    const name = physicalName(this);
    this.resource = new Endpoint(this, 'Resource', {
      name,
      resourceGroupName: resourceGroup.name,
      // The region of the network. The service can be in another region.
      location: network.location ?? resourceGroup.location,
      subnetId: network.endpointSubnetId,
      dependsOn,
      privateServiceConnection: {
        name,
        privateConnectionResourceId: resourceId,
        subresourceNames: [target],
        isManualConnection: false,
      },
      privateDnsZoneGroup: {
        name: 'default',
        privateDnsZoneIds: PRIVATE_DNS_ZONES[target].map((zone) => network.privateDnsZoneId(zone)),
      },
    });
  }
}

/** A network whose subnets this app creates. */
export type OwnNetwork = IMlNetwork & Pick<MlNetwork, 'addSubnet' | 'readyOf' | 'firstServiceBlock' | 'ranges'>;

/** Whether this app creates the subnets of a network. The owner of an existing network creates them there. */
export function ownsSubnets(network: IMlNetwork): network is OwnNetwork {
  return 'addSubnet' in network;
}
