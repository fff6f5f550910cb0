import type { Problems } from '../core/errors';
import { nearest } from '../core/nearest';
import { MOST_POOLS } from './pool-checks';

/** The name of the first group of a training cluster. */
export const MAIN_GROUP = 'nodes';

/** Adds what is wrong with the further groups of a training cluster beside each other: their names, and how many they are. */
export function checkFurtherGroups(problems: Problems, groups: object = {}): void {
  if (Object.hasOwn(groups, MAIN_GROUP)) {
    problems.add({
      code: 'GroupDuplicate',
      prop: `groups.${MAIN_GROUP}`,
      allowed: `any name but ${MAIN_GROUP}, which the first group has`,
      got: MAIN_GROUP,
      fix: 'Rename the group.',
    });
  }
  const count = Object.keys(groups).length;
  if (count >= MOST_POOLS) {
    problems.add({
      code: 'QueueTooLarge',
      prop: 'groups',
      allowed: `at most ${MOST_POOLS - 1} beside the first one: a queue takes no more`,
      got: count,
      fix: 'Split the groups over several clusters.',
    });
  }
}

/** The group of that name; a problem, and nothing, where there is none. */
export function groupNamed<G>(problems: Problems, groups: Readonly<Record<string, G>>, name: string): G | undefined {
  if (Object.hasOwn(groups, name)) return groups[name];
  const names = Object.keys(groups);
  const [meant] = nearest(name, names, 1);
  problems.add({
    code: 'GroupUnknown',
    prop: 'group',
    allowed: `one of ${names.join(', ')}`,
    got: name,
    fix: meant ? `Did you mean ${meant}?` : 'Leave group out for the first one.',
  });
  return undefined;
}
