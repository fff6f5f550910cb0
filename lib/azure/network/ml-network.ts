import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { blocksOf, cidrContains, cidrsOverlap, parseCidr } from '../../core/cidr';
import { Problems } from '../../core/errors';
import { fits, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { checkZone } from '../props/location';
import { checkResourceGroup, type IResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
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
import { type ExistingNetwork, existingNetwork } from './existing-network';
import { claimZone } from './dns-zones';
import type { IMlNetwork } from './network-attributes';
import { checkedBlock, checkRanges, checkSubnetName, DEFAULT_RANGES, type NetworkRanges } from './network-ranges';

/** Properties for `MlNetwork`. */
export interface MlNetworkProps extends Partial<NetworkRanges> {
  /** The resource group, and by it the region, that it stands in. */
  readonly resourceGroup: IResourceGroup;
  /** Addresses of the whole network, of which the second half is kept for subnets of services. @default 10.0.0.0/16 */
  readonly cidr?: string;
  /** Addresses of nodes, within `cidr`. @default 10.0.0.0/18 */
  readonly nodeCidr?: string;
  /** Addresses of private endpoints, within `cidr`. @default 10.0.64.0/24 */
  readonly endpointCidr?: string;
  /** Addresses of pods, beside `cidr`: a /24 for each node. @default 10.4.0.0/14 */
  readonly podCidr?: string;
  /** Addresses of Kubernetes services, beside `cidr`. @default 10.8.0.0/20 */
  readonly serviceCidr?: string;
  /** The zone of the NAT gateway: that of the nodes. @default - one that Azure takes */
  readonly zone?: string;
}

const SHAPE: Shape<MlNetworkProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  cidr: TEXT,
  nodeCidr: TEXT,
  endpointCidr: TEXT,
  podCidr: TEXT,
  serviceCidr: TEXT,
  zone: TEXT,
};

/** What a service wants of a subnet. */
export interface SubnetOptions {
  /** Its addresses, within those of the network. */
  readonly cidr: string;
  /** The service that the subnet is handed to, e.g. `Microsoft.App/environments`. @default - none: machines and endpoints stand in it */
  readonly delegation?: string;
  /** Rules of the subnet. @default - what Azure allows by itself: all within the network, nothing from outside */
  readonly securityGroup?: NetworkSecurityGroup;
  /** Whether it gets out by the NAT gateway. @default true */
  readonly egress?: boolean;
}

/**
 * The network of a workload, for those who bring none: nodes without public addresses, a NAT for what they fetch, a subnet for private
 * endpoints, and private DNS zones for the services behind them. It keeps clear of the addresses that InfiniBand and AKS hold.
 */
export class MlNetwork extends Construct implements IMlNetwork {
  /** A network that stands already. */
  static existing(network: ExistingNetwork): IMlNetwork {
    return existingNetwork(network);
  }

  public readonly resource: VirtualNetwork;
  public readonly nodeSubnet: Subnet;
  public readonly endpointSubnet: Subnet;
  public readonly nat: NatGateway;
  /** The address of all nodes, as others see it. */
  public readonly natAddress: PublicIp;
  /** Addresses of the network and of what runs on it. */
  public readonly ranges: NetworkRanges;
  /** What must stand before machines have a way out. */
  public readonly egress: ITerraformDependable[];
  private readonly resourceGroup: IResourceGroup;
  private readonly securityGroup: NetworkSecurityGroup;
  private readonly ready = new Map<Subnet, ITerraformDependable[]>();
  private readonly taken: { readonly prop: string; readonly cidr: string }[];

  constructor(scope: Construct, id: string, props: MlNetworkProps) {
    super(scope, id);
    this.ranges = checkedRanges(this, props);
    this.resourceGroup = props.resourceGroup;
    const { cidr, nodeCidr, endpointCidr } = this.ranges;
    const place = this.place();
    this.resource = new VirtualNetwork(this, 'Resource', { ...place, addressSpace: [cidr] });
    this.securityGroup = new NetworkSecurityGroup(this, 'SecurityGroup', place);
    const zones = props.zone === undefined ? undefined : [props.zone];
    this.nat = new NatGateway(this, 'Nat', { ...place, skuName: 'Standard', zones });
    const standing = { allocationMethod: 'Static', sku: 'Standard', zones };
    this.natAddress = new PublicIp(this, 'NatAddress', { ...place, ...standing });
    const attached = new NatGatewayPublicIpAssociation(this, 'NatAddressAssociation', {
      natGatewayId: this.nat.id,
      publicIpAddressId: this.natAddress.id,
    });
    this.taken = [];
    this.egress = [attached];
    this.nodeSubnet = this.addSubnet('Nodes', { cidr: nodeCidr });
    this.endpointSubnet = this.addSubnet('Endpoints', { cidr: endpointCidr, egress: false });
  }

  get virtualNetworkId(): string {
    return this.resource.id;
  }

  get nodeSubnetId(): string {
    return this.nodeSubnet.id;
  }

  get endpointSubnetId(): string {
    return this.endpointSubnet.id;
  }

  get location(): string {
    return this.resourceGroup.location;
  }

  get podCidr(): string {
    return this.ranges.podCidr;
  }

  get serviceCidr(): string {
    return this.ranges.serviceCidr;
  }

  /** A further subnet, for a service that wants one of its own. */
  addSubnet(id: string, { cidr, delegation, securityGroup, egress = true }: SubnetOptions): Subnet {
    this.checkFree(id, cidr);
    const name = id.toLowerCase();
    const subnet = new Subnet(this, id, {
      name,
      resourceGroupName: this.resourceGroup.name,
      virtualNetworkName: this.resource.name,
      addressPrefixes: [cidr],
      defaultOutboundAccessEnabled: false,
      ...(delegation !== undefined && handedTo(delegation)),
    });
    const guarded = new SubnetNetworkSecurityGroupAssociation(this, `${id}SecurityGroup`, {
      subnetId: subnet.id,
      networkSecurityGroupId: (securityGroup ?? this.securityGroup).id,
    });
    const way = { subnetId: subnet.id, natGatewayId: this.nat.id };
    const out = egress ? [new SubnetNatGatewayAssociation(this, `${id}Nat`, way)] : [];
    this.egress.push(...out);
    this.ready.set(subnet, [guarded, ...out]);
    return subnet;
  }

  /** What must stand before anything comes into a subnet of this network: its rules, and its way out. */
  readyOf(subnet: Subnet): ITerraformDependable[] {
    return this.ready.get(subnet) ?? [];
  }

  /** The first block of a prefix in the half of the network that is kept for subnets of services. */
  firstServiceBlock(prefix: number): string {
    const { first, size, prefix: outer } = parseCidr(this.ranges.cidr)!;
    const half = { first: first + size / 2, size: size / 2, prefix: outer + 1 };
    return blocksOf(half, prefix, 1)[0] ?? this.ranges.cidr;
  }

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
    const problems = new Problems();
    checkSubnetName(problems, 'id', id);
    const block = checkedBlock(problems, 'cidr', cidr);
    if (block && !cidrContains(parseCidr(this.ranges.cidr)!, block)) {
      const allowed = `within the network's ${this.ranges.cidr}`;
      problems.add({ code: 'CidrInvalid', prop: 'cidr', allowed, got: cidr, fix: 'Name addresses of the network.' });
    }
    for (const other of this.taken) {
      if (!block || !cidrsOverlap(block, parseCidr(other.cidr)!)) continue;
      const allowed = `apart from the subnet ${other.prop} ${other.cidr}`;
      problems.add({ code: 'CidrOverlap', prop: 'cidr', allowed, got: cidr, fix: 'State other addresses.' });
    }
    problems.throwIfAny(this);
    this.taken.push({ prop: id, cidr });
  }

  private place() {
    const { name: resourceGroupName, location } = this.resourceGroup;
    return { name: physicalName(this), resourceGroupName, location };
  }
}

function checkedRanges(scope: Construct, props: MlNetworkProps): NetworkRanges {
  const problems = new Problems();
  const ranges = { ...DEFAULT_RANGES } as { -readonly [Each in keyof NetworkRanges]: string };
  if (fits(problems, props, SHAPE)) {
    checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
    checkZone(problems, 'zone', props.zone);
    for (const prop of Object.keys(ranges) as (keyof NetworkRanges)[]) ranges[prop] = props[prop] ?? ranges[prop];
    checkRanges(problems, ranges);
  }
  problems.throwIfAny(scope);
  return ranges;
}

/** Azure adds the actions that a service may take, and azurerm would take them off again with each apply: they are Azure's to say. */
function handedTo(name: string) {
  const lifecycle = { ignoreChanges: ['delegation[0].service_delegation[0].actions'] };
  return { delegation: [{ name: 'service', serviceDelegation: { name } }], lifecycle };
}
