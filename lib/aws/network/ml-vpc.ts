import { RemovalPolicy, Stack, Tags, Token } from 'aws-cdk-lib';
import {
  FlowLog,
  FlowLogDestination,
  FlowLogResourceType,
  type InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISubnet,
  type IVpc,
  type SubnetConfiguration,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, STRING } from '../../core/prop-schema';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { record } from '../template/findings';
import { mayBe, type SubnetsOfVpc } from './node-subnets';
import { MlVpcEndpoints } from './ml-vpc-endpoints';
import { ML_VPC_PROPS } from '../prop-schemas';
import { type Cidr, cidrContains, cidrsOverlap, parseCidr } from '../../core/cidr';
import { isKnown } from '../props/tokens';

/** Properties for `MlVpc`. */
export interface MlVpcProps {
  /**
   * Address range, /16 to /20.
   *
   * @default '10.0.0.0/16'
   * @schema STRING_OR_EMPTY
   */
  readonly cidr?: string;
  /**
   * Address ranges of connected networks, now or later. They must not overlap.
   *
   * @default - none
   * @schema LINES
   */
  readonly peeredCidrs?: readonly string[];
  /** Address range of the Kubernetes services of the cluster. @default - the default of EKS: 172.20.0.0/16 or 10.100.0.0/16 */
  readonly serviceCidr?: string;
  /** Zones, at least two. Include the zone of reserved capacity. @default - up to three zones of the region */
  readonly availabilityZones?: readonly string[];
  /** Number of NAT gateways. One gateway costs less, but is a single point of failure. @default - one in each zone */
  readonly natGateways?: number;
  /** Interface endpoints by construct ID. Some services are not available in every region. @default mlInterfaceEndpoints() */
  readonly interfaceEndpoints?: Readonly<Record<string, InterfaceVpcEndpointAwsService>>;
  /** How long CloudWatch Logs keeps flow logs. @default RetentionDays.ONE_YEAR */
  readonly flowLogRetention?: RetentionDays;
}

const PUBLIC_PREFIX = 26;

