import { type ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { blocksOf, cidrContains, cidrsOverlap, parseCidr } from '../../core/cidr';
import { ProblemCollector, AiInfraError } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { providerKey } from '../../terraform/chosen-provider';
import { checkProviders } from '../../terraform/provider-checks';
import { checkZone, recordLocation } from '../props/location';
import { checkResourceGroup, type IResourceGroup } from '../props/resource-group';
import {
  NatGateway,
  NatGatewayPublicIpAssociation,
  NetworkSecurityGroup,
  PrivateDnsZone,
  PrivateDnsZoneVirtualNetworkLink,
  PublicIp,
  Subnet,
  SubnetNatGatewayAssociation,
  SubnetNetworkSecurityGroupAssociation,
  VirtualNetwork,
} from '../provider/azurerm';
import { ImportedNetwork, type MlNetworkAttributes } from './imported-network';
import { checkedBlock, checkRanges, checkSubnetName, DEFAULT_RANGES, type NetworkRanges } from './network-ranges';
import { ML_NETWORK_PROPS } from '../prop-schemas';

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

/** Properties for `MlNetwork`. */
export interface MlNetworkProps extends Partial<NetworkRanges> {
  /** Resource group of the network. Its region is the region of the network. */
  readonly resourceGroup: IResourceGroup;
  /** Address range of the network. The second half is reserved for service subnets. @default 10.0.0.0/16 */
  readonly cidr?: string;
  /** Address range of the node subnet, within `cidr`. @default 10.0.0.0/18 */
  readonly nodeCidr?: string;
  /** Address range of the subnet for private endpoints, within `cidr`. @default 10.0.64.0/24 */
  readonly endpointCidr?: string;
  /** Address range of pods, outside `cidr`. Each node uses a /24. @default 10.4.0.0/14 */
  readonly podCidr?: string;
  /** Address range of Kubernetes services, outside `cidr`. @default 10.8.0.0/20 */
  readonly serviceCidr?: string;
  /** Availability zone of the NAT gateway: the zone of the nodes. @default - Azure chooses a zone */
  readonly zone?: string;
}

/** Options for a subnet. */
export interface SubnetOptions {
  /** Address range of the subnet, within the network. */
  readonly cidr: string;
  /** Service that the subnet is delegated to, for example `Microsoft.App/environments`. @default - none: the subnet is for machines and endpoints */
  readonly delegation?: string;
  /** Network security group of the subnet. @default - the default rules of Azure: all traffic within the network, none from outside */
  readonly securityGroup?: NetworkSecurityGroup;
  /** Whether the subnet has outbound internet access through the NAT gateway. @default true */
  readonly egress?: boolean;
}

/**
 * A virtual network for AI workloads: a node subnet without public addresses, a NAT gateway, a subnet for private endpoints, and private DNS
 * zones. Its address ranges avoid those that InfiniBand and AKS reserve.
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { MlNetwork, ResourceGroup } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'network');
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * new MlNetwork(stack, 'Network', { resourceGroup, zone: '1' });
 * ```
 */
export class MlNetwork extends Construct implements IMlNetwork {
  /** Imports an existing network. Creates no resources. */
  static fromMlNetworkAttributes(scope: Construct, id: string, attrs: MlNetworkAttributes): IMlNetwork {
    return new ImportedNetwork(scope, id, attrs);
  }

  /** The virtual network. */
  public readonly resource: VirtualNetwork;
  /** Subnet for nodes. */
  public readonly nodeSubnet: Subnet;
  /** Subnet for private endpoints. */
  public readonly endpointSubnet: Subnet;
  /** The NAT gateway. */
  public readonly nat: NatGateway;
  /** Public address of all outbound traffic. */
  public readonly natAddress: PublicIp;
  /** Address ranges of the network, pods, and services. */
  public readonly ranges: NetworkRanges;
  /** Resources that must exist before machines have outbound internet access. */
  public readonly egress: ITerraformDependable[];
  private readonly resourceGroup: IResourceGroup;
  private readonly securityGroup: NetworkSecurityGroup;
  private readonly ready = new Map<Subnet, ITerraformDependable[]>();
  private readonly taken: { readonly prop: string; readonly cidr: string }[];

  constructor(scope: Construct, id: string, props: MlNetworkProps) {
    super(scope, id);
    checkProviders(this);
    this.ranges = checkedRanges(this, props);
    this.resourceGroup = props.resourceGroup;
    recordLocation(this, this.resourceGroup.location);
    const { cidr, nodeCidr, endpointCidr } = this.ranges;
    const common = this.commonConfig();
    this.resource = new VirtualNetwork(this, 'Resource', { ...common, addressSpace: [cidr] });
    this.securityGroup = new NetworkSecurityGroup(this, 'SecurityGroup', common);
    const zones = props.zone === undefined ? undefined : [props.zone];
    this.nat = new NatGateway(this, 'Nat', { ...common, skuName: 'Standard', zones });
    const address = { allocationMethod: 'Static', sku: 'Standard', zones };
    this.natAddress = new PublicIp(this, 'NatAddress', { ...common, ...address });
    const attached = new NatGatewayPublicIpAssociation(this, 'NatAddressAssociation', {
      natGatewayId: this.nat.id,
      publicIpAddressId: this.natAddress.id,
    });
    this.taken = [];
    this.egress = [attached];
    this.nodeSubnet = this.addSubnet('Nodes', { cidr: nodeCidr });
    this.endpointSubnet = this.addSubnet('Endpoints', { cidr: endpointCidr, egress: false });
  }

  /** Resource id of the virtual network. */
  get virtualNetworkId(): string {
    return this.resource.id;
  }

  /** Resource id of the node subnet. */
  get nodeSubnetId(): string {
    return this.nodeSubnet.id;
  }

  /** Resource id of the subnet for private endpoints. */
  get endpointSubnetId(): string {
    return this.endpointSubnet.id;
  }

  /** Region of the network. */
  get location(): string {
    return this.resourceGroup.location;
  }

  /** Address range of pods. */
  get podCidr(): string {
    return this.ranges.podCidr;
  }

  /** Address range of Kubernetes services. */
  get serviceCidr(): string {
    return this.ranges.serviceCidr;
  }

  /** Adds a subnet, for a service that requires its own. */
  addSubnet(id: string, { cidr, delegation, securityGroup, egress = true }: SubnetOptions): Subnet {
    this.checkFree(id, cidr);
    const name = id.toLowerCase();
    const subnet = new Subnet(this, id, {
      name,
      resourceGroupName: this.resourceGroup.name,
      virtualNetworkName: this.resource.name,
      addressPrefixes: [cidr],
      defaultOutboundAccessEnabled: false,
      ...(delegation !== undefined && delegatedTo(delegation)),
    });
    const rules = new SubnetNetworkSecurityGroupAssociation(this, `${id}SecurityGroup`, {
      subnetId: subnet.id,
      networkSecurityGroupId: (securityGroup ?? this.securityGroup).id,
    });
    const nat = { subnetId: subnet.id, natGatewayId: this.nat.id };
    const outbound = egress ? [new SubnetNatGatewayAssociation(this, `${id}Nat`, nat)] : [];
    this.egress.push(...outbound);
    this.ready.set(subnet, [rules, ...outbound]);
    return subnet;
  }

  /** Returns the resources that must exist before a subnet can be used: its security rules and its NAT association. */
  readyOf(subnet: Subnet): ITerraformDependable[] {
    return this.ready.get(subnet) ?? [];
  }

  /** Returns the first block with a prefix length in the second half of the network, which is reserved for service subnets. */
  firstServiceBlock(prefix: number): string {
    const { first, size, prefix: outer } = parseCidr(this.ranges.cidr)!;
    const half = { first: first + size / 2, size: size / 2, prefix: outer + 1 };
    return blocksOf(half, prefix, 1)[0] ?? this.ranges.cidr;
  }

  /** Returns the resource id of a private DNS zone, and creates and links the zone on first use. */
  privateDnsZoneId(zone: string): string {
    const found = this.node.tryFindChild(`Dns-${zone}`) as PrivateDnsZone | undefined;
    return (found ?? this.addDnsZone(zone)).id;
  }

  private addDnsZone(zone: string): PrivateDnsZone {
    claimZone(this, this.resourceGroup, zone);
    const { name: resourceGroupName } = this.resourceGroup;
    const resource = new PrivateDnsZone(this, `Dns-${zone}`, { name: zone, resourceGroupName });
    new PrivateDnsZoneVirtualNetworkLink(this, `DnsLink-${zone}`, {
      name: physicalName(this),
      resourceGroupName,
      privateDnsZoneName: resource.name,
      virtualNetworkId: this.resource.id,
    });
    return resource;
  }

  private checkFree(id: string, cidr: string): void {
    const problems = new ProblemCollector();
    checkSubnetName(problems, 'id', id);
    const block = checkedBlock(problems, 'cidr', cidr);
    if (block && !cidrContains(parseCidr(this.ranges.cidr)!, block)) {
      const allowed = `within the range of the network, ${this.ranges.cidr}`;
      problems.add({ code: 'CidrInvalid', prop: 'cidr', allowed, got: cidr, fix: 'Choose a block in this range.' });
    }
    for (const other of this.taken) {
      if (!block || !cidrsOverlap(block, parseCidr(other.cidr)!)) continue;
      const allowed = `separate from the subnet ${other.prop}, ${other.cidr}`;
      problems.add({ code: 'CidrOverlap', prop: 'cidr', allowed, got: cidr, fix: 'Choose another block.' });
    }
    problems.throwIfAny(this);
    this.taken.push({ prop: id, cidr });
  }

  private commonConfig() {
    const { name: resourceGroupName, location } = this.resourceGroup;
    return { name: physicalName(this), resourceGroupName, location };
  }
}

function checkedRanges(scope: Construct, props: MlNetworkProps): NetworkRanges {
  const problems = new ProblemCollector();
  const ranges = { ...DEFAULT_RANGES } as { -readonly [Each in keyof NetworkRanges]: string };
  if (validateProps(problems, props, ML_NETWORK_PROPS)) {
    checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
    checkZone(problems, 'zone', props.zone);
    for (const prop of Object.keys(ranges) as (keyof NetworkRanges)[]) ranges[prop] = props[prop] ?? ranges[prop];
    checkRanges(problems, ranges);
  }
  problems.throwIfAny(scope);
  return ranges;
}

/** Azure adds the actions of the delegated service. Without `ignoreChanges`, azurerm would remove them with each apply. */
function delegatedTo(name: string) {
  const lifecycle = { ignoreChanges: ['delegation[0].service_delegation[0].actions'] };
  return { delegation: [{ name: 'service', serviceDelegation: { name } }], lifecycle };
}

/** A private DNS zone of a network. */
interface Claim {
  readonly provider: string;
  readonly network: IConstruct;
  readonly resourceGroup: IResourceGroup;
  readonly zone: string;
}

const CLAIMS = Symbol.for('ai-infra-constructs.azurePrivateDnsZones');

/** Records a DNS zone of a network, and rejects it if another network of the stack has the zone in the same resource group. */
export function claimZone(network: IConstruct, resourceGroup: IResourceGroup, zone: string): void {
  const holder = TerraformStack.of(network) as { [CLAIMS]?: Claim[] };
  const claims = (holder[CLAIMS] ??= []);
  const provider = providerKey(network, 'azurerm');
  const other = claims.find(
    (claim) => claim.provider === provider && claim.zone === zone && isSame(claim.resourceGroup, resourceGroup),
  );
  if (other) throw duplicate(network, other);
  claims.push({ provider, network, resourceGroup, zone });
}

/** Compares objects first, because two tokens of the same name differ. */
function isSame(one: IResourceGroup, other: IResourceGroup): boolean {
  return one === other || one.name === other.name;
}

function duplicate(network: IConstruct, { zone, network: other }: Claim): AiInfraError {
  return new AiInfraError(
    [
      {
        code: 'AzureName',
        prop: 'resourceGroup',
        allowed: `another resource group than that of ${other.node.path}, which contains the private DNS zone ${zone}`,
        got: `two networks with ${zone}`,
        fix: 'Share one network, or use one resource group per network.',
      },
    ],
    network,
  );
}
