import type { Problems } from '../core/errors';

/** Adds a problem for each option of a new cluster that is given for one which exists. @param ofNew what only a new one is made with */
export function checkLeftOut<P extends object>(
  problems: Problems,
  props: P,
  ofNew: readonly (keyof P & string)[],
): void {
  for (const prop of ofNew) {
    if (props[prop] === undefined) continue;
    problems.add({
      code: 'ClusterOption',
      prop,
      allowed: 'left out for a cluster that exists',
      got: 'a value',
      fix: 'Set it where the cluster is made.',
    });
  }
}

type Labels = Readonly<Record<string, string>> | undefined;

/** Adds a problem where labels of system nodes are given for a cluster whose system nodes are made. */
export function checkLabelsLeftOut(problems: Problems, systemLabels: Labels): void {
  if (systemLabels === undefined) return;
  problems.add({
    code: 'ClusterOption',
    prop: 'systemLabels',
    allowed: 'left out for a new cluster, whose system nodes have labels of their own',
    got: systemLabels,
    fix: 'Leave it out.',
  });
}

/** Adds a problem where nothing tells the system nodes of a cluster that exists. */
export function checkLabelsGiven(problems: Problems, systemLabels: Labels = {}): void {
  if (Object.keys(systemLabels).length > 0) return;
  problems.add({
    code: 'ClusterOption',
    prop: 'systemLabels',
    allowed: 'labels of nodes without taints: controllers run there, and the cluster exists already',
    got: systemLabels,
    fix: 'Label the nodes that run your controllers, and name the label here.',
  });
}
