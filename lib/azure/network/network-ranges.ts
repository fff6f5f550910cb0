import { type Cidr, cidrContains, cidrsOverlap, parseCidr } from '../../core/cidr';
import type { Problems } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';

/** Addresses of a network, each a block. */
export interface NetworkRanges {
  readonly cidr: string;
  readonly nodeCidr: string;
  readonly endpointCidr: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
}

/** This library's own choice: nodes and endpoints in one half of the network, the other for subnets of services. */
export const DEFAULT_RANGES: NetworkRanges = {
  cidr: '10.0.0.0/16',
  nodeCidr: '10.0.0.0/18',
  endpointCidr: '10.0.64.0/24',
  podCidr: '10.4.0.0/14',
  serviceCidr: '10.8.0.0/20',
};

/**
 * Addresses that others hold: InfiniBand within its machines, and AKS.
 *
 * @see https://learn.microsoft.com/en-us/azure/virtual-machines/setup-infiniband
 * @see https://learn.microsoft.com/en-us/azure/aks/azure-cni-overlay#ip-address-planning
 */
const TAKEN = {
  '172.16.0.0/16': 'InfiniBand holds it on each node',
  '169.254.0.0/16': 'AKS holds it',
  '172.30.0.0/16': 'AKS holds it',
  '172.31.0.0/16': 'AKS holds it',
  '192.0.2.0/24': 'AKS holds it',
} as const;

/** Azure takes subnets of /2 to /29; AKS services of at most /12. */
const SMALLEST_SUBNET = 29;
const LARGEST_SERVICES = 12;

type Blocks = Partial<Record<keyof NetworkRanges, Cidr>>;

/** Adds what is wrong with the addresses of a network: malformed, outside, overlapping, or held by others. */
export function checkRanges(problems: Problems, ranges: NetworkRanges): void {
  const blocks: Blocks = {};
  for (const prop of Object.keys(DEFAULT_RANGES) as (keyof NetworkRanges)[]) {
    const block = checkedBlock(problems, prop, ranges[prop]);
    if (!block) continue;
    blocks[prop] = block;
    checkTaken(problems, prop, ranges[prop], block);
  }
  checkWithin(problems, ranges, blocks, 'nodeCidr');
  checkWithin(problems, ranges, blocks, 'endpointCidr');
  checkServices(problems, ranges.serviceCidr, blocks.serviceCidr);
  // What stands in the network overlaps it by nature, and is told apart from its neighbour alone.
  checkApart(problems, ranges, blocks, ['nodeCidr', 'endpointCidr']);
  checkApart(problems, ranges, blocks, ['cidr', 'podCidr']);
  checkApart(problems, ranges, blocks, ['cidr', 'serviceCidr']);
  checkApart(problems, ranges, blocks, ['podCidr', 'serviceCidr']);
}

/** The block that a text says; adds a problem where it says none, or is not known now. */
export function checkedBlock(problems: Problems, prop: string, text: string): Cidr | undefined {
  if (!isKnown(problems, prop, text)) return undefined;
  const block = parseCidr(text);
  if (block && block.prefix >= 2 && block.prefix <= SMALLEST_SUBNET) return block;
  problems.add({
    code: 'CidrInvalid',
    prop,
    allowed: `an IPv4 block of /2 to /${SMALLEST_SUBNET}, e.g. 10.0.0.0/18`,
    got: text,
    fix: 'Write its first address.',
  });
  return undefined;
}

/** Adds a problem where a block holds addresses that others hold. */
export function checkTaken(problems: Problems, prop: string, text: string, block: Cidr): void {
  for (const [taken, why] of Object.entries(TAKEN)) {
    if (!cidrsOverlap(parseCidr(taken)!, block)) continue;
    const allowed = `apart from ${taken}: ${why}`;
    problems.add({ code: 'CidrOverlap', prop, allowed, got: text, fix: 'Take addresses of 10.0.0.0/8.' });
  }
}

function checkWithin(
  problems: Problems,
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
    fix: 'Widen cidr, or move the subnet.',
  });
}

/** @see https://learn.microsoft.com/en-us/azure/aks/azure-cni-overlay#ip-address-planning */
function checkServices(problems: Problems, text: string, block: Cidr | undefined): void {
  if (!block || block.prefix >= LARGEST_SERVICES) return;
  const allowed = `no larger than a /${LARGEST_SERVICES}`;
  problems.add({ code: 'CidrInvalid', prop: 'serviceCidr', allowed, got: text, fix: 'Take a /20: 4,096 services.' });
}

function checkApart(
  problems: Problems,
  ranges: NetworkRanges,
  blocks: Blocks,
  [one, other]: [keyof NetworkRanges, keyof NetworkRanges],
): void {
  const [a, b] = [blocks[one], blocks[other]];
  if (!a || !b || !cidrsOverlap(a, b)) return;
  const allowed = `apart from ${one} ${ranges[one]}`;
  problems.add({ code: 'CidrOverlap', prop: other, allowed, got: ranges[other], fix: 'Move one of them.' });
}

/** @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork */
const SUBNET_NAME = /^[a-z0-9](?:[a-z0-9_.-]{0,78}[a-z0-9_])?$/i;

/** Adds a problem where the name of a subnet is one that Azure refuses. */
export function checkSubnetName(problems: Problems, prop: string, name: string): void {
  if (SUBNET_NAME.test(name)) return;
  const allowed = '1 to 80 letters, digits, periods, hyphens and underscores, beginning with a letter or digit';
  problems.add({ code: 'AzureName', prop, allowed, got: name, fix: 'Rename it: it is what the subnet is called.' });
}
