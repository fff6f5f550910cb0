import { Token } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { checkCheckpointsKept, checkTwoBuckets } from '../../core/planning/training-checks';
import { required } from '../../core/shapes';
import { takesDra } from '../../kubernetes/compute-domain';
import { checkLabelsGiven, checkLeftOut } from '../../kubernetes/existing-cluster';
import { checkSystemLabels } from '../cluster/cluster-software-checks';
import { defaultKubernetesVersion } from '../cluster/control-plane';
import type { Installation } from '../cluster/installation';
import type { TrainingClusterProps } from './training-cluster-props';
import { checkGroups } from './training-groups-checks';
import { checkNetwork } from './training-network-checks';
import { sizeCluster, type SizedCluster } from './job-plan';
import { groupsOf, type SizedProps, WHOLE_NODES, withDefaults } from './training-cluster-options';
import type { StorageContext } from './training-storage';

/** What a composite will make besides. */
export interface Promised {
  /** Whether it makes a store for checkpoints. @default - it is as the props say */
  readonly checkpoints?: boolean;
}

/**
 * Adds everything that contradicts itself in a training cluster whose props have the right kinds, before any of it is made, and sizes
 * what its job leaves open; nothing where it has neither nodes nor a job.
 */
export function checkTrainingCluster(
  problems: Problems,
  given: TrainingClusterProps,
  scope: Construct,
  promised: Promised = {},
): SizedCluster | undefined {
  if (!given.job && !required(WHOLE_NODES).fits(problems, 'nodes', given.nodes)) return undefined;
  // What contradicts the job comes last: hardware that cannot be is the first thing to mend.
  const ofJob = new Problems();
  const sized = sizeCluster(ofJob, given, scope);
  const { props, context } = sized;
  const { storage, installation } = withDefaults(props);
  checkGroups(problems, props);
  checkVersion(problems, props);
  checkBrought(problems, props, installation);
  if (props.systemLabels) checkSystemLabels(problems, props.systemLabels, groupsOf(props));
  checkTwoBuckets(problems, context);
  storage.check(problems.within('storage'), context);
  if (!props.cluster) installation.check(problems);
  checkNetwork(problems, props, scope);
  for (const problem of ofJob.all) problems.add(problem);
  if (props.job && !promised.checkpoints) checkKept(problems, props, context);
  return sized;
}

/** A job that is to end needs a place for its checkpoints where nodes are taken away. */
function checkKept(problems: Problems, props: SizedProps, { checkpoints }: StorageContext): void {
  const { capacity, storage } = withDefaults(props);
  const taken = capacity && { market: capacity.market, isElastic: capacity.market === 'spot' };
  checkCheckpointsKept(problems, { capacity: taken, storage, checkpoints });
}

// Dynamic resource allocation, which compute domains need, is supported by EKS from this version on: EKS user guide,
// "Manage hardware devices on Amazon EKS"; read 2026-11-25.
const DRA_MINOR = 34;

function checkVersion(
  problems: Problems,
  { kubernetesVersion = defaultKubernetesVersion(), cluster, ...props }: SizedProps,
): void {
  const spanning = Object.values(groupsOf(props)).find(({ machine }) => machine.isUltraServer && !machine.isNeuron);
  if (cluster || !spanning || minorOf(kubernetesVersion) >= DRA_MINOR) return;
  problems.add({
    code: 'KubernetesVersion',
    prop: 'kubernetesVersion',
    allowed: takesDra(`1.${DRA_MINOR}`, spanning.machine.name),
    got: kubernetesVersion.version,
    fix: 'Leave kubernetesVersion out.',
  });
}

/** Whether two VPCs are known to differ: one may be imported twice. */
function isOther(one: IVpc, other: IVpc): boolean {
  const known = [one, other].map(({ vpcId }) => !Token.isUnresolved(vpcId));
  return one !== other && known[0] === known[1] && one.vpcId !== other.vpcId;
}

function minorOf({ version }: KubernetesVersion): number {
  return Number(version.split('.')[1]);
}

const OF_NEW_CLUSTERS = [
  'kubernetesVersion',
  'endpointAccess',
  'admins',
  'addonVersions',
  'controlPlaneSubnets',
] as const;

/** What of a cluster may be brought, and what only a new one takes. */
export type BroughtProps = Pick<
  TrainingClusterProps,
  'cluster' | 'vpc' | 'systemLabels' | (typeof OF_NEW_CLUSTERS)[number]
>;

/** Adds what contradicts a cluster that was brought. */
export function checkBrought(problems: Problems, props: BroughtProps, installation: Installation): void {
  const { cluster, vpc } = props;
  if (!cluster) return;
  checkLeftOut(problems, props, OF_NEW_CLUSTERS);
  checkLabelsGiven(problems, props.systemLabels);
  if (vpc && isOther(vpc, cluster.vpc)) {
    problems.add({
      code: 'ClusterOption',
      prop: 'vpc',
      allowed: 'the VPC of the cluster',
      got: vpc.node.path,
      fix: 'Leave vpc out.',
    });
  }
  if (installation.byDeployment && !cluster.kubectlProvider) {
    problems.add({
      code: 'ClusterOption',
      prop: 'installation',
      allowed: 'Installation.gitOps(), since the cluster has no kubectl provider',
      got: 'an installation by the deployment',
      fix: 'Give the cluster kubectlProviderOptions, or install by GitOps.',
    });
  }
}
