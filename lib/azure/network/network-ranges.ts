import { type Cidr, cidrContains, cidrsOverlap, parseCidr } from '../../core/cidr';
import type { ProblemCollector } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';

/** Address ranges of a network, as CIDR blocks. */
export interface NetworkRanges {
  /** Address range of the network. */
  readonly cidr: string;
  /** Address range of the node subnet. */
  readonly nodeCidr: string;
  /** Address range of the subnet for private endpoints. */
  readonly endpointCidr: string;
  /** Address range of pods. */
  readonly podCidr: string;
  /** Address range of Kubernetes services. */
  readonly serviceCidr: string;
}

/** The choice of this library: nodes and endpoints in the first half of the network, and service subnets in the second half. */
export const DEFAULT_RANGES: NetworkRanges = {
  cidr: '10.0.0.0/16',
  nodeCidr: '10.0.0.0/18',
  endpointCidr: '10.0.64.0/24',
  podCidr: '10.4.0.0/14',
  serviceCidr: '10.8.0.0/20',
};

/**
 * Reserved address ranges: InfiniBand on each machine, and AKS.
 *
 * @see https://learn.microsoft.com/en-us/azure/virtual-machines/setup-infiniband
 * @see https://learn.microsoft.com/en-us/azure/aks/azure-cni-overlay#ip-address-planning
 */
const RESERVED = {
  '172.16.0.0/16': 'reserved for InfiniBand on each node',
  '169.254.0.0/16': 'reserved for AKS',
  '172.30.0.0/16': 'reserved for AKS',
  '172.31.0.0/16': 'reserved for AKS',
  '192.0.2.0/24': 'reserved for AKS',
} as const;

/** Azure supports subnets from /2 to /29. AKS supports service ranges of at most /12. */
const SMALLEST_SUBNET = 29;
const LARGEST_SERVICES = 12;

type Blocks = Partial<Record<keyof NetworkRanges, Cidr>>;

/** Adds each problem of the address ranges: malformed, outside the network, overlapping, or reserved. */
export function checkRanges(problems: ProblemCollector, ranges: NetworkRanges): void {
  const blocks: Blocks = {};
  for (const prop of Object.keys(DEFAULT_RANGES) as (keyof NetworkRanges)[]) {
    const block = checkedBlock(problems, prop, ranges[prop]);
    if (!block) continue;
    blocks[prop] = block;
    checkReservedRanges(problems, prop, ranges[prop], block);
  }
  checkWithin(problems, ranges, blocks, 'nodeCidr');
  checkWithin(problems, ranges, blocks, 'endpointCidr');
  checkServices(problems, ranges.serviceCidr, blocks.serviceCidr);
  // Subnets overlap the network, so they are compared only with each other.
  checkApart(problems, ranges, blocks, ['nodeCidr', 'endpointCidr']);
  checkApart(problems, ranges, blocks, ['cidr', 'podCidr']);
  checkApart(problems, ranges, blocks, ['cidr', 'serviceCidr']);
  checkApart(problems, ranges, blocks, ['podCidr', 'serviceCidr']);
}

/** Parses a CIDR block, and adds a problem if it is malformed or a token. */
export function checkedBlock(problems: ProblemCollector, prop: string, text: string): Cidr | undefined {
  if (!isKnown(problems, prop, text)) return undefined;
  const block = parseCidr(text);
  if (block && block.prefix >= 2 && block.prefix <= SMALLEST_SUBNET) return block;
  problems.add({
    code: 'CidrInvalid',
    prop,
    allowed: `an IPv4 CIDR block from /2 to /${SMALLEST_SUBNET}, for example 10.0.0.0/18`,
    got: text,
    fix: 'Use the first address of the block.',
  });
  return undefined;
}

/** Adds a problem if a block overlaps a reserved range. */
export function checkReservedRanges(problems: ProblemCollector, prop: string, text: string, block: Cidr): void {
  for (const [reserved, reason] of Object.entries(RESERVED)) {
    if (!cidrsOverlap(parseCidr(reserved)!, block)) continue;
    const allowed = `separate from ${reserved}, which is ${reason}`;
    problems.add({ code: 'CidrOverlap', prop, allowed, got: text, fix: 'Use a block in 10.0.0.0/8.' });
  }
}

function checkWithin(
  problems: ProblemCollector,
  ranges: NetworkRanges,
  blocks: Blocks,
  prop: 'nodeCidr' | 'endpointCidr',
): void {
  const [outer, inner] = [blocks.cidr, blocks[prop]];
  if (!outer || !inner || cidrContains(outer, inner)) return;
  problems.add({
    code: 'CidrInvalid',
    prop,
    allowed: `within cidr ${ranges.cidr}`,
    got: ranges[prop],
    fix: 'Enlarge cidr, or move the subnet.',
  });
}

/** @see https://learn.microsoft.com/en-us/azure/aks/azure-cni-overlay#ip-address-planning */
function checkServices(problems: ProblemCollector, text: string, block: Cidr | undefined): void {
  if (!block || block.prefix >= LARGEST_SERVICES) return;
  const allowed = `at most a /${LARGEST_SERVICES}`;
  problems.add({ code: 'CidrInvalid', prop: 'serviceCidr', allowed, got: text, fix: 'Use a /20 for 4,096 services.' });
}

function checkApart(
  problems: ProblemCollector,
  ranges: NetworkRanges,
  blocks: Blocks,
  [one, other]: [keyof NetworkRanges, keyof NetworkRanges],
): void {
  const [a, b] = [blocks[one], blocks[other]];
  if (!a || !b || !cidrsOverlap(a, b)) return;
  const allowed = `separate from ${one} ${ranges[one]}`;
  problems.add({ code: 'CidrOverlap', prop: other, allowed, got: ranges[other], fix: 'Move one of them.' });
}

/** @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork */
const SUBNET_NAME = /^[a-z0-9](?:[a-z0-9_.-]{0,78}[a-z0-9_])?$/i;

/** Adds a problem if Azure does not accept the name of a subnet. */
export function checkSubnetName(problems: ProblemCollector, prop: string, name: string): void {
  if (SUBNET_NAME.test(name)) return;
  const allowed = '1 to 80 letters, digits, periods, hyphens, and underscores, starting with a letter or digit';
  problems.add({
    code: 'AzureName',
    prop,
    allowed,
    got: name,
    fix: 'Rename it: Azure uses it as the name of the subnet.',
  });
}
