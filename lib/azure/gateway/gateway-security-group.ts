import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { checkResourceGroup, type IResourceGroup } from '../props/resource-group';
import { NetworkSecurityGroup } from '../provider/azurerm';
import { GATEWAY_SECURITY_GROUP_PROPS } from '../prop-schemas';

/** Properties for `GatewaySecurityGroup`. */
export interface GatewaySecurityGroupProps {
  /** Resource group of the security group. */
  readonly resourceGroup: IResourceGroup;
}

/**
 * Inbound rules for the tiers Premium and Developer, in addition to the default rules of a subnet. Without them the service does not start.
 * Subnets of v2 tiers need no rules.
 *
 * @see https://learn.microsoft.com/en-us/azure/api-management/virtual-network-reference
 */
const RULES = [
  { name: 'management', priority: 100, port: '3443', from: 'ApiManagement' },
  { name: 'load-balancer', priority: 110, port: '6390', from: 'AzureLoadBalancer' },
] as const;

/**
 * Network security group for the subnet of a gateway. Pass it to `network.addSubnet(id, { cidr, securityGroup })`.
 *
 * @example
 * ```ts
 * import { GatewaySecurityGroup, MlNetwork, ResourceGroup } from 'ai-infra-constructs/azure';
 * import type { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * const network = new MlNetwork(stack, 'Network', { resourceGroup });
 * const { resource: securityGroup } = new GatewaySecurityGroup(stack, 'Rules', { resourceGroup });
 * network.addSubnet('Gateway', { cidr: '10.0.128.0/27', securityGroup });
 * ```
 */
export class GatewaySecurityGroup extends Construct {
  /** The security group itself. */
  public readonly resource: NetworkSecurityGroup;

  constructor(scope: Construct, id: string, props: GatewaySecurityGroupProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, GATEWAY_SECURITY_GROUP_PROPS))
      checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
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
