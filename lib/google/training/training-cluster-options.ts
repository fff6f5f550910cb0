import { ProblemCollector } from '../../core/errors';
import type { StorageContext } from '../../core/planning/cluster-sizing';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import { Installation } from '../../terraform/installation';
import { ClusterSource } from '../cluster/cluster-source';
import { tpuSlice } from '../machine/tpu-topology';
import type { TrainingClusterProps } from './training-cluster-props';
import type { TrainingGroupOptions } from './training-group';
import { TrainingStorage } from './training-storage';
/** The props of a cluster with a resolved number of nodes. */
export type ResolvedProps = TrainingClusterProps & { readonly nodes: number };

/** All groups by name, starting with the main group. */
export function groupsOf(props: TrainingClusterProps): Readonly<Record<string, TrainingGroupOptions>> {
  const { machine, nodes, topology, capacity, slices, nodeOptions } = props;
  return { [MAIN_GROUP]: { machine, nodes, topology, capacity, slices, nodeOptions }, ...props.groups };
}

/** Number of nodes in all slices of a group. */
export function nodesOfGroup({ machine, topology, nodes = 0, slices = 1 }: TrainingGroupOptions): number {
  const slice = machine.isTpu ? tpuSlice(new ProblemCollector(), machine, topology) : undefined;
  return (slice && slice.nodes > 1 ? slice.nodes : nodes) * slices;
}

/** The input for the size of the file system. */
export function storageContext(props: ResolvedProps): StorageContext {
  return { nodes: Object.values(groupsOf(props)).reduce((sum, group) => sum + nodesOfGroup(group), 0) };
}

/** Fills in the defaults that later checks and constructs depend on. */
export function withDefaults<P extends TrainingClusterProps>(
  props: P,
): P & Required<Pick<P, 'cluster' | 'storage' | 'installation'>> {
  const { cluster = ClusterSource.create(), storage = TrainingStorage.lustre() } = props;
  return { ...props, cluster, storage, installation: props.installation ?? Installation.byDeployment() };
}
