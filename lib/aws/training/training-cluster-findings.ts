import { growsOnly, checkpointStoreMissing, otherZone } from '../../core/planning/training-findings';
import type { EfaNodeGroup } from '../nodes/efa-node-group';
import { SPOT } from '../capacity/capacity-findings';
import { record } from '../template/findings';
import { isKnownZone } from '../network/node-subnets';
import type { TrainingCluster } from './training-cluster';
import type { ClusterSource } from '../cluster/cluster-source';
import type { TrainingClusterProps } from './training-cluster-props';

// FSx for Lustre guide, "Working with EFA-enabled file systems". Eight connections for each client: the client set-up script of AWS.
const EFA_CONNECTIONS = 1024;
const EFA_CONNECTIONS_PER_NODE = 8;

/** Records the findings of a training cluster as a whole. */
export function recordTrainingFindings(
  cluster: TrainingCluster,
  { cluster: source, storage, job }: TrainingClusterProps & { readonly cluster: ClusterSource },
): void {
  if (!source.existing && !source.newCluster.admins?.length) recordNoAdmins(cluster);
  if (storage?.followsNodes) {
    const evidence = 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/increase-storage-capacity.html';
    const fix = 'Set size in TrainingStorage.lustre() after the first deployment.';
    record(cluster, { ...growsOnly(job ? 'job' : 'nodes', 'FSx', evidence), fix });
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
      'The VPC has no private subnet with egress, but the deployment downloads charts and images from public registries.',
    fix: 'Use a VPC with egress, or Installation.gitOps() with mirrors.',
    evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html',
  });
}

function recordNoAdmins(cluster: TrainingCluster): void {
  record(cluster, {
    id: 'access/no-admins',
    level: 'info',
    message: 'The cluster has no admins: nobody can use kubectl or see the job queue.',
    fix: 'Pass the roles of your operators to ClusterSource.create({ admins }).',
    evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html',
  });
}

function recordSpot(cluster: TrainingCluster): void {
  const spot = Object.values(cluster.groups).filter(({ capacity }) => capacity.market === 'spot');
  if (spot.length > 0 && !cluster.checkpoints) {
    record(cluster, checkpointStoreMissing('two minutes’', SPOT));
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
      message: `FSx does not list ${group.machine.name} as a client with GPUDirect Storage, or its EFA is off. It can mount over TCP.`,
      fix: 'Use TrainingStorage.lustre({ efa: false }), or test the mount and acknowledge this finding.',
      evidence: 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/efa-file-systems.html',
    });
  }
  const connections = groups.reduce((sum, { nodes }) => sum + nodes * EFA_CONNECTIONS_PER_NODE, 0);
  if (connections > EFA_CONNECTIONS) {
    record(cluster, {
      id: 'storage/efa-connections',
      level: 'warning',
      message: `The nodes can open ${connections} EFA connections, but a file system supports ${EFA_CONNECTIONS}.`,
      fix: 'Spread the groups over several file systems, or mount over TCP.',
      evidence: 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/efa-file-systems.html',
    });
  }
}

function recordZone({ fileSystem }: TrainingCluster, group: EfaNodeGroup): void {
  const [expected, actual] = [group.subnets[0]?.availabilityZone, fileSystem?.availabilityZone];
  if (!isKnownZone(expected) || !isKnownZone(actual) || expected === actual) return;
  const evidence = 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/efa-file-systems.html';
  record(group, otherZone(expected, actual, 'EFA falls back to TCP, and traffic between zones is billed', evidence));
}
