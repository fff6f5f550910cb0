import { PRICE_OVERRIDE } from '../../core/catalog/price-override';
import type { StorageContext } from '../../core/planning/cluster-sizing';
import { FLAG, listOf, objectOf, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import { TRAINING_JOB } from '../../core/workload/training-job';
import type { TrainingImages } from '../../kubernetes';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import { Installation, INSTALLATION } from '../../terraform/installation';
import { AKS_CLUSTER } from '../cluster/aks-cluster';
import { CONTROL_PLANE_OPTIONS } from '../cluster/control-plane-checks';
import { NODE_POOL_OPTIONS } from '../nodes/node-pool-checks';
import type { AcceleratorNodePoolOptions } from '../nodes/node-pool-options';
import { RESOURCE_GROUP } from '../props/resource-group';
import { DATA_BUCKET } from '../storage/bucket-attributes';
import type { TrainingClusterProps } from './training-cluster-props';
import { TRAINING_STORAGE, TrainingStorage } from './training-storage';

/** The kinds of the props of a training cluster. */
export const TRAINING_CLUSTER: Shape<TrainingClusterProps> = {
  ...NODE_POOL_OPTIONS,
  ...CONTROL_PLANE_OPTIONS,
  resourceGroup: required(RESOURCE_GROUP),
  zone: TEXT,
  job: TRAINING_JOB,
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
  groups: recordOf(objectOf(NODE_POOL_OPTIONS, 'a group { machine, nodes }')),
  cluster: AKS_CLUSTER,
  systemLabels: recordOf(TEXT),
  datasets: DATA_BUCKET,
  checkpoints: DATA_BUCKET,
  storage: TRAINING_STORAGE,
  repairFaults: FLAG,
  installation: INSTALLATION,
  images: objectOf<TrainingImages>({ training: TEXT, acceptance: TEXT }),
};

/** The props of a cluster whose number of nodes is settled. */
export type SizedProps = TrainingClusterProps & { readonly nodes: number };

/** All groups by name, the first one first. */
export function groupsOf(props: TrainingClusterProps): Readonly<Record<string, AcceleratorNodePoolOptions>> {
  return { [MAIN_GROUP]: props, ...props.groups };
}

/** What the file system is made for. */
export function storageContext(props: SizedProps): StorageContext {
  return { nodes: Object.values(groupsOf(props)).reduce((sum, { nodes = 0 }) => sum + nodes, 0) };
}

/** Fills in what decides how the rest is checked and made. */
export function withDefaults<P extends TrainingClusterProps>(
  props: P,
): P & Required<Pick<P, 'storage' | 'installation'>> {
  const { storage = TrainingStorage.lustre(), installation = Installation.byDeployment() } = props;
  return { ...props, storage, installation };
}
