import type { ProblemCollector } from '../../core/errors';
import { checkAdditionalGroups, MAIN_GROUP } from '../../kubernetes/training-objects';
import type { IAksCluster } from '../cluster/cluster-source';
import { checkMachineVersion, isRetired } from '../cluster/cluster-settings';
import { checkOneFeature } from '../nodes/infiniband-feature';
import { checkNodePool, GpuDriver } from '../nodes/node-pool-options';
import { checkGroupNames } from '../nodes/pool-names';
import { groupsOf, type ResolvedProps, type TrainingGroupOptions } from './training-cluster';

/** Adds each problem of the groups, of their names, and of the settings that they share. */
export function checkGroups(problems: ProblemCollector, props: ResolvedProps): void {
  const groups = Object.entries(groupsOf(props));
  for (const [name, group] of groups) {
    const within = name === MAIN_GROUP ? problems : problems.within(`groups.${name}`);
    const { machine, nodes, capacity, infinibandFeature, compactPlacement, nodeOptions } = group;
    const pool = { machine, nodes, capacity, infinibandFeature, compactPlacement, ...nodeOptions };
    checkNodePool(within, name, { ...pool, zone: props.zone, cluster: clusterOf(props) }, within.within('nodeOptions'));
  }
  checkVersions(problems, props);
  checkAdditionalGroups(problems, props.groups);
  checkGroupNames(problems, props.groups, props.cluster?.existing);
  checkOneFeature(
    problems,
    groups.flatMap(([name, { machine, infinibandFeature: feature }]) => (feature ? [{ name, machine, feature }] : [])),
  );
  checkOneSystem(problems, groups);
  checkRepair(problems, props);
}

/** The existing cluster, or placeholders for a new one. */
function clusterOf({ cluster, resourceGroup }: ResolvedProps): IAksCluster {
  return cluster?.existing ?? { ...PLANNED, resourceGroup };
}

/** Placeholders for the attributes of a new cluster, for checks that run before it exists. */
export const PLANNED = {
  id: '/subscriptions/new/resourceGroups/new/providers/Microsoft.ContainerService/managedClusters/new',
  nodeSubnetId: '/subscriptions/new/resourceGroups/new/providers/Microsoft.Network/virtualNetworks/new/subnets/new',
  principalId: 'new',
};

/** The Kubernetes version of a new cluster must support each machine. `checkNewCluster` checks the version itself. */
function checkVersions(problems: ProblemCollector, props: ResolvedProps): void {
  const version = props.cluster?.newCluster.kubernetesVersion;
  if (isRetired(version)) return;
  const machines = new Set(Object.values(groupsOf(props)).map(({ machine }) => machine));
  for (const machine of machines) checkMachineVersion(problems, 'cluster.kubernetesVersion', version, machine);
}

/** The GPU operator builds its driver for one Ubuntu release. @see https://learn.microsoft.com/en-us/azure/aks/nvidia-gpu-operator */
function checkOneSystem(problems: ProblemCollector, groups: readonly [string, TrainingGroupOptions][]): void {
  const operated = groups.filter(
    ([, { machine, nodeOptions: { driver = GpuDriver.GPU_OPERATOR } = {} }]) =>
      driver === GpuDriver.GPU_OPERATOR && machine.chip.vendor === 'NVIDIA',
  );
  const [first, ...others] = operated;
  for (const [name, { machine }] of others) {
    if (machine.spec.aksOsSku === first![1].machine.spec.aksOsSku) continue;
    problems.add({
      code: 'ClusterOption',
      prop: `groups.${name}.nodeOptions.driver`,
      allowed: `GpuDriver.AKS: the GPU operator supports one Ubuntu release, and ${machine.name} needs another than ${first![1].machine.name}`,
      got: GpuDriver.GPU_OPERATOR,
      fix: 'Use GpuDriver.AKS for one of the groups, or use two clusters.',
    });
  }
}

/** The agent reads the log of the NVIDIA driver. */
function checkRepair(problems: ProblemCollector, props: ResolvedProps): void {
  const machines = Object.values(groupsOf(props)).map(({ machine }) => machine);
  if (!props.repairFaults || machines.some(({ chip }) => chip.vendor === 'NVIDIA')) return;
  problems.add({
    code: 'ClusterOption',
    prop: 'repairFaults',
    allowed: `left out without NVIDIA GPUs, because the agent reads the log of their driver, and ${machines[0]!.name} has none`,
    got: true,
    fix: 'Remove repairFaults, and cordon and delete faulty nodes.',
  });
}