// A function, because a reference to a CDK enum at module load would load all of EC2.
function subnetConfiguration(): SubnetConfiguration[] {
  return [
    { name: 'Nodes', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    { name: 'Nat', subnetType: SubnetType.PUBLIC, cidrMask: PUBLIC_PREFIX, mapPublicIpOnLaunch: false },
  ];
}

/**
 * A VPC for accelerator nodes: in each zone a large private subnet for nodes, and a small public subnet for a NAT gateway. With VPC endpoints
 * and flow logs.
 *
 * A custom resource of the CDK removes the rules of the default security group, because CloudFormation cannot.
 *
 * @example
 * ```ts
 * import { MlVpc } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * new MlVpc(new Stack(new App(), 'Network'), 'Vpc', { cidr: '10.4.0.0/16', peeredCidrs: ['10.0.0.0/16'] });
 * ```
 */
export class MlVpc extends Construct {
  /** The VPC. */
  public readonly vpc: IVpc;
  /** VPC endpoints for AWS services. */
  public readonly endpoints: MlVpcEndpoints;
  /** Log group of the flow logs. */
  public readonly flowLogs: EncryptedLogGroup;
  /** Address range for Kubernetes services. It does not overlap the VPC or a connected network. */
  public readonly serviceCidr: string;

  constructor(scope: Construct, id: string, props: MlVpcProps = {}) {
    super(scope, id);
    assertProps(props, ML_VPC_PROPS, { scope: this });
    const { cidr = '10.0.0.0/16', peeredCidrs, natGateways } = props;
    this.serviceCidr = props.serviceCidr ?? defaultServiceCidr(cidr);
    const zones = zonesOf(this, props);
    const problems = new ProblemCollector();
    checkRanges(problems, { cidr, serviceCidr: this.serviceCidr, peeredCidrs });
    checkZones(problems, zones);
    checkNatGateways(problems, natGateways, zones.length);
    checkEndpointNames(problems, 'interfaceEndpoints', props.interfaceEndpoints);
    problems.throwIfAny(this);

    this.vpc = new Vpc(this, 'Resource', {
      ipAddresses: IpAddresses.cidr(cidr),
      availabilityZones: zones,
      natGateways,
      restrictDefaultSecurityGroup: true,
      subnetConfiguration: subnetConfiguration(),
    });
    this.nodeSubnets.forEach((subnet) => Tags.of(subnet).add('kubernetes.io/role/internal-elb', '1'));
    this.endpoints = new MlVpcEndpoints(this, 'Endpoints', {
      vpc: this.vpc,
      cidr,
      subnets: { subnets: this.nodeSubnets },
      services: props.interfaceEndpoints,
    });
    this.flowLogs = flowLogsOf(this, this.vpc, props.flowLogRetention);
    if (natGateways === 1 && zones.length > 1) warnOfOneGateway(this);
  }

  /** The private subnets, one in each zone. */
  get nodeSubnets(): ISubnet[] {
    return this.vpc.privateSubnets;
  }

  /**
   * Returns the private subnet in a zone. All nodes of a fabric must be in one zone.
   *
   * @param zone For example `us-east-1a`. Default: the first zone.
   */
  nodeSubnet(zone?: string): ISubnet {
    assertProps({ zone }, { zone: STRING }, { scope: this });
    const zones = this.vpc.availabilityZones;
    const found = this.nodeSubnets.find((subnet) => zone === undefined || mayBe(subnet.availabilityZone, zone));
    const problems = new ProblemCollector();
    if (!found) {
      const named = zones.filter((one) => !Token.isUnresolved(one));
      problems.add({
        code: 'ZoneUnknown',
        prop: 'zone',
        allowed:
          named.length > 0 ? `one of ${named.join(', ')}` : 'left out, because the zones are known only at deployment',
        got: zone,
        fix: 'Set availabilityZones to the zones that you need.',
      });
    }
    problems.throwIfAny(this);
    return found!;
  }
}

const MAX_ZONES = 3;

/**
 * The subnets of a future `MlVpc`, without a stack, to check a selection before any resource is created. The default selection needs only the
 * zones. A custom selection needs a real VPC of the CDK.
 */
function trialVpc(availabilityZones: string[]): SubnetsOfVpc {
  return {
    privateSubnets: availabilityZones.map((availabilityZone) => ({ availabilityZone })),
    isolatedSubnets: [],
    selectSubnets: (selection) =>
      new Vpc(new Stack(), 'Trial', { availabilityZones, subnetConfiguration: subnetConfiguration() }).selectSubnets(
        selection,
      ),
  };
}

/** Returns the subnets of a future VPC. Adds a problem and returns undefined if its zones are invalid. */
export function newVpc(problems: ProblemCollector, props: MlVpcProps, scope: Construct): SubnetsOfVpc | undefined {
  const zones = zonesOf(scope, props);
  const before = problems.all.length;
  checkZones(problems, zones);
  return problems.all.length > before ? undefined : trialVpc(zones);
}

/** The zones of an `MlVpc`. */
export function zonesOf(scope: Construct, { availabilityZones }: MlVpcProps): string[] {
  return [...(availabilityZones ?? Stack.of(scope).availabilityZones.slice(0, MAX_ZONES))];
}

function flowLogsOf(scope: Construct, vpc: IVpc, retention?: RetentionDays): EncryptedLogGroup {
  const logs = new EncryptedLogGroup(scope, 'FlowLogs', {
    retention,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  new FlowLog(scope, 'FlowLog', {
    resourceType: FlowLogResourceType.fromVpc(vpc),
    destination: FlowLogDestination.toCloudWatchLogs(logs.logGroup),
  });
  return logs;
}

function warnOfOneGateway(scope: Construct): void {
  record(scope, {
    id: 'network/one-zone-egress',
    level: 'warning',
    message: 'All egress uses one NAT gateway. If its zone fails, no node can reach the internet.',
    fix: 'Remove natGateways to get one in each zone.',
    evidence: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html',
  });
}

/** The address ranges around a VPC. */
export interface MlVpcRanges {
  readonly cidr: string;
  readonly serviceCidr: string;
  readonly peeredCidrs?: readonly string[];
}

/** EKS supports a private range of /24 to /12 for services. */
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((range) => parseCidr(range)!);
/** Special addresses that a host cannot use: this network, loopback, link-local, multicast, and reserved ranges. RFC 6890. */
const SPECIAL = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];
const SPECIAL_RANGES = SPECIAL.map((range) => parseCidr(range)!);
/** Largest and smallest VPC. EC2 supports no larger one, and in a smaller one the node subnets have too few pod addresses. */
const VPC_PREFIXES = { from: 16, to: 20 };
/** https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const MIN_ZONES = 2;
const SERVICE_PREFIXES = { from: 12, to: 24 };
/** Construct IDs of other children. */
const RESERVED_IDS = ['', 'S3', 'SecurityGroup'];

/** Adds a problem for each reserved endpoint ID. */
export function checkEndpointNames(problems: ProblemCollector, prop: string, services: object = {}): void {
  for (const name of Object.keys(services).filter((each) => RESERVED_IDS.includes(each))) {
    problems.add({
      code: 'EndpointName',
      prop: `${prop}.${name}`,
      allowed: `a non-empty ID other than ${RESERVED_IDS.filter((id) => id !== '').join(', ')}`,
      got: name,
      fix: 'Rename the endpoint.',
    });
  }
}

/** The default service range of EKS: 172.20.0.0/16 if the VPC range starts with 10, or else 10.100.0.0/16. */
export function defaultServiceCidr(cidr: string): string {
  return cidr.startsWith('10.') ? '172.20.0.0/16' : '10.100.0.0/16';
}

/**
 * Adds each problem with the ranges: invalid ranges, sizes that EC2 or EKS does not support, and overlaps. No later change can fix these.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html
 */
export function checkRanges(problems: ProblemCollector, { cidr, serviceCidr, peeredCidrs = [] }: MlVpcRanges): void {
  const vpc = rangeOf(problems, 'cidr', cidr, VPC_PREFIXES);
  const special = vpc && SPECIAL_RANGES.find((range) => cidrsOverlap(range, vpc.block));
  if (special) invalid(problems, 'cidr', `outside the special ranges ${SPECIAL.join(', ')}`, cidr);
  const services = checkServiceCidr(problems, serviceCidr);
  checkOverlap(problems, services, vpc);
  for (const [index, peered] of peeredCidrs.entries()) {
    const peer = rangeOf(problems, `peeredCidrs[${index}]`, peered, { from: 0, to: 32 });
    checkOverlap(problems, vpc, peer);
    checkOverlap(problems, services, peer);
  }
}

/** Adds a problem if a range is not an IPv4 block. The range can be a token. */
export function checkCidr(problems: ProblemCollector, prop: string, cidr: string): void {
  if (!Token.isUnresolved(cidr)) rangeOf(problems, prop, cidr, { from: 0, to: 32 });
}

/** Adds each problem with the range of Kubernetes services. */
export function checkServiceCidr(problems: ProblemCollector, serviceCidr: string): NamedRange | undefined {
  const services = rangeOf(problems, 'serviceCidr', serviceCidr, SERVICE_PREFIXES);
  if (services && !PRIVATE_RANGES.some((range) => cidrContains(range, services.block))) {
    invalid(problems, 'serviceCidr', 'in 10.0.0.0/8, 172.16.0.0/12, or 192.168.0.0/16', serviceCidr);
  }
  return services;
}

/** Adds a problem if there are not enough zones. EKS requires subnets in at least two. */
export function checkZones(problems: ProblemCollector, zones: readonly string[]): void {
  if (new Set(zones).size === zones.length && zones.length >= MIN_ZONES) return;
  problems.add({
    code: 'ZoneUnknown',
    prop: 'availabilityZones',
    allowed: `a list of at least ${MIN_ZONES} distinct zones, which EKS requires`,
    got: zones,
    fix: 'Add a zone. The nodes stay in their zone.',
  });
}

/** Adds a problem for an invalid number of NAT gateways. Without one, nodes have no egress, and a second one in a zone is unused. */
export function checkNatGateways(problems: ProblemCollector, natGateways: number | undefined, zones: number): void {
  if (!isKnown(problems, 'natGateways', natGateways)) return;
  if (Number.isInteger(natGateways) && natGateways >= 1 && natGateways <= zones) return;
  problems.add({
    code: 'NatGateways',
    prop: 'natGateways',
    allowed: `a whole number from 1 to ${zones}, the number of zones`,
    got: natGateways,
    fix: 'Remove it to get one in each zone.',
  });
}

interface NamedRange {
  readonly prop: string;
  readonly text: string;
  readonly block: Cidr;
}

function rangeOf(
  problems: ProblemCollector,
  prop: string,
  text: string,
  prefixes: { from: number; to: number },
): NamedRange | undefined {
  if (Token.isUnresolved(text)) {
    isKnown(problems, prop, text);
    return undefined;
  }
  const block = parseCidr(text);
  if (block && block.prefix >= prefixes.from && block.prefix <= prefixes.to) return { prop, text, block };
  invalid(problems, prop, `an IPv4 block of /${prefixes.from} to /${prefixes.to} without host bits`, text);
  return undefined;
}

function invalid(problems: ProblemCollector, prop: string, allowed: string, got: string): void {
  problems.add({ code: 'CidrInvalid', prop, allowed, got, fix: 'Write it like 10.0.0.0/16.' });
}

function checkOverlap(problems: ProblemCollector, range: NamedRange | undefined, other: NamedRange | undefined): void {
  if (!range || !other || !cidrsOverlap(range.block, other.block)) return;
  problems.add({
    code: 'CidrOverlap',
    prop: range.prop,
    allowed: `separate from ${other.prop} (${other.text})`,
    got: range.text,
    fix: `Use another ${range.prop}. Addresses in both ranges cannot be routed.`,
  });
}
