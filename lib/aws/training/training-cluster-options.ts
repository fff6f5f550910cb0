import { PRICES_PROP } from '../../core/catalog/own-prices';
import { type PropType, NUMBER, objectOf, recordOf, type PropSchema, STRING } from '../../core/prop-schema';
import { TRAINING_JOB } from '../../core/workload/training-job';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import { CLUSTER_SOURCE, ClusterSource } from '../cluster/cluster-source';
import { Installation, INSTALLATION } from '../cluster/installation';
import { NODE_GROUP_OPTIONS } from '../nodes/node-group-schema';
import { DATA_BUCKET, KEY, STRINGS, VPC } from '../props/prop-types';
import { bucketOf } from '../storage/bucket-of';
import type { TrainingClusterProps } from './training-cluster-props';
import type { TrainingImages } from './training-software';
import { TRAINING_STORAGE, type StorageContext, TrainingStorage } from './training-storage';

/** A number of nodes. `checkNodeGroup` validates it for the machine. */
export const WHOLE_NODES: PropType = { ...NUMBER, allowed: 'a whole number of nodes' };

export const TRAINING_IMAGES: PropType = objectOf<TrainingImages>({
  training: STRING,
  acceptance: STRING,
  efaPlugin: STRING,
});

/** Types of the props of a training cluster. */
export const TRAINING_CLUSTER: PropSchema<TrainingClusterProps> = {
  ...NODE_GROUP_OPTIONS,
  // Optional with a job: see `checkTrainingCluster`.
  nodes: WHOLE_NODES,
  job: TRAINING_JOB,
  prices: PRICES_PROP,
  groups: recordOf(objectOf(NODE_GROUP_OPTIONS, 'a group { machine, nodes }')),
  vpc: VPC,
  availabilityZones: STRINGS,
  cluster: CLUSTER_SOURCE,
  datasets: DATA_BUCKET,
  checkpoints: DATA_BUCKET,
  storage: TRAINING_STORAGE,
  installation: INSTALLATION,
  images: TRAINING_IMAGES,
  encryptionKey: KEY,
};

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
