import type { ProblemCollector } from '../../core/errors';
import { draRequirement } from '../../kubernetes/compute-domain';
import { checkAdditionalGroups, MAIN_GROUP } from '../../kubernetes/training-groups';
import type { GoogleMachine } from '../machine/machine';
import { checkMachineSize } from '../machine/machine-size';
import type { AcceleratorNetworks } from '../network/accelerator-networks';
import { checkedSize } from '../nodes/node-pool-checks';
import { groupsOf, type ResolvedProps, withDefaults } from './training-cluster-options';
import type { TrainingGroupOptions } from './training-group';

/** Maximum number of slices in a group, a limit of this library. The GKE autoscaler slows down above 200 node pools. @see https://cloud.google.com/kubernetes-engine/docs/how-to/node-auto-provisioning */
const MAX_SLICES = 100;
/** First Kubernetes version that enables dynamic resource allocation by default. NVLink across nodes requires it. */
const DRA_VERSION = '1.34';

/** Adds each problem of the groups of a training cluster: of each group, of their names, and between groups. */
export function checkGroups(problems: ProblemCollector, props: ResolvedProps): void {
  for (const [name, group] of Object.entries(groupsOf(props))) {
    const within = name === MAIN_GROUP ? problems : problems.within(`groups.${name}`);
    checkGroup(within, name, group, props);
  }
  checkAdditionalGroups(problems, props.groups);
  checkNames(problems, props);
}

function checkGroup(problems: ProblemCollector, name: string, group: TrainingGroupOptions, props: ResolvedProps): void {
  const { zone } = props;
  const { machine, slices = 1, nodeOptions, ...options } = group;
  const cluster = withDefaults(props).cluster.planned(zone);
  checkedSize(
    problems,
    slices > 1 ? `${name}-${slices}` : name,
    {
      ...options,
      ...nodeOptions,
      machine,
      networks: nodeOptions?.networks ?? plannedNetworks(machine, zone),
      zone,
      cluster,
    },
    problems.within('nodeOptions'),
  );
  if (!(Number.isInteger(slices) && slices >= 1 && slices <= (machine.isTpu ? MAX_SLICES : 1))) {
    problems.add({
      code: 'TpuTopology',
      prop: 'slices',
      allowed: machine.isTpu
        ? `a whole number from 1 to ${MAX_SLICES}`
        : `left out for ${machine.name}, which has GPUs`,
      got: slices,
      fix: machine.isTpu ? 'Split the slices over several clusters.' : 'Remove `slices`.',
    });
  }
  checkMachineSize(problems, machine, 'pods use whole nodes');
  checkDomain(problems, group, cluster.kubernetesVersion);
}

/** The networks that the cluster creates for its groups. */
function plannedNetworks(machine: GoogleMachine, zone: string): AcceleratorNetworks | undefined {
  return machine.furtherInterfaces > 0 ? ({ machine, zone, networks: [] } as object as AcceleratorNetworks) : undefined;
}

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/ */
function checkDomain(problems: ProblemCollector, { machine }: TrainingGroupOptions, version: string | undefined): void {
  if (machine.spec.placement !== '1x72' || version === undefined) return;
  const [, minor = 0] = version.split('.').map(Number);
  if (minor >= Number(DRA_VERSION.split('.')[1])) return;
  problems.add({
    code: 'GkeVersion',
    prop: 'cluster.kubernetesVersion',
    allowed: draRequirement(DRA_VERSION, machine.name),
    got: version,
    fix: 'Leave `kubernetesVersion` out.',
  });
}

/** Pods request additional networks by name, and two machine types use the same names. */
function checkNames(problems: ProblemCollector, props: ResolvedProps): void {
  const [first, ...others] = Object.entries(groupsOf(props)).filter(([, { machine }]) => machine.furtherInterfaces > 0);
  for (const [name, { machine }] of others) {
    if (machine.name === first![1].machine.name) continue;
    problems.add({
      code: 'ClusterOption',
      prop: `groups.${name}.machine`,
      allowed: `${first![1].machine.name} or a machine without additional networks, because two machine types would use the same network names`,
      got: machine.name,
      fix: 'Create a separate cluster for this machine.',
    });
  }
}
