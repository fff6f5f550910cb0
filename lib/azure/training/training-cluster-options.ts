import { PRICES_PROP } from '../../core/catalog/own-prices';
import type { StorageContext } from '../../core/planning/cluster-sizing';
import { BOOLEAN, objectOf, recordOf, required, type PropSchema, STRING } from '../../core/prop-schema';
import { TRAINING_JOB } from '../../core/workload/training-job';
import type { TrainingImages } from '../../kubernetes';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import { Installation, INSTALLATION } from '../../terraform/installation';
import { CLUSTER_SOURCE, ClusterSource } from '../cluster/cluster-source';
import { ML_NETWORK } from '../network/network-attributes';
import { ACCELERATOR_NODE_OPTIONS, NODE_OPTIONS } from '../nodes/node-pool-checks';
import { ENCRYPTION_KEY } from '../operations/encryption-key';
import { RESOURCE_GROUP } from '../props/resource-group';
import { DATA_BUCKET } from '../storage/bucket-attributes';
import type { TrainingClusterProps, TrainingGroupOptions } from './training-cluster-props';
import { TRAINING_STORAGE, TrainingStorage } from './training-storage';

const GROUP: PropSchema<TrainingGroupOptions> = {
  ...ACCELERATOR_NODE_OPTIONS,
  nodeOptions: objectOf(NODE_OPTIONS),
};

/** Types of the props of a training cluster. */
export const TRAINING_CLUSTER: PropSchema<TrainingClusterProps> = {
  ...GROUP,
  resourceGroup: required(RESOURCE_GROUP),
  network: ML_NETWORK,
  encryptionKey: ENCRYPTION_KEY,
  zone: STRING,
  job: TRAINING_JOB,
  prices: PRICES_PROP,
  groups: recordOf(objectOf(GROUP, 'a group { machine, nodes }')),
  cluster: CLUSTER_SOURCE,
  datasets: DATA_BUCKET,
  checkpoints: DATA_BUCKET,
  storage: TRAINING_STORAGE,
  repairFaults: BOOLEAN,
  installation: INSTALLATION,
  images: objectOf<TrainingImages>({ training: STRING, acceptance: STRING }),
};

/** Props of a cluster with a known number of nodes. */
export type ResolvedProps = TrainingClusterProps & { readonly nodes: number };

/** All groups by name, the main group first. */
export function groupsOf(props: TrainingClusterProps): Readonly<Record<string, TrainingGroupOptions>> {
  return { [MAIN_GROUP]: props, ...props.groups };
}

/** What the file system is sized for. */
export function storageContext(props: ResolvedProps): StorageContext {
  return { nodes: Object.values(groupsOf(props)).reduce((sum, { nodes = 0 }) => sum + nodes, 0) };
}

/** Adds the defaults that other checks depend on. */
export function withDefaults<P extends TrainingClusterProps>(
  props: P,
): P & Required<Pick<P, 'storage' | 'installation' | 'cluster'>> {
  const { storage = TrainingStorage.lustre(), installation = Installation.byDeployment() } = props;
  const { cluster = ClusterSource.create() } = props;
  return { ...props, storage, installation, cluster };
}
