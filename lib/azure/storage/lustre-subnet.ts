import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import type { OwnNetwork } from '../network/private-link';
import type { IResourceGroup } from '../props/resource-group';
import { NetworkSecurityGroup, type NetworkSecurityGroupSecurityRule, type Subnet } from '../provider/azurerm';

/** Properties for `LustreSubnet`. */
export interface LustreSubnetProps {
  /** Resource group of the security group. */
  readonly resourceGroup: IResourceGroup;
  /** Network of the subnet. */
  readonly network: OwnNetwork;
  /** Address range of the subnet. */
  readonly cidr: string;
  /** Address ranges of clients. */
  readonly clientCidrs: readonly string[];
}

/** Lustre ports in both directions. @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-prerequisites#subnet-access-and-permissions */
const PORTS = ['988', '1019-1023'];

/**
 * The subnet of a file system. Clients can reach it only on Lustre ports, and it can reach the Azure services that manage it.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/configure-network-security-group
 */
export class LustreSubnet extends Construct {
  /** The subnet. */
  public readonly resource: Subnet;
  /** The network security group. */
  public readonly securityGroup: NetworkSecurityGroup;
  /** Resources that must exist before the file system. */
  public readonly ready: ITerraformDependable[];

  /** @internal */
  constructor(scope: Construct, id: string, { resourceGroup, network, cidr, clientCidrs }: LustreSubnetProps) {
    super(scope, id);
    checkProviders(this);
    this.securityGroup = new NetworkSecurityGroup(this, 'SecurityGroup', {
      name: physicalName(this),
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
      securityRule: rules(cidr, [...clientCidrs]),
    });
    // The name is unique for each file system in a network.
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
