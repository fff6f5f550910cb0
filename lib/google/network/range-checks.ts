import { cidrsOverlap, parseCidr } from '../../core/cidr';
import type { ProblemCollector } from '../../core/errors';
import type { GoogleMachine } from '../machine/machine';
import { type AcceleratorNetworks, DEFAULT_CIDR } from './accelerator-networks';
import type { IMlNetwork } from './network-attributes';
import { DEFAULT_CIDRS } from './network-ranges';

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
