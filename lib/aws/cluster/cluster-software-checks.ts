import type { Construct } from 'constructs';
import { type Problem, Problems } from '../../core/errors';
import { fits, having, listOf, required, type Shape } from '../../core/shapes';
import { checkSystemLabels as checkLabels } from '../../kubernetes/placement';
import { poolLabels } from '../nodes/accelerator-pool';
import type { ClusterSoftwareProps } from './cluster-software';
import { INSTALLATION } from './installation';
import { LUSTRE_FILE_SYSTEM } from '../storage/lustre-attributes';
import type { AwsMachine } from '../machine/machine';
import { CLUSTER, LABELS } from '../props/shapes';
import { TRAINING_IMAGES } from '../training/training-cluster-options';

const SOFTWARE: Shape<ClusterSoftwareProps> = {
  cluster: required(CLUSTER),
  installation: required(INSTALLATION),
  groups: required(listOf(having('an EfaNodeGroup', ['machine', 'capacity', 'interfaces'], 'Pass the group itself.'))),
  fileSystem: LUSTRE_FILE_SYSTEM,
  images: required(TRAINING_IMAGES),
  systemLabels: required(LABELS),
};

/** Refuses props that are no software of a cluster. */
export function checkSoftware(scope: Construct, props: ClusterSoftwareProps): void {
  const problems = new Problems();
  if (fits(problems, props, SOFTWARE)) {
    const { groups, systemLabels } = props;
    if (groups.length === 0) problems.add(NO_GROUP);
    checkSystemLabels(problems, systemLabels, Object.fromEntries(groups.map((group) => [group.name, group])));
  }
  problems.throwIfAny(scope);
}

const NO_GROUP: Problem = {
  code: 'GroupsMissing',
  prop: 'groups',
  allowed: 'one group or more',
  got: [],
  fix: 'Name the groups that the cluster has.',
};

/** Labels that select no node, or accelerator nodes as well, would leave the controllers nowhere, or in the way. */
export function checkSystemLabels(
  problems: Problems,
  systemLabels: Readonly<Record<string, string>>,
  groups: Readonly<Record<string, { readonly machine: AwsMachine }>>,
): void {
  const pools = Object.entries(groups).map(([name, { machine }]) => ({ name, nodeLabels: poolLabels(name, machine) }));
  checkLabels(problems, systemLabels, pools);
}
