import { PRICE_OVERRIDE } from '../../core/catalog/price-override';
import { Problems } from '../../core/errors';
import { listOf, NUMBER, objectOf, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import type { StorageContext } from '../../core/planning/cluster-sizing';
import { TRAINING_JOB } from '../../core/workload/training-job';
import type { TrainingImages } from '../../kubernetes';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import { Installation, INSTALLATION } from '../../terraform/installation';
import { GKE_CLUSTER, NAMED_BUCKET } from '../cluster/gke-cluster';
import { NEW_CLUSTER_OPTIONS } from '../cluster/new-cluster-options';
import { tpuSlice } from '../machine/tpu-topology';
import { NODE_POOL_OPTIONS } from '../nodes/node-pool-checks';
import type { TrainingClusterProps } from './training-cluster-props';
import type { TrainingGroupOptions } from './training-group';
import { TRAINING_STORAGE, TrainingStorage } from './training-storage';

const GROUP: Shape<TrainingGroupOptions> = { ...NODE_POOL_OPTIONS, slices: NUMBER };

/** The kinds of the props of a training cluster. */
export const TRAINING_CLUSTER: Shape<TrainingClusterProps> = {
  ...GROUP,
  ...NEW_CLUSTER_OPTIONS,
  zone: required(TEXT),
  job: TRAINING_JOB,
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
  groups: recordOf(objectOf(GROUP, 'a group { machine, nodes }')),
  cluster: GKE_CLUSTER,
  systemLabels: recordOf(TEXT),
  datasets: NAMED_BUCKET,
  checkpoints: NAMED_BUCKET,
  storage: TRAINING_STORAGE,
  admins: listOf(TEXT),
  installation: INSTALLATION,
  images: objectOf<TrainingImages>({ training: TEXT, acceptance: TEXT }),
};

/** The props of a cluster whose number of nodes is settled. */
export type SizedProps = TrainingClusterProps & { readonly nodes: number };

/** All groups by name, the first one first. */
export function groupsOf(props: TrainingClusterProps): Readonly<Record<string, TrainingGroupOptions>> {
  return { [MAIN_GROUP]: props, ...props.groups };
}

/** Nodes of all slices of a group. */
export function nodesOfGroup({ machine, topology, nodes = 0, slices = 1 }: TrainingGroupOptions): number {
  const slice = machine.isTpu ? tpuSlice(new Problems(), machine, topology) : undefined;
  return (slice && slice.nodes > 1 ? slice.nodes : nodes) * slices;
}

/** What the file system is made for. */
export function storageContext(props: SizedProps): StorageContext {
  return { nodes: Object.values(groupsOf(props)).reduce((sum, group) => sum + nodesOfGroup(group), 0) };
}

/** Fills in what decides how the rest is checked and made. */
export function withDefaults<P extends TrainingClusterProps>(
  props: P,
): P & Required<Pick<P, 'storage' | 'installation'>> {
  const { storage = TrainingStorage.lustre(), installation = Installation.byDeployment() } = props;
  return { ...props, storage, installation };
}
