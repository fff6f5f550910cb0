import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, required, type Shape } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { checkResourceGroup, type IResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
import { NetworkSecurityGroup } from '../provider/azurerm';

/** Properties for `GatewaySecurityGroup`. */
export interface GatewaySecurityGroupProps {
  readonly resourceGroup: IResourceGroup;
}

const SHAPE: Shape<GatewaySecurityGroupProps> = { resourceGroup: required(RESOURCE_GROUP) };

/**
 * What Azure must reach of a gateway of the tiers Premium and Developer, beside what every subnet allows: without these rules the service is
 * never ready. Subnets of v2 tiers need none.
 *
 * @see https://learn.microsoft.com/en-us/azure/api-management/virtual-network-reference
 */
const RULES = [
  { name: 'management', priority: 100, port: '3443', from: 'ApiManagement' },
  { name: 'load-balancer', priority: 110, port: '6390', from: 'AzureLoadBalancer' },
] as const;

/** The security group of the subnet of a gateway: for `network.addSubnet(id, { cidr, securityGroup })`. */
export class GatewaySecurityGroup extends Construct {
  public readonly resource: NetworkSecurityGroup;

  constructor(scope: Construct, id: string, props: GatewaySecurityGroupProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, SHAPE)) checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
    problems.throwIfAny(this);
    const { name: resourceGroupName, location } = props.resourceGroup;
    this.resource = new NetworkSecurityGroup(this, 'Resource', {
      name: physicalName(this),
      resourceGroupName,
      location,
      securityRule: RULES.map(({ name, priority, port, from }) => ({
        name,
        priority,
        direction: 'Inbound',
        access: 'Allow',
        protocol: 'Tcp',
        sourceAddressPrefix: from,
        sourcePortRange: '*',
        destinationAddressPrefix: 'VirtualNetwork',
        destinationPortRange: port,
      })),
    });
  }
}
