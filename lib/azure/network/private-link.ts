import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { IResourceGroup } from '../props/resource-group';
import { PrivateEndpoint as Endpoint } from '../provider/azurerm';
import type { IMlNetwork } from './network-attributes';

/**
 * Private DNS zones in which a service is found by its usual name, by the sub-resource that an endpoint leads to.
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
} as const satisfies Record<string, readonly string[]>;

/** A part of a service that an endpoint leads to. */
export type PrivateLinkTarget = keyof typeof PRIVATE_DNS_ZONES;

/** Properties for `PrivateLink`. */
export interface PrivateLinkProps {
  readonly resourceGroup: IResourceGroup;
  readonly network: IMlNetwork;
  /** Resource id of the service. */
  readonly resourceId: string;
  /** The part of it that is reached. */
  readonly target: PrivateLinkTarget;
  /** What must stand before: a service takes one change of its endpoints at a time. @default - nothing but the service */
  readonly dependsOn?: ITerraformDependable[];
}

/** A private address of a service within a network, under the name that the service has everywhere. */
export class PrivateLink extends Construct {
  public readonly resource: Endpoint;

  constructor(
    scope: Construct,
    id: string,
    { resourceGroup, network, resourceId, target, dependsOn }: PrivateLinkProps,
  ) {
    super(scope, id);
    const name = physicalName(this);
    this.resource = new Endpoint(this, 'Resource', {
      name,
      resourceGroupName: resourceGroup.name,
      // Of the network, and not of the service, which may well stand in another region.
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
