import { growsOnly, nothingKept, otherZone } from '../../core/planning/training-findings';
import { record } from '../../terraform/findings';
import { recordUnproven } from '../cluster/cluster-software';
import type { TrainingCluster } from './training-cluster';
import type { TrainingClusterProps } from './training-cluster-props';
import type { TrainingGroup } from './training-group';
import type { TrainingImages } from '../../kubernetes';

/** Records what is doubtful about a training cluster as a whole. */
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
    record(cluster, nothingKept('30 seconds’', evidence));
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
    message: `Nodes of ${machine.name} have their interfaces, and its row tells neither a device mode of its networks nor a device class that pods claim.`,
    fix: 'Give networks[].deviceMode or deviceClaim in GoogleMachine.of, or acknowledge this.',
    evidence: 'https://cloud.google.com/kubernetes-engine/docs/how-to/allocate-network-resources-dra',
  });
}

/** Where pods claim interfaces, nobody has seen this library's wiring on a machine, and the node has no library but those of the driver. */
function recordClaimed(group: TrainingGroup, { training }: TrainingImages): void {
  const { machine } = group;
  const { deviceClaim } = machine.spec;
  if (!deviceClaim) return;
  record(group, {
    id: 'fabric/claimed',
    level: 'warning',
    message: `Pods on ${machine.name} claim ${deviceClaim.count} interfaces of ${deviceClaim.deviceClass}, and use them only if their image holds DOCA's user space and gIB${training === undefined ? ', which the default image is not known to' : ''}.`,
    fix: 'Name an image with both in images.training, prove the fabric once by nccl-tests, and acknowledge this.',
    evidence: 'https://docs.nvidia.com/aicr/integrator-guide/gke-a-4-x-max-networking',
  });
}

function recordZone({ fileSystem }: TrainingCluster, group: TrainingGroup): void {
  if (!fileSystem || fileSystem.zone === group.zone) return;
  const evidence = 'https://cloud.google.com/managed-lustre/docs/performance';
  record(group, otherZone(group.zone, fileSystem.zone, 'traffic between zones is slower, and billed', evidence));
}
