import type { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import {
  checkBootDisk,
  checkPoolLabels,
  checkPoolName,
  checkPoolNodes,
  checkWholeAccelerators,
  type PoolRules,
} from '../../terraform/pool-checks';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import { Capacity } from '../capacity/capacity';
import { checkFloor } from '../cluster/ack-version';
import { checkZoneIn } from '../cluster/zone-checks';
import type { AlicloudMachine } from '../machine/machine';
import { checkZone } from '../props/location';
import { ACCELERATOR_NODE_POOL_PROPS } from '../prop-schemas';
import { checkDriver, driverOf } from './gpu-driver';
import { checkSharing } from './gpu-sharing';
import { DISK_GIB } from './node-config';
import type { AcceleratorNodePoolProps } from './node-pool-options';
import { checkNodeSettings } from './node-settings';

/** Maximum number of nodes of a pool. @see https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs/resources/cs_kubernetes_node_pool */
export const MAX_NODES = 1000;

/** Rules of ACK for node pools. The API limits the length of a name to 63; the characters are those of a label, which this library sets. */
const RULES: PoolRules = {
  name: /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
  nameAllowed:
    '1 to 63 lower-case letters, digits and hyphens, starting with a letter and ending with a letter or digit',
  reservedLabels:
    /^(?:[a-z0-9-]+\.)*(?:kubernetes\.io|k8s\.io|alibabacloud\.com|aliyun\.com)\/|^(?:aliyun\.accelerator|ack\.node\.gpu)[/.]/,
  labelsFix: 'Remove the label, which the library, ACK or Kubernetes sets.',
  minDiskGiB: DISK_GIB.min,
  maxDiskGiB: DISK_GIB.max,
  diskFix: 'Store data on a file system.',
};

/** Features of ACK that need a version. Sources: the pages of the features, as in the documentation of `NodeOptions`; read 2026-11. */
const FLOORS = {
  metadata: { floor: '1.28', feature: 'IMDSv2 on nodes' },
  erdma: { floor: '1.24', feature: 'eRDMA' },
  lingjun: { floor: '1.31', feature: 'Lingjun nodes' },
};

/** Nodes of a low-latency deployment set in a zone. @see https://www.alibabacloud.com/help/en/ecs/user-guide/overview-8 */
const MAX_PLACED = 20;

/** Adds a problem if ACK does not support the name of a pool. */
export function checkAckPoolName(problems: ProblemCollector, name: string): void {
  if (!isUnknown(name)) checkPoolName(problems, name, RULES);
}

/**
 * Returns the number of nodes of a pool, and adds each problem in its props.
 *
 * @param nodeOptions collects the problems of `NodeOptions`, if the caller nests them
 */
export function checkedNodes(
  problems: ProblemCollector,
  name: string,
  props: AcceleratorNodePoolProps,
  nodeOptions = problems,
): number | undefined {
  if (!validateProps(problems, props, ACCELERATOR_NODE_POOL_PROPS)) return undefined;
  const { machine, zone, cluster, capacity = Capacity.onDemand(), bootDiskGiB, nodes } = props;
  checkAckPoolName(problems, name);
  checkZone(problems, 'zone', zone);
  if (!isUnknown(zone)) checkZoneIn(problems, 'zone', zone, cluster.network);
  checkMachine(problems, machine);
  checkVersions(problems, props);
  checkCapacity(problems, props, capacity);
  checkPlacement(problems, props, capacity);
  checkPoolLabels(nodeOptions, props.labels, RULES);
  checkNodeSettings(nodeOptions, props);
  checkBootDisk(nodeOptions, bootDiskGiB, RULES);
  checkOptions(nodeOptions, props, capacity);
  const isSized = checkPoolNodes(problems, nodes, MAX_NODES, machine.name);
  if (isSized) checkBounds(problems, 'NodesOutOfRange', 'minNodes', props.minNodes, { min: 0, max: nodes });
  return isSized ? nodes : undefined;
}

/** ACK does not support confidential machines. @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/gpu-accelerated-ecs-instance-types-supported-by-ack */
function checkMachine(problems: ProblemCollector, machine: AlicloudMachine): void {
  checkWholeAccelerators(problems, machine);
  if (!machine.family.includes('-tee')) return;
  problems.add({
    code: 'MachineUnsupported',
    prop: 'machine',
    allowed: 'a machine without -tee in its name, because ACK does not support confidential machines with GPUs',
    got: machine.name,
    fix: `Use a machine of the family ${machine.family.replace(/-tee.*/, '')}.`,
  });
}

function checkVersions(problems: ProblemCollector, { cluster, machine, capacity }: AcceleratorNodePoolProps): void {
  const { kubernetesVersion: version } = cluster;
  const prop = 'cluster.kubernetesVersion';
  checkFloor(problems, prop, version, capacity?.lingjunNodes ? FLOORS.lingjun : FLOORS.metadata);
  if (machine.hasErdma) checkFloor(problems, prop, version, FLOORS.erdma);
}

function checkCapacity(problems: ProblemCollector, props: AcceleratorNodePoolProps, capacity: Capacity): void {
  const { zone, minNodes, nodes } = props;
  if (capacity.zone !== undefined && !isUnknown([capacity.zone, zone]) && capacity.zone !== zone) {
    problems.add({
      code: 'CapacityZone',
      prop: 'capacity.zone',
      allowed: `${zone}, the zone of the nodes`,
      got: capacity.zone,
      fix: 'Create the nodes in the zone of the private pool.',
    });
  }
  if (!capacity.lingjunNodes || minNodes === undefined || minNodes === nodes) return;
  problems.add({
    code: 'ScalingLimits',
    prop: 'minNodes',
    allowed: 'left out for Lingjun nodes, which do not scale',
    got: minNodes,
    fix: 'Remove minNodes.',
  });
}

function checkPlacement(problems: ProblemCollector, props: AcceleratorNodePoolProps, capacity: Capacity): void {
  const { machine, nodes = 0, compactPlacement } = props;
  if (compactPlacement !== true) return;
  const add = (allowed: string, got: unknown) => {
    const fix = 'Remove compactPlacement. All nodes of the pool are in one zone anyway.';
    problems.add({ code: 'PlacementInvalid', prop: 'compactPlacement', allowed, got, fix });
  };
  if (machine.spec.lowLatencyDeploymentSet !== true)
    add(`left out for ${machine.name}, which no low-latency deployment set supports`, true);
  else if (capacity.market === 'spot') add('left out for spot capacity, which deployment sets do not support', 'spot');
  else if (nodes > MAX_PLACED) add(`left out for more than ${MAX_PLACED} nodes, the limit of a deployment set`, nodes);
}

/** Lingjun nodes have their own image, disk, and driver. */
function checkOptions(problems: ProblemCollector, props: AcceleratorNodePoolProps, capacity: Capacity): void {
  const { machine, driver, kubelet, gpuSharing } = props;
  checkSharing(problems, gpuSharing, { machine, capacity, driver: driverOf(machine, driver), kubelet });
  if (!capacity.lingjunNodes) {
    checkDriver(problems, machine, driver);
    return;
  }
  for (const prop of ['driver', 'bootDiskGiB', 'bootDiskKey', 'hardening', 'workerRole'] as const) {
    if (props[prop] === undefined) continue;
    problems.add({
      code: 'ClusterOption',
      prop,
      allowed: 'left out for Lingjun nodes, whose image and disks belong to the node group',
      got: prop === 'bootDiskKey' ? 'a key' : props[prop],
      fix: 'Remove it, and set it in the node group of the Lingjun cluster.',
    });
  }
}
