import { growsOnly, checkpointStoreMissing, otherZone } from '../../core/planning/training-findings';
import { record } from '../../terraform/findings';
import { recordUnproven } from '../cluster/cluster-software';
import type { TrainingCluster } from './training-cluster';
import type { TrainingClusterProps } from './training-cluster-props';
import type { TrainingGroup } from './training-group';
import type { TrainingImages } from '../../kubernetes';

/** Records the findings of a training cluster. */
export function recordTrainingFindings(
  cluster: TrainingCluster,
  { storage, job, images = {} }: TrainingClusterProps,
): void {
  if (storage?.followsNodes) {
    const evidence = 'https://cloud.google.com/managed-lustre/docs/create-instance';
    record(cluster, growsOnly(job ? 'job' : 'nodes', 'Managed Lustre', evidence));
  }
  if (isUnkept(cluster)) {
    const evidence = 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms';
    record(cluster, checkpointStoreMissing('30 seconds’', evidence));
  }
  for (const group of Object.values(cluster.groups)) {
    recordUnwired(group);
    recordClaimed(group, images);
    recordUnproven(group, images);
    recordZone(cluster, group);
  }
}

function isUnkept(cluster: TrainingCluster): boolean {
  return !cluster.checkpoints && Object.values(cluster.groups).some(({ capacity }) => capacity.isElastic);
}

function recordUnwired(group: TrainingGroup): void {
  const { machine, networks } = group;
  const { transport, deviceClaim } = machine.spec;
  if (transport === undefined || deviceClaim || networks.some(({ deviceMode }) => deviceMode !== undefined)) return;
  record(group, {
    id: 'fabric/unwired',
    level: 'warning',
    message: `Nodes of ${machine.name} have RDMA interfaces, but its row has neither a device mode nor a device class for pods.`,
    fix: 'Set networks[].deviceMode or deviceClaim in GoogleMachine.of, or acknowledge this finding.',
    evidence: 'https://cloud.google.com/kubernetes-engine/docs/how-to/allocate-network-resources-dra',
  });
}

/** If pods claim interfaces, the wiring of this library is untested, and nodes have only the driver libraries. */
function recordClaimed(group: TrainingGroup, { training }: TrainingImages): void {
  const { machine } = group;
  const { deviceClaim } = machine.spec;
  if (!deviceClaim) return;
  record(group, {
    id: 'fabric/claimed',
    level: 'warning',
    message: `Pods on ${machine.name} claim ${deviceClaim.count} interfaces of ${deviceClaim.deviceClass}. They need an image with the DOCA user space libraries and gIB${training === undefined ? ', and no source says that the default image contains them' : ''}.`,
    fix: 'Set an image with both in `images.training`, test the fabric with nccl-tests, and acknowledge this finding.',
    evidence: 'https://docs.nvidia.com/aicr/integrator-guide/gke-a-4-x-max-networking',
  });
}

function recordZone({ fileSystem }: TrainingCluster, group: TrainingGroup): void {
  if (!fileSystem || fileSystem.zone === group.zone) return;
  const evidence = 'https://cloud.google.com/managed-lustre/docs/performance';
  record(group, otherZone(group.zone, fileSystem.zone, 'traffic between zones is slower and billed', evidence));
}
