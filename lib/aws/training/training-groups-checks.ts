import type { Problems } from '../../core/errors';
import { checkFurtherGroups } from '../../kubernetes/training-groups';
import { checkGroupName, checkNodeGroup } from '../nodes/node-group-checks';
import type { SizedProps } from './training-cluster-options';

/** Adds what is wrong with each group of a training cluster, and with their names. */
export function checkGroups(problems: Problems, props: SizedProps): void {
  const { groups = {} } = props;
  checkNodeGroup(problems, props);
  for (const [name, group] of Object.entries(groups)) {
    checkGroupName(problems, name, `groups.${name}`);
    checkNodeGroup(problems.within(`groups.${name}`), group);
  }
  checkFurtherGroups(problems, groups);
}
