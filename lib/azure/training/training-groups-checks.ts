import type { Problems } from '../../core/errors';
import { checkFurtherGroups, MAIN_GROUP } from '../../kubernetes/training-groups';
import { isUnknown } from '../../terraform/tokens';
import type { IAksCluster } from '../cluster/aks-cluster';
import { checkVersion, KUBERNETES_VERSION } from '../cluster/kubernetes-version';
import { checkOneFeature } from '../nodes/infiniband-feature';
import { checkNodePool } from '../nodes/node-pool-checks';
import { type AcceleratorNodePoolOptions, GpuDriver } from '../nodes/node-pool-options';
import { groupsOf, type SizedProps } from './training-cluster-options';

/** Adds what is wrong with each group, with their names, and with what they share. */
export function checkGroups(problems: Problems, props: SizedProps): void {
  const groups = Object.entries(groupsOf(props));
  for (const [name, group] of groups) {
    const within = name === MAIN_GROUP ? problems : problems.within(`groups.${name}`);
    checkNodePool(within, name, { ...group, zone: props.zone, cluster: standing(props) });
  }
  checkVersions(problems, props);
  checkFurtherGroups(problems, props.groups);
  checkOneFeature(
    problems,
    groups.flatMap(([name, { machine, infinibandFeature: feature }]) => (feature ? [{ name, machine, feature }] : [])),
  );
  checkOneSystem(problems, groups);
}

/** The cluster that the groups join: what a new one will tell is promised here. */
function standing({ cluster, resourceGroup }: SizedProps): IAksCluster {
  return cluster ?? { ...PROMISED, resourceGroup };
}

/** What a new cluster will tell, for checks that come before it. */
export const PROMISED = {
  id: '/subscriptions/new/resourceGroups/new/providers/Microsoft.ContainerService/managedClusters/new',
  nodeSubnetId: '/subscriptions/new/resourceGroups/new/providers/Microsoft.Network/virtualNetworks/new/subnets/new',
  principalId: 'new',
};

/** The version of a new cluster must run each machine; whether it is one at all, the control plane judges. */
function checkVersions(problems: Problems, props: SizedProps): void {
  const { cluster, version } = props;
  if (cluster || version === undefined || isUnknown(version) || !KUBERNETES_VERSION.test(version)) return;
  const machines = new Set(Object.values(groupsOf(props)).map(({ machine }) => machine));
  for (const machine of machines) checkVersion(problems, 'version', version, machine);
}

/** The GPU operator builds its driver for one release of the system. @see https://learn.microsoft.com/en-us/azure/aks/nvidia-gpu-operator */
function checkOneSystem(problems: Problems, groups: readonly [string, AcceleratorNodePoolOptions][]): void {
  const operated = groups.filter(
    ([, { machine, driver = GpuDriver.GPU_OPERATOR }]) =>
      driver === GpuDriver.GPU_OPERATOR && machine.chip.vendor === 'NVIDIA',
  );
  const [first, ...others] = operated;
  for (const [name, { machine }] of others) {
    if (machine.spec.aksOsSku === first![1].machine.spec.aksOsSku) continue;
    problems.add({
      code: 'ClusterOption',
      prop: `groups.${name}.driver`,
      allowed: `GpuDriver.AKS: the GPU operator runs on one release of the system, and that of ${machine.name} is not that of ${first![1].machine.name}`,
      got: GpuDriver.GPU_OPERATOR,
      fix: 'Take the driver of AKS for one of both, or a cluster of its own.',
    });
  }
}
