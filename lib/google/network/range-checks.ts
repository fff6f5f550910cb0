import { cidrsOverlap, parseCidr } from '../../core/cidr';
import type { Problems } from '../../core/errors';
import type { GoogleMachine } from '../machine/machine';
import { type AcceleratorNetworks, DEFAULT_CIDR } from './accelerator-networks';
import type { IMlNetwork } from './network-attributes';
import { DEFAULT_CIDRS } from './network-ranges';

/** Addresses that the network of a cluster has, as far as they are known: those of a network, or what a new one gets. */
export function clusterRanges(network: IMlNetwork | undefined, cluster: object | undefined): readonly string[] {
  if (network) return rangesOf(network);
  return cluster ? [] : Object.values(DEFAULT_CIDRS);
}

/** Addresses that are taken in a network, as far as they are known: those of nodes, pods and services, and of what is reached through it. */
export function rangesOf(network: IMlNetwork): readonly string[] {
  const { nodeCidr, podCidr, serviceCidr, peeringCidrs = [] } = network;
  return [nodeCidr, podCidr, serviceCidr, ...peeringCidrs].filter((range) => range !== undefined);
}

/** The first of some ranges that shares addresses with one of others. Ranges that only the deployment knows share none. */
export function sharedRange(ranges: readonly string[], others: readonly string[]): string | undefined {
  return ranges.find((range) => others.some((other) => overlap(range, other)));
}

/**
 * Adds a problem where the networks of the further interfaces of a machine share addresses with the network of its cluster: pods stand in all
 * of them.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/setup-multinetwork-support-for-pods
 */
export function checkFurtherRanges(
  problems: Problems,
  { machine, networks }: { readonly machine: GoogleMachine; readonly networks?: AcceleratorNetworks },
  known: readonly string[],
): void {
  if (machine.furtherInterfaces === 0) return;
  const shared = sharedRange(furtherRanges(networks), known);
  if (shared === undefined) return;
  problems.add({
    code: 'CidrOverlap',
    prop: 'networks',
    allowed: `apart from the addresses of the cluster: ${known.join(', ')}`,
    got: shared,
    fix: 'Pass new AcceleratorNetworks(scope, id, { machine, zone, cidr }) with a block that is free.',
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
