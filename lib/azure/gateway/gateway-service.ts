import { Construct } from 'constructs';
import { globalName } from '../props/resource-id';
import { physicalName } from '../../terraform/names';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { checkProviders } from '../../terraform/provider-checks';
import type { IResourceGroup } from '../props/resource-group';
import {
  ApiManagement,
  PrivateDnsARecord,
  PrivateDnsZone,
  PrivateDnsZoneVirtualNetworkLink,
  UserAssignedIdentity,
} from '../provider/azurerm';
import type { InferenceGatewayProps, ResolvedGateway } from './gateway-options';

/** The name is a DNS label. @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftapimanagement */
const MAX_NAME_LENGTH = 50;

/** The API Management service of a gateway, with its identity and its private DNS zone. */
export class GatewayService extends Construct {
  /** The service itself. */
  public readonly resource: ApiManagement;
  /** Identity of the gateway. It is created before the service, so that its roles are too. */
  public readonly identity: UserAssignedIdentity;

  /** @internal */
  constructor(scope: Construct, id: string, gateway: ResolvedGateway, { serviceName }: InferenceGatewayProps) {
    super(scope, id);
    checkProviders(this);
    const { resourceGroup, tier, exposure, publisherEmail } = gateway;
    const { name: resourceGroupName, location } = resourceGroup;
    const placement = { resourceGroupName, location };
    this.identity = new UserAssignedIdentity(this, 'Identity', { name: physicalName(this), ...placement });
    const name = serviceName ?? globalName(this, MAX_NAME_LENGTH);
    this.resource = new ApiManagement(this, 'Resource', {
      name,
      ...placement,
      publisherName: publisherEmail,
      publisherEmail,
      skuName: tier.skuName,
      identity: { type: 'UserAssigned', identityIds: [this.identity.id] },
      ...(exposure.subnetId !== undefined && {
        virtualNetworkType: exposure.isPrivate ? 'Internal' : 'External',
        virtualNetworkConfiguration: { subnetId: exposure.subnetId },
      }),
      // Classic tiers need up to an hour, and as long again for a change of the network.
      timeouts: { create: '3h', update: '3h', delete: '3h' },
      dependsOn: existingDependencies(this, exposure.after),
    });
    if (exposure.virtualNetworkId !== undefined) this.addDnsZone(name, resourceGroup, exposure.virtualNetworkId);
  }

  /** Base address of the service. */
  get url(): string {
    return this.resource.gatewayUrl;
  }

  /** A private DNS zone for this name only. A zone for `azure-api.net` would hide all other services from the network. */
  private addDnsZone(service: string, { name: resourceGroupName }: IResourceGroup, virtualNetworkId: string): void {
    const zone = new PrivateDnsZone(this, 'Zone', { name: `${service}.azure-api.net`, resourceGroupName });
    const within = { resourceGroupName };
    new PrivateDnsZoneVirtualNetworkLink(this, 'ZoneLink', {
      name: physicalName(this),
      privateDnsZoneName: zone.name,
      virtualNetworkId,
      ...within,
    });
    const records = this.resource.privateIpAddresses;
    new PrivateDnsARecord(this, 'Address', { name: '@', zoneName: zone.name, ttl: 300, records, ...within });
  }
}
