import { cidrsOverlap, parseCidr } from '../../core/cidr';
import type { Problems } from '../../core/errors';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import { DEFAULT_CIDR } from '../network/accelerator-networks';
import { DEFAULT_CIDRS, type MlNetwork } from '../network/ml-network';
import { groupsOf, type SizedProps } from './training-cluster-options';
import type { TrainingGroupOptions } from './training-group';

/**
 * Adds a problem where the networks of further interfaces share addresses with the network of the cluster: pods stand in all of them.
 *
 * @param network of a cluster that was brought, where it tells it
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/setup-multinetwork-support-for-pods
 */
export function checkRanges(problems: Problems, props: SizedProps, network: MlNetwork | undefined): void {
  const known = network ? rangesOf(network) : props.cluster ? [] : Object.values(DEFAULT_CIDRS);
  for (const [name, group] of Object.entries(groupsOf(props))) {
    if (group.machine.furtherInterfaces === 0) continue;
    const shared = furtherRanges(group).find((range) => known.some((other) => overlap(range, other)));
    if (shared === undefined) continue;
    const within = name === MAIN_GROUP ? problems : problems.within(`groups.${name}`);
    within.add({
      code: 'CidrOverlap',
      prop: 'networks',
      allowed: `apart from the addresses of the cluster: ${known.join(', ')}`,
      got: shared,
      fix: 'Pass new AcceleratorNetworks(scope, id, { machine, zone, cidr }) with a block that is free.',
    });
  }
}

function furtherRanges({ networks }: TrainingGroupOptions): string[] {
  if (!networks) return [DEFAULT_CIDR];
  return networks.networks.flatMap(({ subnetwork }) => subnetwork?.ipCidrRangeInput ?? []);
}

function rangesOf({ subnetwork }: MlNetwork): string[] {
  const { ipCidrRangeInput, secondaryIpRangeInput } = subnetwork;
  const secondary = Array.isArray(secondaryIpRangeInput) ? secondaryIpRangeInput : [];
  return [ipCidrRangeInput, ...secondary.map(({ ipCidrRange }) => ipCidrRange)].filter((range) => range !== undefined);
}

/** Ranges that only the deployment knows overlap with none that is known. */
function overlap(a: string, b: string): boolean {
  const [one, other] = [parseCidr(a), parseCidr(b)];
  return one !== undefined && other !== undefined && cidrsOverlap(one, other);
}
