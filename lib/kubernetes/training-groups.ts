import type { ProblemCollector } from '../core/errors';
import { nearest } from '../core/nearest';
import { MAX_POOLS } from './pool-checks';

/** Name of the first group of a training cluster. */
export const MAIN_GROUP = 'nodes';

/** Adds problems for the additional groups of a training cluster: reserved names, and too many groups. */
export function checkAdditionalGroups(problems: ProblemCollector, groups: object = {}): void {
  if (Object.hasOwn(groups, MAIN_GROUP)) {
    problems.add({
      code: 'GroupDuplicate',
      prop: `groups.${MAIN_GROUP}`,
      allowed: `a name other than ${MAIN_GROUP}, the name of the first group`,
      got: MAIN_GROUP,
      fix: 'Rename the group.',
    });
  }
  const count = Object.keys(groups).length;
  if (count >= MAX_POOLS) {
    problems.add({
      code: 'QueueTooLarge',
      prop: 'groups',
      allowed: `at most ${MAX_POOLS - 1} groups in addition to the first one, the limit of a queue`,
      got: count,
      fix: 'Distribute the groups over several clusters.',
    });
  }
}

/** Returns the group with this name. Adds a problem and returns undefined if the name is unknown. */
export function groupNamed<G>(
  problems: ProblemCollector,
  groups: Readonly<Record<string, G>>,
  name: string,
): G | undefined {
  if (Object.hasOwn(groups, name)) return groups[name];
  const names = Object.keys(groups);
  const [meant] = nearest(name, names, 1);
  problems.add({
    code: 'GroupUnknown',
    prop: 'group',
    allowed: `one of ${names.join(', ')}`,
    got: name,
    fix: meant ? `Did you mean ${meant}?` : 'Leave it out to use the first group.',
  });
  return undefined;
}
