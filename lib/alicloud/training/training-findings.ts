import type { TrainingPlan } from '../../core/planning/plan-training';
import { checkpointStoreMissing, growsOnly, otherZone, unknownThroughput } from '../../core/planning/training-findings';
import { record } from '../../terraform/findings';
import { recordUnproven } from '../../terraform/unproven-fabric';
import type { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import { fabricOf } from '../nodes/fabric-pod';
import { isBeforeCuda13 } from '../nodes/gpu-driver';
import { usesErdma, type withDefaults } from './training-checks';
import type { TrainingCluster, TrainingClusterProps } from './training-cluster';

type DefaultedProps = ReturnType<typeof withDefaults<TrainingClusterProps>>;

/** Records the findings of a training cluster. */
export function recordTrainingFindings(cluster: TrainingCluster, props: DefaultedProps): void {
  const { storage, job, images = {} } = props;
  if (storage.followsNodes) {
    const evidence = 'https://www.alibabacloud.com/help/en/cpfs/user-guide/scale-out-a-file-system';
    record(cluster, {
      ...growsOnly(job ? 'job' : 'nodes', 'CPFS', evidence),
      fix: 'After the first deployment, set sizeGiB in TrainingStorage.cpfs.',
    });
  }
  const groups = Object.values(cluster.groups);
  if (!cluster.checkpoints && groups.some(({ capacity }) => capacity.isElastic)) {
    const evidence = 'https://www.alibabacloud.com/help/en/ecs/user-guide/what-are-preemptible-instances';
    record(cluster, checkpointStoreMissing('5 minutes’', evidence));
  }
  recordMirror(cluster, props.zone);
  recordHealth(cluster);
  if (!cluster.controlPlane) recordExisting(cluster, props);
  else if (cluster.fileSystem) recordMountProxy(cluster);
  for (const group of groups) {
    recordFabric(group, images.acceptance);
    recordDriver(group, images.training);
    recordZone(cluster, group);
  }
}

/** Records the findings of the job of a cluster. */
export function recordJobFindings(cluster: TrainingCluster, plan: TrainingPlan): void {
  for (const finding of plan.findings) record(cluster, finding);
  const { fileSystem } = cluster;
  if (fileSystem && fileSystem.throughputMBps === undefined) record(cluster, unknownThroughput());
}

/** Regions in mainland China, and Hong Kong, which is outside. */
const [MAINLAND, HONG_KONG] = ['cn-', 'cn-hongkong'];

function recordMirror(cluster: TrainingCluster, zone: string): void {
  if (!zone.startsWith(MAINLAND) || zone.startsWith(HONG_KONG)) return;
  record(cluster, {
    id: 'image/mirror',
    level: 'warning',
    message:
      'Nodes in mainland China may not reach registry.k8s.io, ghcr.io, and nvcr.io, which the charts and the default image use.',
    fix: 'Copy the images to Container Registry, use Installation.gitOps() to change the charts, set `images`, and acknowledge this finding.',
    evidence: 'https://www.alibabacloud.com/help/en/acr/user-guide/subscribe-to-images-outside-the-chinese-mainland',
  });
}

function recordHealth(cluster: TrainingCluster): void {
  record(cluster, {
    id: 'nodes/health',
    level: 'info',
    message:
      'ACK reports a faulty GPU. It stops pods on it only with isolation triggers, which are off by default, and neither restarts nor replaces the node.',
    fix: 'Configure isolation triggers of ack-nvidia-device-plugin, alert with GpuAlarms, and remove such a node from the pool.',
    evidence:
      'https://www.alibabacloud.com/help/en/ack/product-overview/product-change-update-to-the-gpu-automatic-isolation-feature',
  });
}

/** @see https://github.com/kubernetes-sigs/alibaba-cloud-csi-driver/blob/master/pkg/features/features.go */
function recordMountProxy(cluster: TrainingCluster): void {
  record(cluster, {
    id: 'cluster/add-ons',
    level: 'warning',
    message:
      'csi-plugin 1.33 and later mounts CPFS only with its feature gate AlinasMountProxy, which is off by default.',
    fix: 'Turn on AlinasMountProxy in the settings of csi-plugin in the console of ACK, and acknowledge this finding.',
    evidence: 'https://github.com/kubernetes-sigs/alibaba-cloud-csi-driver/blob/master/pkg/features/features.go',
  });
}

function recordExisting(cluster: TrainingCluster, props: TrainingClusterProps): void {
  const needed = [
    ...(cluster.jobs ? ['ack-pod-identity-webhook'] : []),
    ...(cluster.fileSystem ? ['cnfs-nas-daemon, and the feature gate AlinasMountProxy of csi-plugin'] : []),
    ...(usesErdma(props) ? ['ack-erdma-controller, and a tag filter in the configuration of Terway'] : []),
  ];
  if (needed.length === 0) return;
  record(cluster, {
    id: 'cluster/add-ons',
    level: 'warning',
    message: `The existing cluster needs ${needed.join('; ')}.`,
    fix: 'Install them before the nodes join, and acknowledge this finding.',
    evidence: 'https://www.alibabacloud.com/help/en/ack/product-overview/component-overview',
  });
}

function recordFabric(group: AcceleratorNodePool, image: string | undefined): void {
  const { machine, capacity, nodes } = group;
  if (!fabricOf(machine, capacity) || nodes < 2) return;
  const fabric = capacity.lingjunNodes ? 'RDMA of Lingjun nodes' : `eRDMA of ${machine.name}`;
  if (image === undefined) recordUnproven(group, group, fabric);
  if (capacity.lingjunNodes) return;
  record(group, {
    id: 'fabric/mtu',
    level: 'info',
    message:
      'eRDMA has an MTU of 8500 only on instances with jumbo frames, and 1400 on others. A node pool cannot set it.',
    fix: 'Read the MTU with `ibv_devinfo` on all nodes of a job: it must be the same.',
    evidence: 'https://help.aliyun.com/en/ecs/user-guide/jumbo-frame/',
  });
}

/** An image of the user can contain CUDA 13. */
function recordDriver(group: AcceleratorNodePool, image: string | undefined): void {
  const { driver } = group;
  if (image === undefined || driver === undefined || !isBeforeCuda13(driver)) return;
  record(group, {
    id: 'image/driver',
    level: 'info',
    message: `The nodes have driver ${driver}, which supports images with CUDA 12, but not with CUDA 13.`,
    fix: 'Use an image with CUDA 12, or test driver 580.126.09 on this machine.',
    evidence: 'https://docs.nvidia.com/deploy/cuda-compatibility/',
  });
}

function recordZone({ fileSystem }: TrainingCluster, group: AcceleratorNodePool): void {
  if (!fileSystem || fileSystem.zone === group.zone) return;
  const evidence = 'https://www.alibabacloud.com/help/en/cpfs/product-overview/limits';
  record(group, otherZone(group.zone, fileSystem.zone, 'traffic between zones is slower', evidence));
}
