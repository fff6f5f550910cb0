import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { checkBounds } from '../../terraform/tokens';
import { checkZone, recordRegion, regionOf, requireRegionOfProvider } from '../props/location';
import {
  EipAddress,
  EipAssociation,
  NatGateway,
  SecurityGroup,
  SecurityGroupRule,
  SnatEntry,
  Vpc,
  Vswitch,
} from '../provider/alicloud';
import { ML_NETWORK_PROPS } from '../prop-schemas';
import { ExistingNetwork, type MlNetworkAttributes } from './existing-network';
import type { IMlNetwork, ZoneVswitch } from './network-attributes';
import { blockOfZone, checkRanges, DEFAULT_RANGES, MAX_ZONES, type NetworkRanges } from './network-ranges';

/** Properties for `MlNetwork`. */
export interface MlNetworkProps {
  /** Zones of the vSwitches, up to 8. Add new zones at the end: the position of a zone determines its CIDR block. */
  readonly zones: readonly string[];
  /** CIDR block of the VPC. @default '10.0.0.0/13' */
  readonly cidr?: string;
  /** CIDR block of the nodes, within `cidr`. Each zone gets an eighth. @default '10.0.0.0/18' */
  readonly nodeCidr?: string;
  /** CIDR block of the pods, within `cidr`. Each zone gets an eighth. @default '10.4.0.0/14' */
  readonly podCidr?: string;
  /** CIDR block of the Kubernetes services, outside `cidr`. @default '10.8.0.0/20' */
  readonly serviceCidr?: string;
  /** Maximum outbound bandwidth to the internet in Mbps, from 1 to 200. @default 200 */
  readonly egressMbps?: number;
}

/** Maximum bandwidth of an EIP that is billed by traffic. @see https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs/resources/eip_address */
const EGRESS_BOUNDS = { min: 1, max: 200 };

/**
 * A VPC for AI workloads. Each zone has a vSwitch for nodes and one for pods. A NAT gateway allows downloads, and nodes have no public addresses. The
 * advanced security group has room for 65,536 addresses.
 *
 * @example
 * ```ts
 * import { MlNetwork } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const network = new MlNetwork(stack, 'Network', { zones: ['cn-hangzhou-i', 'cn-hangzhou-j'] });
 * ```
 */
export class MlNetwork extends Construct implements IMlNetwork {
  /** An existing network. Creates no resources. */
  static fromMlNetworkAttributes(scope: Construct, id: string, attributes: MlNetworkAttributes): IMlNetwork {
    return new ExistingNetwork(scope, id, attributes);
  }

  /** The VPC in Terraform. */
  public readonly vpc: Vpc;
  /** The security group of nodes and pods in Terraform. */
  public readonly securityGroup: SecurityGroup;
  /** The NAT gateway in Terraform. */
  public readonly nat: NatGateway;
  /** Public address of all outbound traffic. */
  public readonly natAddress: EipAddress;
  /** Resources that must exist before nodes have outbound internet access. */
  public readonly egress: ITerraformDependable[];
  private readonly rules: SecurityGroupRule[] = [];
  /** Region of the VPC. */
  public readonly region: string;
  /** vSwitches of nodes, file systems, and endpoints. */
  public readonly vswitches: readonly ZoneVswitch[];
  /** vSwitches of pods. */
  public readonly podVswitches: readonly ZoneVswitch[];
  /** CIDR blocks of the VPC, nodes, pods, and services. */
  public readonly ranges: NetworkRanges;

  constructor(scope: Construct, id: string, props: MlNetworkProps) {
    super(scope, id);
    checkProviders(this);
    this.ranges = checkedRanges(this, props);
    const { zones, egressMbps = EGRESS_BOUNDS.max } = props;
    const [firstZone = ''] = zones;
    this.region = regionOf(firstZone);
    requireRegionOfProvider(this, 'zones', firstZone);
    recordRegion(this, this.region);
    const name = physicalName(this);
    this.vpc = new Vpc(this, 'Vpc', { vpcName: name, cidrBlock: this.ranges.cidr });
    this.vswitches = zones.map((zone, index) => this.vswitch('Nodes', zone, blockOfZone(this.ranges.nodeCidr, index)));
    this.podVswitches = zones.map((zone, index) => this.vswitch('Pods', zone, blockOfZone(this.ranges.podCidr, index)));
    this.securityGroup = this.secure(name);
    this.nat = new NatGateway(this, 'Nat', {
      natGatewayName: name,
      vpcId: this.vpcId,
      vswitchId: this.vswitches[0]!.vswitchId,
      natType: 'Enhanced',
      paymentType: 'PayAsYouGo',
      internetChargeType: 'PayByLcu',
    });
    this.natAddress = new EipAddress(this, 'NatAddress', {
      addressName: name,
      paymentType: 'PayAsYouGo',
      internetChargeType: 'PayByTraffic',
      bandwidth: `${egressMbps}`,
    });
    // Without the rules of the group, nodes and the Kubernetes API cannot reach each other.
    this.egress = [this.route(), ...this.rules];
  }

