import type { ProblemCollector } from '../../core/errors';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import type { IMlNetwork } from '../network/network-attributes';
import { checkFurtherRanges, clusterRanges } from '../network/range-checks';
import { groupsOf, type ResolvedProps } from './training-cluster-options';

/**
 * Adds a problem if the additional networks of a group overlap with the network of the cluster.
 *
 * @param network network of the nodes, if it is known
 */
export function checkRanges(problems: ProblemCollector, props: ResolvedProps, network: IMlNetwork | undefined): void {
  const known = clusterRanges(network, props.cluster?.existing);
  for (const [name, group] of Object.entries(groupsOf(props))) {
    const { machine, nodeOptions } = group;
    const within = name === MAIN_GROUP ? problems : problems.within(`groups.${name}`);
    checkFurtherRanges(within.within('nodeOptions'), { machine, networks: nodeOptions?.networks }, known);
  }
}
