import type { Construct } from 'constructs';
import { type Problem, ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkSystemLabels as checkLabels } from '../../kubernetes/placement';
import { poolLabels } from '../nodes/accelerator-pool';
import type { ClusterSoftwareProps } from './cluster-software';
import type { AwsMachine } from '../machine/machine';
import { CLUSTER_SOFTWARE_PROPS } from '../prop-schemas';

/** Throws if the props of `ClusterSoftware` are invalid. */
export function checkSoftware(scope: Construct, props: ClusterSoftwareProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, CLUSTER_SOFTWARE_PROPS)) {
    const { groups, systemLabels } = props;
    if (groups.length === 0) problems.add(NO_GROUP);
    checkSystemLabels(problems, systemLabels, Object.fromEntries(groups.map((group) => [group.name, group])));
  }
  problems.throwIfAny(scope);
}

const NO_GROUP: Problem = {
  code: 'GroupsMissing',
  prop: 'groups',
  allowed: 'a list of at least one group',
  got: [],
  fix: 'Pass the node groups of the cluster.',
};

/** Adds a problem if the labels of system nodes select no node, or also select accelerator nodes. */
export function checkSystemLabels(
  problems: ProblemCollector,
  systemLabels: Readonly<Record<string, string>>,
  groups: Readonly<Record<string, { readonly machine: AwsMachine }>>,
): void {
  const pools = Object.entries(groups).map(([name, { machine }]) => ({ name, nodeLabels: poolLabels(name, machine) }));
  checkLabels(problems, systemLabels, pools);
}
