import { growsOnly, nothingKept, otherZone } from '../../core/planning/training-findings';
import type { EfaNodeGroup } from '../nodes/efa-node-group';
import { SPOT } from '../capacity/capacity-findings';
import { record } from '../template/findings';
import { isKnownZone } from '../network/node-subnets';
import type { TrainingCluster } from './training-cluster';
import type { TrainingClusterProps } from './training-cluster-props';

// FSx for Lustre guide, "Working with EFA-enabled file systems"; eight connections a client from AWS's own client set-up script.
const EFA_CONNECTIONS = 1024;
const EFA_CONNECTIONS_PER_NODE = 8;

/** Records what is doubtful about a training cluster as a whole. */
export function recordTrainingFindings(cluster: TrainingCluster, { admins, storage, job }: TrainingClusterProps): void {
  if (cluster.controlPlane && !admins?.length) recordNoAdmins(cluster);
  if (storage?.followsNodes) {
    const evidence = 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/increase-storage-capacity.html';
    record(cluster, growsOnly(job ? 'job' : 'nodes', 'FSx', evidence));
  }
  recordNetwork(cluster);
  recordSpot(cluster);
  recordStorage(cluster);
}

function recordNetwork({ vpc, software }: TrainingCluster): void {
  if (vpc.privateSubnets.length > 0 || software.installed.length === 0) return;
  record(software, {
    id: 'network/no-egress',
    level: 'warning',
    message:
      'The VPC has no private subnet with egress, and the deployment fetches charts and images from public registries.',
    fix: 'Use a VPC with egress, or Installation.gitOps() with mirrors.',
    evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html',
  });
}

function recordNoAdmins(cluster: TrainingCluster): void {
  record(cluster, {
    id: 'access/no-admins',
    level: 'info',
    message: 'No role administers the cluster: nobody reaches it with kubectl, or sees its queue.',
    fix: 'Name the roles of your operators in admins.',
    evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html',
  });
}

function recordSpot(cluster: TrainingCluster): void {
  const spot = Object.values(cluster.groups).filter(({ capacity }) => capacity.market === 'spot');
  if (spot.length > 0 && !cluster.checkpoints) {
    record(cluster, nothingKept('two minutes’', SPOT));
  }
}

function recordStorage(cluster: TrainingCluster): void {
  const groups = Object.values(cluster.groups);
  for (const group of groups) recordZone(cluster, group);
  if (!cluster.fileSystem?.efa) return;
  const unlisted = groups.filter(
    ({ machine, efaInterfacesPerNode }) => !machine.spec.lustreEfa || efaInterfacesPerNode === 0,
  );
  for (const group of unlisted) {
    record(group, {
      id: 'storage/efa-clients',
      level: 'warning',
      message: `FSx lists ${group.machine.name} as no client with GPUDirect Storage, or its EFA is off: it may mount over TCP.`,
      fix: 'Use TrainingStorage.lustre({ efa: false }), or prove the mount and acknowledge this.',
      evidence: 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/efa-file-systems.html',
    });
  }
  const connections = groups.reduce((sum, { nodes }) => sum + nodes * EFA_CONNECTIONS_PER_NODE, 0);
  if (connections > EFA_CONNECTIONS) {
    record(cluster, {
      id: 'storage/efa-connections',
      level: 'warning',
      message: `The nodes may open ${connections} EFA connections, and a file system takes ${EFA_CONNECTIONS}.`,
      fix: 'Spread the groups over several file systems, or mount over TCP.',
      evidence: 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/efa-file-systems.html',
    });
  }
}

function recordZone({ fileSystem }: TrainingCluster, group: EfaNodeGroup): void {
  const [wanted, got] = [group.subnets[0]?.availabilityZone, fileSystem?.availabilityZone];
  if (!isKnownZone(wanted) || !isKnownZone(got) || wanted === got) return;
  const evidence = 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/efa-file-systems.html';
  record(group, otherZone(wanted, got, 'EFA falls back to TCP, and traffic between zones is billed', evidence));
}
