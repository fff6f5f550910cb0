import { Construct } from 'constructs';
import { globalName } from '../props/names';
import { physicalName } from '../../terraform/names';
import { standingBefore } from '../../terraform/standing-before';
import type { IResourceGroup } from '../props/resource-group';
import {
  ApiManagement,
  PrivateDnsARecord,
  PrivateDnsZone,
  PrivateDnsZoneVirtualNetworkLink,
  UserAssignedIdentity,
} from '../provider/azurerm';
import type { InferenceGatewayProps, SettledGateway } from './gateway-options';

/** The name is a label of DNS. @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftapimanagement */
const LONGEST_NAME = 50;

/** An API Management service in its network, with an identity by which it calls others. */
export class GatewayService extends Construct {
  public readonly resource: ApiManagement;
  /** What the gateway acts as: it exists before the service, so that its rights do, too. */
  public readonly identity: UserAssignedIdentity;

  constructor(scope: Construct, id: string, gateway: SettledGateway, { serviceName }: InferenceGatewayProps) {
    super(scope, id);
    const { resourceGroup, tier, exposure, publisherEmail } = gateway;
    const { name: resourceGroupName, location } = resourceGroup;
    const place = { resourceGroupName, location };
    this.identity = new UserAssignedIdentity(this, 'Identity', { name: physicalName(this), ...place });
    const name = serviceName ?? globalName(this, LONGEST_NAME);
    this.resource = new ApiManagement(this, 'Resource', {
      name,
      ...place,
      publisherName: publisherEmail,
      publisherEmail,
      skuName: tier.skuName,
      identity: { type: 'UserAssigned', identityIds: [this.identity.id] },
      ...(exposure.subnetId !== undefined && {
        virtualNetworkType: exposure.isPrivate ? 'Internal' : 'External',
        virtualNetworkConfiguration: { subnetId: exposure.subnetId },
      }),
      // Classic tiers take up to an hour, and a change of the network again.
      timeouts: { create: '3h', update: '3h', delete: '3h' },
      dependsOn: standingBefore(this, exposure.after),
    });
    if (exposure.virtualNetworkId !== undefined) this.addName(name, resourceGroup, exposure.virtualNetworkId);
  }

  /** Address of the gateway. */
  get url(): string {
    return this.resource.gatewayUrl;
  }

  /** A zone of this one name: one of `azure-api.net` would hide all other services of the world from the network. */
  private addName(service: string, { name: resourceGroupName }: IResourceGroup, virtualNetworkId: string): void {
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
