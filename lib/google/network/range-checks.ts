import { cidrsOverlap, parseCidr, type Cidr } from '../../core/cidr';
import type { ProblemCollector } from '../../core/errors';
import type { GoogleMachine } from '../machine/machine';
import { type AcceleratorNetworks, DEFAULT_CIDR } from './accelerator-networks';
import type { IMlNetwork } from './network-attributes';
import { isKnown } from '../../terraform/tokens';

/** The known CIDR blocks of the network of a cluster: existing blocks, or the defaults of a new network. */
export function clusterRanges(network: IMlNetwork | undefined, cluster: object | undefined): readonly string[] {
  if (network) return rangesOf(network);
  return cluster ? [] : Object.values(DEFAULT_CIDRS);
}

/** The known CIDR blocks of a network: nodes, pods, services, and private services access. */
export function rangesOf(network: IMlNetwork): readonly string[] {
  const { nodeCidr, podCidr, serviceCidr, peeringCidrs = [] } = network;
  return [nodeCidr, podCidr, serviceCidr, ...peeringCidrs].filter((range) => range !== undefined);
}

/** The first range that overlaps with another one. Ranges that are unknown at synthesis are skipped. */
export function sharedRange(ranges: readonly string[], others: readonly string[]): string | undefined {
  return ranges.find((range) => others.some((other) => overlap(range, other)));
}

/**
 * Adds a problem if the additional networks of a machine overlap with the network of its cluster. Pods have interfaces in all of them.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/setup-multinetwork-support-for-pods
 */
export function checkFurtherRanges(
  problems: ProblemCollector,
  { machine, networks }: { readonly machine: GoogleMachine; readonly networks?: AcceleratorNetworks },
  known: readonly string[],
): void {
  if (machine.furtherInterfaces === 0) return;
  const shared = sharedRange(furtherRanges(networks), known);
  if (shared === undefined) return;
  problems.add({
    code: 'CidrOverlap',
    prop: 'networks',
    allowed: `networks that do not overlap with the cluster: ${known.join(', ')}`,
    got: shared,
    fix: 'Use new AcceleratorNetworks(scope, id, { machine, zone, cidr }) with a free block.',
  });
}

function furtherRanges(networks: AcceleratorNetworks | undefined): string[] {
  if (!networks) return [DEFAULT_CIDR];
  return networks.networks.flatMap(({ subnetwork }) => subnetwork?.ipCidrRangeInput ?? []);
}

function overlap(a: string, b: string): boolean {
  const [one, other] = [parseCidr(a), parseCidr(b)];
  return one !== undefined && other !== undefined && cidrsOverlap(one, other);
}

/** The default CIDR blocks. */
export const DEFAULT_CIDRS = { nodeCidr: '10.0.0.0/18', podCidr: '10.4.0.0/14', serviceCidr: '10.8.0.0/20' };

/** Adds a problem for each malformed or overlapping CIDR block of a network, by prop. Undefined blocks are skipped. */
export function checkRanges(problems: ProblemCollector, ranges: Readonly<Record<string, string | undefined>>): void {
  const blocks = Object.entries(ranges).flatMap(([prop, text]) => {
    if (text === undefined) return [];
    const block = checkedBlock(problems, prop, text);
    return block ? [{ prop, text, block }] : [];
  });
  blocks.forEach(({ prop, text, block }, index) => {
    const other = blocks.slice(0, index).find((one) => cidrsOverlap(one.block, block));
    if (!other) return;
    const allowed = `a CIDR block that does not overlap with ${other.prop} ${other.text}`;
    problems.add({ code: 'CidrOverlap', prop, allowed, got: text, fix: 'Change one of them.' });
  });
}

function checkedBlock(problems: ProblemCollector, prop: string, text: string): Cidr | undefined {
  if (!isKnown(problems, prop, text)) return undefined;
  const block = parseCidr(text);
  if (!block) {
    problems.add({
      code: 'CidrInvalid',
      prop,
      allowed: 'an IPv4 CIDR block, for example 10.0.0.0/18',
      got: text,
      fix: 'Start with the first address of the block.',
    });
  }
  return block;
}
