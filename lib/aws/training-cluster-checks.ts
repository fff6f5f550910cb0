import type { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { Problems } from '../core/errors';
import { DEFAULT_KUBERNETES_VERSION } from './control-plane';
import type { EfaNodeGroupOptions } from './efa-node-group';
import { checkGroupName, checkNodeGroup } from './node-group-checks';
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
}

// Both names are taken: the first group's, and that of its fallback.
const TAKEN = ['nodes', 'nodes-on-demand'];

function checkNames(problems: Problems, groups: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(groups).filter((each) => TAKEN.includes(each))) {
    problems.add({
      code: 'GroupDuplicate',
      prop: `groups.${name}`,
      allowed: `any name but ${TAKEN.join(' and ')}, which the first group has`,
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

function minorOf({ version }: KubernetesVersion): number {
  return Number(version.split('.')[1]);
}

const OF_NEW_CLUSTERS = ['kubernetesVersion', 'endpointAccess', 'admins'] as const;

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
  if (vpc && vpc !== cluster.vpc) {
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
