import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { growsOnly, checkpointStoreMissing, otherZone, unknownThroughput } from '../../core/planning/training-findings';
import type { TrainingImages } from '../../kubernetes';
import { record } from '../../terraform/findings';
import { recordUnproven } from '../../terraform/training-findings';
import type { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { TrainingCluster } from './training-cluster';
import type { TrainingClusterProps } from './training-cluster-props';
import { acceptanceImage, ACCEPTANCE_IMAGE } from './training-images';

/** Records the findings of a training cluster. */
export function recordTrainingFindings(
  cluster: TrainingCluster,
  { storage, job, installation, images = {}, cluster: source }: TrainingClusterProps,
): void {
  const admins = source?.newCluster.admins ?? [];
  if (storage?.followsNodes) {
    const evidence = 'https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-faq';
    record(cluster, growsOnly(job ? 'job' : 'nodes', 'Managed Lustre', evidence));
  }
  const groups = Object.values(cluster.groups);
  if (!cluster.checkpoints && groups.some(({ capacity }) => capacity.isElastic)) {
    record(
      cluster,
      checkpointStoreMissing('30 seconds’', 'https://learn.microsoft.com/en-us/azure/aks/spot-node-pool'),
    );
  }
  if (cluster.controlPlane && admins.length === 0 && !installation?.byDeployment) recordNoAdmins(cluster);
  for (const group of groups) {
    recordProof(group, images);
    recordZone(cluster, group);
  }
}

/** Records the findings of the job of a cluster. */
export function recordJobFindings(cluster: TrainingCluster, plan: TrainingPlan): void {
  for (const finding of plan.findings) record(cluster, finding);
  const { fileSystem } = cluster;
  if (fileSystem && fileSystem.throughputMBps === undefined) record(cluster, unknownThroughput());
}

function recordNoAdmins(cluster: TrainingCluster): void {
  record(cluster, {
    id: 'access/no-admins',
    level: 'warning',
    message: 'The cluster has no administrators and no local accounts, so nobody can use kubectl.',
    fix: 'Set admins to the object ids of Entra principals.',
    evidence: 'https://learn.microsoft.com/en-us/azure/aks/manage-azure-rbac',
  });
}

function recordProof(group: AcceleratorNodePool, images: TrainingImages): void {
  const { machine, nodes } = group;
  if (!machine.infiniband || nodes < 2) return;
  const image = acceptanceImage(machine, images);
  if (image === undefined) recordUnproven(group, group, `InfiniBand of ${machine.name}`);
  if (image !== ACCEPTANCE_IMAGE) return;
  record(group, {
    id: 'image/mutable',
    level: 'info',
    message: 'The acceptance job uses an image that Azure publishes under a single, mutable tag.',
    fix: 'Set images.acceptance to an image digest.',
    evidence: ACCEPTANCE_IMAGE,
  });
}

function recordZone({ fileSystem }: TrainingCluster, group: AcceleratorNodePool): void {
  if (fileSystem?.zone === undefined || group.zone === undefined || fileSystem.zone === group.zone) return;
  const evidence = 'https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-prerequisites';
  record(group, otherZone(group.zone, fileSystem.zone, 'traffic between zones is slower, and billed', evidence));
}
