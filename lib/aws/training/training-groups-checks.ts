import type { Problems } from '../../core/errors';
import { checkGroupName, checkNodeGroup } from '../nodes/node-group-checks';
import { MAIN_GROUP, type SizedProps } from './training-cluster-options';

// A resource group of Kueue v1beta2 takes 64 flavors, one a group.
const MOST_GROUPS = 64;

/** Adds what is wrong with each group of a training cluster, and with their names. */
export function checkGroups(problems: Problems, props: SizedProps): void {
  const { groups = {} } = props;
  checkNodeGroup(problems, props);
  for (const [name, group] of Object.entries(groups)) {
    checkGroupName(problems, name, `groups.${name}`);
    checkNodeGroup(problems.within(`groups.${name}`), group);
  }
  if (Object.hasOwn(groups, MAIN_GROUP)) {
    problems.add({
      code: 'GroupDuplicate',
      prop: `groups.${MAIN_GROUP}`,
      allowed: `any name but ${MAIN_GROUP}, which the first group has`,
      got: MAIN_GROUP,
      fix: 'Rename the group.',
    });
  }
  const count = Object.keys(groups).length + 1;
  if (count > MOST_GROUPS) {
    problems.add({
      code: 'QueueTooLarge',
      prop: 'groups',
      allowed: `at most ${MOST_GROUPS - 1} beside the first one: a queue takes no more`,
      got: count - 1,
      fix: 'Split the groups over several clusters.',
    });
  }
}
