import { MAIN_GROUP } from '../../kubernetes/training-groups';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import { ClusterSource } from '../cluster/cluster-source';
import { Installation } from '../cluster/installation';
import { bucketOf } from '../storage/bucket-of';
import type { TrainingClusterProps } from './training-cluster-props';
import { type StorageContext, TrainingStorage } from './training-storage';
/** The props of a cluster with a known number of nodes. */
export type ResolvedProps = TrainingClusterProps & { readonly nodes: number };

/** All groups by name, the first one first. */
export function groupsOf({
  machine,
  nodes,
  capacity,
  subnets,
  interconnect,
  nodeOptions,
  groups,
}: ResolvedProps): Readonly<Record<string, EfaNodeGroupOptions>> {
  return { [MAIN_GROUP]: { machine, nodes, capacity, subnets, interconnect, nodeOptions }, ...groups };
}

/** What the file system is used for. */
export function storageContext(props: ResolvedProps): StorageContext {
  const groups = Object.values(groupsOf(props));
  return {
    machines: groups.map(({ machine }) => machine),
    nodes: groups.reduce((sum, { nodes }) => sum + nodes, 0),
    datasets: props.datasets && bucketOf(props.datasets),
    checkpoints: props.checkpoints && bucketOf(props.checkpoints),
  };
}

/** The props with the defaults that other checks and constructs depend on. */
export function withDefaults<P extends TrainingClusterProps>(
  props: P,
): P & Required<Pick<P, 'cluster' | 'storage' | 'installation'>> {
  const {
    cluster = ClusterSource.create(),
    storage = TrainingStorage.lustre(),
    installation = Installation.byDeployment(),
  } = props;
  return { ...props, cluster, storage, installation };
}
