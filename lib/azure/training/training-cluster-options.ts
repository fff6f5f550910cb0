import type { StorageContext } from '../../core/planning/cluster-sizing';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import { Installation } from '../../terraform/installation';
import { ClusterSource } from '../cluster/cluster-source';
import type { TrainingClusterProps, TrainingGroupOptions } from './training-cluster-props';
import { TrainingStorage } from './training-storage';
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
