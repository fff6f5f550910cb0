import type { Problems } from '../../core/errors';
import { takesDra } from '../../kubernetes/compute-domain';
import { checkFurtherGroups, MAIN_GROUP } from '../../kubernetes/training-groups';
import { checkMachineSize } from '../machine/machine-size';
import type { AcceleratorNetworks } from '../network/accelerator-networks';
import { checkedSize } from '../nodes/node-pool-checks';
import { regionOf } from '../props/location';
import { groupsOf, type SizedProps } from './training-cluster-options';
import type { TrainingGroupOptions } from './training-group';

/** Slices of a group: a choice of this library. GKE's autoscaler slows down beyond 200 node pools. @see https://cloud.google.com/kubernetes-engine/docs/how-to/node-auto-provisioning */
const MOST_SLICES = 100;
/** From this version on, Kubernetes has dynamic resource allocation by default, which NVLink over several nodes needs. */
const DRA_VERSION = '1.34';

/** Adds what is wrong with each group of a training cluster, with their names, and with what they share. */
export function checkGroups(problems: Problems, props: SizedProps): void {
  for (const [name, group] of Object.entries(groupsOf(props))) {
    const within = name === MAIN_GROUP ? problems : problems.within(`groups.${name}`);
    checkGroup(within, name, group, props);
  }
  checkFurtherGroups(problems, props.groups);
  checkNames(problems, props);
}

function checkGroup(problems: Problems, name: string, group: TrainingGroupOptions, cluster: SizedProps): void {
  const { zone, version } = cluster;
  const { machine, slices = 1 } = group;
  // What the cluster makes for its groups is promised here.
  const networks =
    group.networks ??
    (machine.furtherInterfaces > 0 ? ({ machine, zone, networks: [] } as object as AcceleratorNetworks) : undefined);
  const standing = cluster.cluster ?? { name: 'new', location: regionOf(zone), version };
  checkedSize(problems, slices > 1 ? `${name}-${slices}` : name, { ...group, networks, zone, cluster: standing });
  if (!(Number.isInteger(slices) && slices >= 1 && slices <= (machine.isTpu ? MOST_SLICES : 1))) {
    problems.add({
      code: 'TpuTopology',
      prop: 'slices',
      allowed: machine.isTpu ? `a whole number from 1 to ${MOST_SLICES}` : `left out: ${machine.name} has GPUs`,
      got: slices,
      fix: machine.isTpu ? 'Spread them over several clusters.' : 'Leave it out.',
    });
  }
  checkMachineSize(problems, machine, 'pods take whole nodes');
  checkDomain(problems, group, standing.version);
}

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/ */
function checkDomain(problems: Problems, { machine }: TrainingGroupOptions, version: string | undefined): void {
  if (machine.spec.placement !== '1x72' || version === undefined) return;
  const [, minor = 0] = version.split('.').map(Number);
  if (minor >= Number(DRA_VERSION.split('.')[1])) return;
  problems.add({
    code: 'GkeVersion',
    prop: 'version',
    allowed: takesDra(DRA_VERSION, machine.name),
    got: version,
    fix: 'Leave version out.',
  });
}

/** Kubernetes knows further networks by name, and those of two machines have the same names. */
function checkNames(problems: Problems, props: SizedProps): void {
  const [first, ...others] = Object.entries(groupsOf(props)).filter(([, { machine }]) => machine.furtherInterfaces > 0);
  for (const [name, { machine }] of others) {
    if (machine.name === first![1].machine.name) continue;
    problems.add({
      code: 'ClusterOption',
      prop: `groups.${name}.machine`,
      allowed: `${first![1].machine.name}, or a machine without further networks: those of two machines have the same names`,
      got: machine.name,
      fix: 'Make a cluster of its own for it.',
    });
  }
}
