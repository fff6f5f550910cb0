import { Token } from 'aws-cdk-lib';
import { type Cidr, cidrContains, cidrsOverlap, parseCidr } from '../../core/cidr';
import type { Problems } from '../../core/errors';
import { listOf, NUMBER, recordOf, type Shape, TEXT, TEXT_OR_EMPTY } from '../../core/shapes';
import type { MlVpcProps } from './ml-vpc';
import { ENDPOINT_SERVICE, RETENTION_DAYS } from '../props/shapes';
import { isKnown } from '../props/tokens';

/** The address ranges around a VPC. */
export interface MlVpcRanges {
  readonly cidr: string;
  readonly serviceCidr: string;
  readonly peeredCidrs?: readonly string[];
}

/** What EKS takes for services: a private range of /24 to /12. */
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((range) => parseCidr(range)!);
/** What no host may have as its address: this network, loopback, link-local, multicast and what is reserved. RFC 6890. */
const SPECIAL = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];
const SPECIAL_RANGES = SPECIAL.map((range) => parseCidr(range)!);
/** Largest and smallest VPC: EC2 takes no larger one, and in a smaller one the node subnets run out of pod addresses. */
const VPC_PREFIXES = { from: 16, to: 20 };
/** https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const FEWEST_ZONES = 2;
const SERVICE_PREFIXES = { from: 12, to: 24 };

/** The kinds of its props. */
export const ML_VPC: Shape<MlVpcProps> = {
  cidr: TEXT_OR_EMPTY,
  peeredCidrs: listOf(TEXT_OR_EMPTY),
  serviceCidr: TEXT_OR_EMPTY,
  availabilityZones: listOf(TEXT),
  natGateways: NUMBER,
  interfaceEndpoints: recordOf(ENDPOINT_SERVICE),
  flowLogRetention: RETENTION_DAYS,
};

/** Child ids that are no endpoint. */
const TAKEN_IDS = ['', 'S3', 'SecurityGroup'];

/** Adds a problem for each id that no endpoint may have. */
export function checkEndpointNames(problems: Problems, prop: string, services: object = {}): void {
  for (const name of Object.keys(services).filter((each) => TAKEN_IDS.includes(each))) {
    problems.add({
      code: 'EndpointName',
      prop: `${prop}.${name}`,
      allowed: 'the id of no other child, and not empty',
      got: name,
      fix: 'Rename the endpoint.',
    });
  }
}

/** The range that EKS itself takes for services: 172.20.0.0/16 where the VPC begins with 10, else 10.100.0.0/16. */
export function defaultServiceCidr(cidr: string): string {
  return cidr.startsWith('10.') ? '172.20.0.0/16' : '10.100.0.0/16';
}

/**
 * Adds what is wrong with the ranges: malformed ones, sizes that EC2 or EKS refuses, and overlaps, which no later change can mend.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html
 */
export function checkRanges(problems: Problems, { cidr, serviceCidr, peeredCidrs = [] }: MlVpcRanges): void {
  const vpc = rangeOf(problems, 'cidr', cidr, VPC_PREFIXES);
  const special = vpc && SPECIAL_RANGES.find((range) => cidrsOverlap(range, vpc.block));
  if (special) invalid(problems, 'cidr', `outside ${SPECIAL.join(', ')}, which no host may have`, cidr);
  const services = checkServiceCidr(problems, serviceCidr);
  apart(problems, services, vpc);
  for (const [index, peered] of peeredCidrs.entries()) {
    const peer = rangeOf(problems, `peeredCidrs[${index}]`, peered, { from: 0, to: 32 });
    apart(problems, vpc, peer);
    apart(problems, services, peer);
  }
}

/** Adds a problem where a range is no IPv4 block. Only the deployment may know it. */
export function checkCidr(problems: Problems, prop: string, cidr: string): void {
  if (!Token.isUnresolved(cidr)) rangeOf(problems, prop, cidr, { from: 0, to: 32 });
}

/** Adds what is wrong with the addresses of Kubernetes services by themselves. */
export function checkServiceCidr(problems: Problems, serviceCidr: string): NamedRange | undefined {
  const services = rangeOf(problems, 'serviceCidr', serviceCidr, SERVICE_PREFIXES);
  if (services && !PRIVATE_RANGES.some((range) => cidrContains(range, services.block))) {
    invalid(problems, 'serviceCidr', 'within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16', serviceCidr);
  }
  return services;
}

/** Adds what is wrong with the zones: EKS takes no cluster with subnets in fewer than two. */
export function checkZones(problems: Problems, zones: readonly string[]): void {
  if (new Set(zones).size === zones.length && zones.length >= FEWEST_ZONES) return;
  problems.add({
    code: 'ZoneUnknown',
    prop: 'availabilityZones',
    allowed: `at least ${FEWEST_ZONES} distinct zones, since EKS demands them`,
    got: zones,
    fix: 'Name one more zone; nodes stay in theirs.',
  });
}

/** Adds what is wrong with the number of NAT gateways: none leaves the nodes without egress, more than one a zone stand idle. */
export function checkNatGateways(problems: Problems, natGateways: number | undefined, zones: number): void {
  if (!isKnown(problems, 'natGateways', natGateways)) return;
  if (Number.isInteger(natGateways) && natGateways >= 1 && natGateways <= zones) return;
  problems.add({
    code: 'NatGateways',
    prop: 'natGateways',
    allowed: `a whole number from 1 to ${zones}, the zones of the VPC`,
    got: natGateways,
    fix: 'Leave it out for one in each zone.',
  });
}

interface NamedRange {
  readonly prop: string;
  readonly text: string;
  readonly block: Cidr;
}

function rangeOf(
  problems: Problems,
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
  invalid(problems, prop, `an IPv4 block of /${prefixes.from} to /${prefixes.to} with no bits set beyond it`, text);
  return undefined;
}

function invalid(problems: Problems, prop: string, allowed: string, got: string): void {
  problems.add({ code: 'CidrInvalid', prop, allowed, got, fix: 'Write it like 10.0.0.0/16.' });
}

function apart(problems: Problems, range: NamedRange | undefined, other: NamedRange | undefined): void {
  if (!range || !other || !cidrsOverlap(range.block, other.block)) return;
  problems.add({
    code: 'CidrOverlap',
    prop: range.prop,
    allowed: `apart from ${other.prop} (${other.text})`,
    got: range.text,
    fix: `Choose another ${range.prop}: routes to addresses in both are lost.`,
  });
}
