import { PRICE_OVERRIDE } from '../../core/catalog/price-override';
import { type Kind, listOf, NUMBER, objectOf, recordOf, type Shape, TEXT } from '../../core/shapes';
import { TRAINING_JOB } from '../../core/workload/training-job';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import { Installation, INSTALLATION } from '../cluster/installation';
import { NODE_GROUP_OPTIONS } from '../nodes/node-group-shape';
import {
  CLUSTER,
  DATA_STORE,
  ENDPOINT_ACCESS,
  KEY,
  KUBERNETES_VERSION,
  LABELS,
  ROLE,
  SUBNET_SELECTION,
  TEXTS,
  VPC,
} from '../props/shapes';
import { bucketOf } from '../storage/data-store';
import type { TrainingClusterProps } from './training-cluster-props';
import type { TrainingImages } from './training-software';
import { TRAINING_STORAGE, type StorageContext, TrainingStorage } from './training-storage';

/** A number of nodes, judged with the machine. */
export const WHOLE_NODES: Kind = { ...NUMBER, allowed: 'a whole number of nodes' };

export const TRAINING_IMAGES: Kind = objectOf<TrainingImages>({ training: TEXT, acceptance: TEXT, efaPlugin: TEXT });

/** The kinds of the props of a training cluster. */
export const TRAINING_CLUSTER: Shape<TrainingClusterProps> = {
  ...NODE_GROUP_OPTIONS,
  // A job may leave it open: see `checkTrainingCluster`.
  nodes: WHOLE_NODES,
  job: TRAINING_JOB,
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
  groups: recordOf(objectOf(NODE_GROUP_OPTIONS, 'a group { machine, nodes }')),
  vpc: VPC,
  availabilityZones: TEXTS,
  controlPlaneSubnets: SUBNET_SELECTION,
  cluster: CLUSTER,
  systemLabels: LABELS,
  addonVersions: recordOf(TEXT),
  datasets: DATA_STORE,
  checkpoints: DATA_STORE,
  storage: TRAINING_STORAGE,
  kubernetesVersion: KUBERNETES_VERSION,
  endpointAccess: ENDPOINT_ACCESS,
  admins: listOf(ROLE),
  installation: INSTALLATION,
  images: TRAINING_IMAGES,
  encryptionKey: KEY,
};

/** The props of a cluster whose number of nodes is settled. */
export type SizedProps = TrainingClusterProps & { readonly nodes: number };

/** All groups by name, the first one first. */
export function groupsOf(props: SizedProps): Readonly<Record<string, EfaNodeGroupOptions>> {
  return { [MAIN_GROUP]: props, ...props.groups };
}

/** What the file system is made for. */
export function storageContext(props: SizedProps): StorageContext {
  const groups = Object.values(groupsOf(props));
  return {
    machines: groups.map(({ machine }) => machine),
    nodes: groups.reduce((sum, { nodes }) => sum + nodes, 0),
    datasets: props.datasets && bucketOf(props.datasets),
    checkpoints: props.checkpoints && bucketOf(props.checkpoints),
  };
}

/** Fills in what decides how the rest is checked and made. */
export function withDefaults<P extends TrainingClusterProps>(
  props: P,
): P & Required<Pick<P, 'storage' | 'installation'>> {
  const { storage = TrainingStorage.lustre(), installation = Installation.inCluster() } = props;
  return { ...props, storage, installation };
}
