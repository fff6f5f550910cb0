import { record } from '../../terraform/findings';
import { recordUnproven } from '../cluster/cluster-software';
import type { TrainingCluster } from './training-cluster';
import type { TrainingClusterProps } from './training-cluster-props';
import type { TrainingGroup } from './training-group';

/** Records what is doubtful about a training cluster as a whole. */
export function recordTrainingFindings(
  cluster: TrainingCluster,
  { storage, job, images = {} }: TrainingClusterProps,
): void {
  if (storage?.followsNodes) recordGrowth(cluster, job ? 'job: a smaller one' : 'number of nodes: fewer nodes');
  recordElastic(cluster);
  for (const group of Object.values(cluster.groups)) {
    recordUnwired(group);
    recordUnproven(group, images);
    recordZone(cluster, group);
  }
}

function recordGrowth(cluster: TrainingCluster, followed: string): void {
  record(cluster, {
    id: 'storage/grows-only',
    level: 'info',
    message: `The size of the file system follows the ${followed} would ask it to shrink, which Managed Lustre refuses.`,
    fix: 'State sizeGiB in TrainingStorage.lustre once it stands.',
    evidence: 'https://cloud.google.com/managed-lustre/docs/create-instance',
  });
}

function recordElastic(cluster: TrainingCluster): void {
  const taken = Object.values(cluster.groups).filter(({ capacity }) => capacity.isElastic);
  if (taken.length === 0 || cluster.checkpoints) return;
  record(cluster, {
    id: 'spot/no-checkpoints',
    level: 'warning',
    message:
      'Nodes are taken back, spot ones on 30 seconds’ notice, and no checkpoint store is declared: a run would start anew.',
    fix: 'Give checkpoints a DataBucket.',
    evidence: 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms',
  });
}

function recordUnwired(group: TrainingGroup): void {
  const { machine, networks } = group;
  if (machine.spec.transport === undefined || networks.some(({ deviceMode }) => deviceMode !== undefined)) return;
  record(group, {
    id: 'fabric/unwired',
    level: 'warning',
    message: `Nodes of ${machine.name} have their interfaces, and pods get them by claims of GKE's DRANET, which this library does not make.`,
    fix: 'Install asapd-lite and gIB, let pods claim the device class mrdma.google.com, and acknowledge this.',
    evidence: 'https://cloud.google.com/kubernetes-engine/docs/how-to/allocate-network-resources-dra',
  });
}

function recordZone({ fileSystem }: TrainingCluster, group: TrainingGroup): void {
  if (!fileSystem || fileSystem.zone === group.zone) return;
  record(group, {
    id: 'storage/other-zone',
    level: 'warning',
    message: `The nodes are in ${group.zone} and the file system is in ${fileSystem.zone}: traffic between zones is slower, and billed.`,
    fix: `Make nodes in ${fileSystem.zone}, or a file system in ${group.zone}.`,
    evidence: 'https://cloud.google.com/managed-lustre/docs/performance',
  });
}
