import { PRICES_PROP } from '../../core/catalog/own-prices';
import { ProblemCollector } from '../../core/errors';
import { NUMBER, objectOf, type PropSchema, recordOf, required, STRING } from '../../core/prop-schema';
import type { StorageContext } from '../../core/planning/cluster-sizing';
import { TRAINING_JOB } from '../../core/workload/training-job';
import type { TrainingImages } from '../../kubernetes';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import { Installation, INSTALLATION } from '../../terraform/installation';
import { CLUSTER_SOURCE, ClusterSource } from '../cluster/cluster-source';
import { tpuSlice } from '../machine/tpu-topology';
import { ML_NETWORK } from '../network/network-attributes';
import { ACCELERATOR_NODE_OPTIONS, NODE_OPTIONS } from '../nodes/node-pool-checks';
import { DATA_BUCKET } from '../storage/bucket-attributes';
import type { TrainingClusterProps } from './training-cluster-props';
import type { TrainingGroupOptions } from './training-group';
import { TRAINING_STORAGE, TrainingStorage } from './training-storage';

const GROUP: PropSchema<TrainingGroupOptions> = {
  ...ACCELERATOR_NODE_OPTIONS,
  slices: NUMBER,
  nodeOptions: objectOf(NODE_OPTIONS, 'node options { bootDiskGiB, labels }'),
};

/** The types of the props of a training cluster. */
export const TRAINING_CLUSTER: PropSchema<TrainingClusterProps> = {
  ...GROUP,
  zone: required(STRING),
  network: ML_NETWORK,
  cluster: CLUSTER_SOURCE,
  job: TRAINING_JOB,
  prices: PRICES_PROP,
  groups: recordOf(objectOf(GROUP, 'a group { machine, nodes }')),
  datasets: DATA_BUCKET,
  checkpoints: DATA_BUCKET,
  storage: TRAINING_STORAGE,
  installation: INSTALLATION,
  images: objectOf<TrainingImages>({ training: STRING, acceptance: STRING }),
};

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
