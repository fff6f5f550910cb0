import type { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { checkCheckpointsKept, checkTwoBuckets } from '../../core/planning/training-checks';
import { required } from '../../core/prop-schema';
import { draRequirement } from '../../kubernetes/compute-domain';
import { checkAdditionalGroups } from '../../kubernetes/training-groups';
import { Capacity } from '../capacity/capacity';
import { checkSystemLabels } from '../cluster/cluster-software-checks';
import { newVpc } from '../network/ml-vpc';
import { chooseNodeSubnets } from '../network/node-subnets';
import { checkGroupName, checkNodeGroup } from '../nodes/node-group-checks';
import type { TrainingClusterProps } from './training-cluster-props';
import { sizeCluster, type ResolvedCluster } from './job-plan';
import { groupsOf, type ResolvedProps, withDefaults } from './training-cluster-options';
import type { StorageContext } from './training-storage';
import { WHOLE_NODES } from '../props/prop-types';

/** What a composite creates in addition to the cluster. */
export interface PlannedSiblings {
  /** Whether the composite creates a bucket for checkpoints. @default - as in the props */
  readonly checkpoints?: boolean;
}

/**
 * Adds each problem with a training cluster before any resource is created, and sizes what its job leaves open. The types of the props must
 * be valid already. Returns undefined if there are neither nodes nor a job.
 */
export function checkTrainingCluster(
  problems: ProblemCollector,
  given: TrainingClusterProps,
  scope: Construct,
  planned: PlannedSiblings = {},
): ResolvedCluster | undefined {
  if (!given.job && !required(WHOLE_NODES).validate(problems, 'nodes', given.nodes)) return undefined;
  // Problems with the job come last: invalid hardware must be fixed first.
  const ofJob = new ProblemCollector();
  const sized = sizeCluster(ofJob, given, scope);
  const { props, context } = sized;
  const { cluster, storage, installation } = withDefaults(props);
  checkGroups(problems, props);
  checkVersion(problems, props, cluster.kubernetesVersion);
  cluster.check(problems, { vpc: props.vpc, installation });
  if (cluster.existing) checkSystemLabels(problems.within('cluster'), cluster.systemLabels, groupsOf(props));
  checkTwoBuckets(problems, context);
  storage.check(problems.within('storage'), context);
  checkNetwork(problems, props, scope);
  for (const problem of ofJob.all) problems.add(problem);
  if (props.job && !planned.checkpoints) checkKept(problems, props, context);
  return sized;
}

/** Adds each problem with the groups and their names. */
function checkGroups(problems: ProblemCollector, props: ResolvedProps): void {
  const { groups = {} } = props;
  checkNodeGroup(problems, props);
  for (const [name, group] of Object.entries(groups)) {
    checkGroupName(problems, name, `groups.${name}`);
    checkNodeGroup(problems.within(`groups.${name}`), group);
  }
  checkAdditionalGroups(problems, groups);
}

/** Adds each problem with zones and subnets. */
function checkNetwork(problems: ProblemCollector, props: ResolvedProps, scope: Construct): void {
  const { cluster } = withDefaults(props);
  const vpc = props.vpc ?? cluster.existing?.vpc ?? newVpc(problems, props, scope);
  if (!vpc) return;
  for (const [name, { subnets, capacity = Capacity.onDemand() }] of Object.entries({ ...props.groups, '': props })) {
    chooseNodeSubnets(name ? problems.within(`groups.${name}`) : problems, vpc, subnets, capacity);
  }
  cluster.checkSubnets(problems, vpc);
}

/** A job with an end needs a place for its checkpoints if its nodes can be interrupted. */
function checkKept(problems: ProblemCollector, props: ResolvedProps, { checkpoints }: StorageContext): void {
  const { capacity, storage } = withDefaults(props);
  const elastic = capacity && { market: capacity.market, isElastic: capacity.market === 'spot' };
  checkCheckpointsKept(problems, { capacity: elastic, storage, checkpoints });
}

// EKS supports dynamic resource allocation, which compute domains need, from this version on: EKS user guide,
// "Manage hardware devices on Amazon EKS"; read 2026-11-25.
const DRA_MINOR = 34;

function checkVersion(problems: ProblemCollector, props: ResolvedProps, version: KubernetesVersion | undefined): void {
  const spanning = Object.values(groupsOf(props)).find(({ machine }) => machine.isUltraServer && !machine.isNeuron);
  if (!version || !spanning || minorOf(version) >= DRA_MINOR) return;
  problems.add({
    code: 'KubernetesVersion',
    prop: 'cluster.kubernetesVersion',
    allowed: draRequirement(`1.${DRA_MINOR}`, spanning.machine.name),
    got: version.version,
    fix: 'Remove kubernetesVersion.',
  });
}

function minorOf({ version }: KubernetesVersion): number {
  return Number(version.split('.')[1]);
}
