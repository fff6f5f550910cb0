import { Token } from 'aws-cdk-lib';
import { type Cidr, cidrContains, cidrsOverlap, parseCidr } from '../../core/cidr';
import type { ProblemCollector } from '../../core/errors';
import { isKnown } from '../props/tokens';

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
