import { Token } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { Problems } from '../core/errors';
import { Capacity } from './capacity';
import { DEFAULT_KUBERNETES_VERSION } from './control-plane';
import type { EfaNodeGroupOptions } from './efa-node-group';
import { checkGroupName, checkNodeGroup } from './node-group-checks';
import { chooseNodeSubnets } from './node-subnets';
import type { TrainingClusterProps } from './training-cluster';
import type { StorageContext } from './training-storage';

/** Adds everything that contradicts itself in a training cluster, before any of it is made. */
export function checkTrainingCluster(problems: Problems, props: TrainingClusterProps, context: StorageContext): void {
  checkNodeGroup(problems, props);
  for (const [name, group] of Object.entries(props.groups ?? {})) {
    checkGroupName(problems, name, `groups.${name}`);
    checkNodeGroup(problems.within(`groups.${name}`), group);
  }
  checkNames(problems, props.groups ?? {});
  checkVersion(problems, props, [props, ...Object.values(props.groups ?? {})]);
  checkBrought(problems, props);
  props.storage?.check(problems.within('storage'), context);
  checkStores(problems, context);
  checkSubnets(problems, props);
}

function checkStores(problems: Problems, { datasets, checkpoints }: StorageContext): void {
  if (!datasets || datasets !== checkpoints) return;
  problems.add({
    code: 'DataPath',
    prop: 'checkpoints',
    allowed: 'another bucket than that of datasets: each is mirrored in a directory of its own',
    got: datasets.node.path,
    fix: 'Give checkpoints a bucket of their own.',
  });
}

function checkSubnets(problems: Problems, props: TrainingClusterProps): void {
  const vpc = props.vpc ?? props.cluster?.vpc;
  if (!vpc) return;
  for (const [name, { subnets, capacity = Capacity.onDemand() }] of Object.entries({ ...props.groups, '': props })) {
    chooseNodeSubnets(name ? problems.within(`groups.${name}`) : problems, vpc, subnets, capacity);
  }
}

const TAKEN = ['nodes'];

function checkNames(problems: Problems, groups: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(groups).filter((each) => TAKEN.includes(each))) {
    problems.add({
      code: 'GroupDuplicate',
      prop: `groups.${name}`,
      allowed: `any name but ${TAKEN.join()}, which the first group has`,
      got: name,
      fix: 'Rename the group.',
    });
  }
}

// Dynamic resource allocation, which compute domains need, is supported by EKS from this version on: EKS user guide,
// "Manage hardware devices on Amazon EKS"; read 2026-11-25.
const DRA_MINOR = 34;

function checkVersion(
  problems: Problems,
  { kubernetesVersion = DEFAULT_KUBERNETES_VERSION, cluster }: TrainingClusterProps,
  groups: readonly EfaNodeGroupOptions[],
): void {
  const spanning = groups.find(({ machine }) => machine.isUltraServer && !machine.isNeuron);
  if (cluster || !spanning || minorOf(kubernetesVersion) >= DRA_MINOR) return;
  problems.add({
    code: 'KubernetesVersion',
    prop: 'kubernetesVersion',
    allowed: `1.${DRA_MINOR} or later, since ${spanning.machine.name} needs dynamic resource allocation`,
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

function checkBrought(problems: Problems, props: TrainingClusterProps): void {
  const { cluster, vpc, installation } = props;
  if (!cluster) return;
  for (const prop of OF_NEW_CLUSTERS.filter((each) => props[each] !== undefined)) {
    problems.add({
      code: 'ClusterOption',
      prop,
      allowed: 'left out: the cluster exists already',
      got: 'a value',
      fix: 'Set it where the cluster is made.',
    });
  }
  if (!props.systemLabels || Object.keys(props.systemLabels).length === 0) {
    problems.add({
      code: 'ClusterOption',
      prop: 'systemLabels',
      allowed: 'labels of nodes without taints: controllers run there, and the cluster exists already',
      got: props.systemLabels,
      fix: 'Label the nodes that run your controllers, and name the label here.',
    });
  }
  if (vpc && isOther(vpc, cluster.vpc)) {
    problems.add({
      code: 'ClusterOption',
      prop: 'vpc',
      allowed: 'the VPC of the cluster',
      got: vpc.node.path,
      fix: 'Leave vpc out.',
    });
  }
  if (installation?.byDeployment !== false && !cluster.kubectlProvider) {
    problems.add({
      code: 'ClusterOption',
      prop: 'installation',
      allowed: 'Installation.gitOps(), since the cluster has no kubectl provider',
      got: 'an installation by the deployment',
      fix: 'Give the cluster kubectlProviderOptions, or install by GitOps.',
    });
  }
}
