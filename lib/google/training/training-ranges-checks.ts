import type { Problems } from '../../core/errors';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import type { IMlNetwork } from '../network/network-attributes';
import { checkFurtherRanges, clusterRanges } from '../network/range-checks';
import { groupsOf, type SizedProps } from './training-cluster-options';

/**
 * Adds a problem where the networks of further interfaces of a group share addresses with the network of the cluster.
 *
 * @param network of a cluster that was brought, where it tells it
 */
export function checkRanges(problems: Problems, props: SizedProps, network: IMlNetwork | undefined): void {
  const known = clusterRanges(network, props.cluster);
  for (const [name, group] of Object.entries(groupsOf(props))) {
    checkFurtherRanges(name === MAIN_GROUP ? problems : problems.within(`groups.${name}`), group, known);
  }
}
