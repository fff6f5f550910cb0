import { blocksOf, type Cidr, cidrContains, cidrsOverlap, parseCidr } from '../../core/cidr';
import type { ProblemCollector } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';

/** CIDR blocks of a network. */
export interface NetworkRanges {
  /** CIDR block of the VPC. */
  readonly cidr: string;
  /** CIDR block of the nodes of all zones, within `cidr`. */
  readonly nodeCidr: string;
  /** CIDR block of the pods of all zones, within `cidr`. */
  readonly podCidr: string;
  /** CIDR block of the Kubernetes services, outside `cidr`. */
  readonly serviceCidr: string;
}

/** The default CIDR blocks: those of nodes, pods, and services are the same as on other clouds. */
export const DEFAULT_RANGES: NetworkRanges = {
  cidr: '10.0.0.0/13',
  nodeCidr: '10.0.0.0/18',
  podCidr: '10.4.0.0/14',
  serviceCidr: '10.8.0.0/20',
};

/** Zones that a block has room for. It does not depend on the number of zones, so that a new zone changes no other block. */
export const MAX_ZONES = 8;
const ZONE_BITS = Math.log2(MAX_ZONES);

/** Sizes that the API accepts. @see https://www.alibabacloud.com/help/en/vpc/user-guide/plan-networks */
const VPC_PREFIX = { min: 8, max: 28 };
const VSWITCH_PREFIX = { min: 16, max: 29 };
const DIVIDED_PREFIX = { min: VSWITCH_PREFIX.min - ZONE_BITS, max: VSWITCH_PREFIX.max - ZONE_BITS };
/** @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/plan-cidr-blocks-for-an-ack-cluster-1 */
const SERVICE_PREFIX = { min: 16, max: 24 };

/** Blocks that a VPC cannot have. @see https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs/resources/vpc */
const RESERVED = ['100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4'];

/** The part of a block for each zone, in the order of the zones. */
export function blockOfZone(cidr: string, index: number): string {
  const block = parseCidr(cidr)!;
  return blocksOf(block, Number(cidr.split('/')[1]) + ZONE_BITS, MAX_ZONES)[index]!;
}

/** Adds a problem for each block that is malformed, has a wrong size, or overlaps with another one. */
export function checkRanges(problems: ProblemCollector, ranges: NetworkRanges): void {
  const vpc = checkedBlock(problems, 'cidr', ranges.cidr, VPC_PREFIX);
  const nodes = checkedBlock(problems, 'nodeCidr', ranges.nodeCidr, DIVIDED_PREFIX);
  const pods = checkedBlock(problems, 'podCidr', ranges.podCidr, DIVIDED_PREFIX);
  const services = checkedBlock(problems, 'serviceCidr', ranges.serviceCidr, SERVICE_PREFIX);
  if (vpc) checkReserved(problems, ranges.cidr, vpc);
  for (const [prop, block] of [['nodeCidr', nodes] as const, ['podCidr', pods] as const]) {
    if (!vpc || !block || cidrContains(vpc, block)) continue;
    const allowed = `within ${ranges.cidr}, the VPC`;
    problems.add({ code: 'CidrInvalid', prop, allowed, got: ranges[prop], fix: `Change ${prop}, or enlarge cidr.` });
  }
  if (nodes && pods && cidrsOverlap(nodes, pods))
    addOverlap(problems, 'podCidr', ranges.podCidr, 'nodeCidr', ranges.nodeCidr);
  if (vpc && services && cidrsOverlap(vpc, services))
    addOverlap(problems, 'serviceCidr', ranges.serviceCidr, 'cidr', ranges.cidr);
}

function addOverlap(problems: ProblemCollector, prop: string, got: string, other: string, cidr: string): void {
  const allowed = `a CIDR block that does not overlap with ${other} ${cidr}`;
  problems.add({ code: 'CidrOverlap', prop, allowed, got, fix: 'Change one of them.' });
}

function checkReserved(problems: ProblemCollector, cidr: string, vpc: Cidr): void {
  const reserved = RESERVED.find((text) => cidrsOverlap(parseCidr(text)!, vpc));
  if (reserved === undefined) return;
  const allowed = `a CIDR block that does not overlap with ${reserved}, which Alibaba Cloud reserves`;
  problems.add({ code: 'CidrInvalid', prop: 'cidr', allowed, got: cidr, fix: 'Use a block in 10.0.0.0/8.' });
}

function checkedBlock(
  problems: ProblemCollector,
  prop: string,
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): Cidr | undefined {
  if (!isKnown(problems, prop, text)) return undefined;
  const block = parseCidr(text);
  const prefix = Number(text.split('/')[1]);
  if (block && prefix >= min && prefix <= max) return block;
  problems.add({
    code: 'CidrInvalid',
    prop,
    allowed: `an IPv4 CIDR block from /${min} to /${max}, for example 10.0.0.0/18`,
    got: text,
    fix: block ? 'Change the size of the block.' : 'Start with the first address of the block.',
  });
  return undefined;
}