  /** ID of the VPC. */
  get vpcId(): string {
    return this.vpc.id;
  }

  /** ID of the security group of nodes and pods. */
  get securityGroupId(): string {
    return this.securityGroup.id;
  }

  /** CIDR block of the Kubernetes services. */
  get serviceCidr(): string {
    return this.ranges.serviceCidr;
  }

  private vswitch(kind: string, zone: string, cidr: string): ZoneVswitch {
    const id = `${kind}-${zone}`;
    const { id: vswitchId } = new Vswitch(this, id, {
      vswitchName: `${physicalName(this, LONGEST_PREFIX)}-${id.toLowerCase()}`,
      vpcId: this.vpcId,
      zoneId: zone,
      cidrBlock: cidr,
    });
    return { zone, vswitchId, cidr };
  }

  /** Members of an advanced security group cannot reach each other without a rule. */
  private secure(name: string): SecurityGroup {
    const group = new SecurityGroup(this, 'SecurityGroup', {
      securityGroupName: name,
      description: 'Nodes and pods of AI workloads',
      vpcId: this.vpcId,
      securityGroupType: 'enterprise',
    });
    const cidrs = { ingress: this.ranges.cidr, egress: '0.0.0.0/0' };
    for (const [type, cidrIp] of Object.entries(cidrs)) {
      const rule = new SecurityGroupRule(this, `Allow-${type}`, {
        securityGroupId: group.id,
        type,
        cidrIp,
        ipProtocol: 'all',
        portRange: '-1/-1',
        nicType: 'intranet',
        policy: 'accept',
        priority: 1,
      });
      this.rules.push(rule);
    }
    return group;
  }

  /** The address must be at the gateway before an entry can use it. */
  private route(): SnatEntry {
    const association = new EipAssociation(this, 'NatAddressAssociation', {
      allocationId: this.natAddress.id,
      instanceId: this.nat.id,
      instanceType: 'Nat',
    });
    return new SnatEntry(this, 'Snat', {
      snatEntryName: physicalName(this),
      snatTableId: this.nat.snatTableIds,
      sourceCidr: this.ranges.cidr,
      snatIp: this.natAddress.ipAddress,
      dependsOn: [association],
    });
  }
}

const LONGEST_PREFIX = 48;

function checkedRanges(scope: Construct, props: MlNetworkProps): NetworkRanges {
  const problems = new ProblemCollector();
  let ranges = DEFAULT_RANGES;
  if (validateProps(problems, props, ML_NETWORK_PROPS)) {
    const { cidr, nodeCidr, podCidr, serviceCidr } = { ...DEFAULT_RANGES, ...defined(props) };
    ranges = { cidr, nodeCidr, podCidr, serviceCidr };
    checkZones(problems, props.zones);
    checkRanges(problems, ranges);
    checkBounds(problems, 'NetworkEgress', 'egressMbps', props.egressMbps, EGRESS_BOUNDS);
  }
  problems.throwIfAny(scope);
  return ranges;
}

function defined(props: MlNetworkProps): Partial<NetworkRanges> {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
}

function checkZones(problems: ProblemCollector, zones: readonly string[]): void {
  const add = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'LocationInvalid', prop, allowed, got, fix });
  if (zones.length === 0 || zones.length > MAX_ZONES)
    add('zones', `a list of 1 to ${MAX_ZONES} zones`, zones, 'Use the zones that have the machines.');
  zones.forEach((zone, index) => {
    const prop = `zones[${index}]`;
    checkZone(problems, prop, zone);
    const region = regionOf(zones[0]!);
    if (zones.indexOf(zone) < index) add(prop, 'a zone that is not in the list yet', zone, 'Remove it.');
    else if (regionOf(zone) !== region)
      add(prop, `a zone of ${region}, the region of zones[0]`, zone, 'Use zones of one region.');
  });
}
