import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { OwnNetwork } from '../network/own-subnets';
import type { IResourceGroup } from '../props/resource-group';
import { NetworkSecurityGroup, type NetworkSecurityGroupSecurityRule, type Subnet } from '../provider/azurerm';

/** Properties for `LustreSubnet`. */
export interface LustreSubnetProps {
  readonly resourceGroup: IResourceGroup;
  readonly network: OwnNetwork;
  readonly cidr: string;
  /** Addresses of clients. */
  readonly clientCidrs: readonly string[];
}

/** Ports of Lustre, both ways. @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-prerequisites#subnet-access-and-permissions */
const PORTS = ['988', '1019-1023'];

/**
 * The subnet of the servers of a file system: clients reach them by the ports of Lustre alone, and they reach the services of Azure that run
 * them.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/configure-network-security-group
 */
export class LustreSubnet extends Construct {
  public readonly resource: Subnet;
  public readonly securityGroup: NetworkSecurityGroup;
  /** What must stand before the servers. */
  public readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { resourceGroup, network, cidr, clientCidrs }: LustreSubnetProps) {
    super(scope, id);
    this.securityGroup = new NetworkSecurityGroup(this, 'SecurityGroup', {
      name: physicalName(this),
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
      securityRule: rules(cidr, [...clientCidrs]),
    });
    // Its name tells two file systems of a network apart.
    this.resource = network.addSubnet(physicalName(this), { cidr, securityGroup: this.securityGroup });
    this.ready = network.readyOf(this.resource);
  }
}

function rules(cidr: string, clients: string[]): NetworkSecurityGroupSecurityRule[] {
  const own = { sourceAddressPrefix: cidr, destinationAddressPrefix: cidr };
  const any = { protocol: '*', sourcePortRange: '*', destinationPortRange: '*' };
  const ports = { protocol: 'Tcp', sourcePortRange: '*', destinationPortRanges: PORTS };
  const allow = (name: string, direction: string, priority: number, rest: Partial<NetworkSecurityGroupSecurityRule>) =>
    ({ name, direction, priority, access: 'Allow', ...rest }) as NetworkSecurityGroupSecurityRule;
  return [
    allow('servers-in', 'Inbound', 100, { ...any, ...own }),
    allow('clients-in', 'Inbound', 110, { ...ports, sourceAddressPrefixes: clients, destinationAddressPrefix: cidr }),
    {
      ...allow('others-in', 'Inbound', 4000, any),
      access: 'Deny',
      sourceAddressPrefix: 'VirtualNetwork',
      destinationAddressPrefix: '*',
    },
    allow('servers-out', 'Outbound', 100, { ...any, ...own }),
    allow('clients-out', 'Outbound', 110, { ...ports, sourceAddressPrefix: cidr, destinationAddressPrefixes: clients }),
    allow('azure-out', 'Outbound', 120, {
      ...any,
      sourceAddressPrefix: 'VirtualNetwork',
      destinationAddressPrefix: 'AzureCloud',
    }),
  ];
}
