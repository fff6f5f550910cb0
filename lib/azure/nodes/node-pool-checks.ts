import type { Problems } from '../../core/errors';
import {
  ANYTHING,
  FLAG,
  fits,
  kind,
  listOf,
  NUMBER,
  oneOf,
  recordOf,
  required,
  type Shape,
  TEXT,
  TEXT_OR_EMPTY,
} from '../../core/shapes';
import {
  checkBootDisk,
  checkPoolLabels,
  checkPoolName,
  checkPoolNodes,
  checkWholeAccelerators,
  type PoolRules,
} from '../../terraform/pool-checks';
import { CAPACITY, Capacity } from '../capacity/capacity';
import { checkCapacity } from '../capacity/capacity-checks';
import { AKS_CLUSTER, checkCluster } from '../cluster/aks-cluster';
import { checkVersion } from '../cluster/kubernetes-version';
import { AZURE_MACHINE } from '../machine/machine';
import { checkZone } from '../props/location';
import { checkInfinibandFeature, InfinibandFeature } from './infiniband-feature';
import {
  type AcceleratorNodePoolOptions,
  type AcceleratorNodePoolProps,
  BootDisk,
  GpuDriver,
  KubeletDisk,
} from './node-pool-options';
import { checkPlacement } from './placement-checks';
import { MOST_NODES } from './system-nodes';

/** The kinds of what a pool is, whichever cluster it joins. */
export const NODE_POOL_OPTIONS: Shape<AcceleratorNodePoolOptions> = {
  machine: required(AZURE_MACHINE),
  nodes: NUMBER,
  capacity: CAPACITY,
  infinibandFeature: oneOf(Object.values(InfinibandFeature)),
  driver: oneOf(Object.values(GpuDriver)),
  bootDiskGiB: NUMBER,
  bootDisk: oneOf(Object.values(BootDisk)),
  kubeletDisk: oneOf(Object.values(KubeletDisk)),
  encryptionAtHost: FLAG,
  proximity: FLAG,
  labels: recordOf(TEXT_OR_EMPTY),
};

const NODE_POOL: Shape<AcceleratorNodePoolProps> = {
  ...NODE_POOL_OPTIONS,
  cluster: required(AKS_CLUSTER),
  zone: TEXT,
  name: kind('a text', (value) => typeof value === 'string'),
  elastic: FLAG,
  after: listOf(ANYTHING),
};

/** What AKS takes of a pool; the least disk is a choice of this library, room for images of accelerators. Source: Microsoft.ContainerService agentPools 2026-05-01. */
const RULES: PoolRules = {
  name: /^[a-z][a-z0-9]{0,11}$/,
  nameAllowed: '1 to 12 lower-case letters and digits, beginning with a letter',
  reservedLabels: /^(?:[a-z0-9-]+\.)*(?:kubernetes\.io|k8s\.io|azure\.com|nvidia\.com)\//,
  labelsFix: 'The library, AKS, Kubernetes or an operator sets it.',
  leastDiskGiB: 64,
  mostDiskGiB: 2048,
  diskFix: 'Put data on local NVMe or a file system.',
};

/** Machines of one fabric: a scale set of one placement group, which takes 100, and 300 where Azure raises it. @see https://learn.microsoft.com/en-us/azure/virtual-machines/setup-infiniband */
export const SCALE_SET_NODES = { usual: 100, raised: 300 } as const;

/** Adds everything that is wrong in the props of a pool; whether they have the right kinds. */
export function checkNodePool(problems: Problems, name: string, props: AcceleratorNodePoolProps): boolean {
  if (!fits(problems, props, NODE_POOL)) return false;
  const { machine, cluster, capacity = Capacity.onDemand(), bootDiskGiB, zone, infinibandFeature } = props;
  checkCluster(problems, 'cluster', cluster);
  checkAksPoolName(problems, name);
  checkPoolLabels(problems, props.labels, RULES);
  checkZone(problems, 'zone', zone);
  checkMachine(problems, props);
  checkCapacity(problems, machine, capacity);
  checkVersion(problems, 'cluster.version', cluster.version, machine);
  checkInfinibandFeature(problems, machine, infinibandFeature);
  checkPlacement(problems, props);
  checkNodes(problems, props);
  checkBootDisk(problems, bootDiskGiB, RULES);
  return true;
}

function checkMachine(
  problems: Problems,
  { machine, driver = GpuDriver.GPU_OPERATOR }: AcceleratorNodePoolProps,
): void {
  checkWholeAccelerators(problems, machine);
  if (machine.spec.gpuDriver.includes(driver)) return;
  problems.add({
    code: 'ChoiceUnknown',
    prop: 'driver',
    allowed: `GpuDriver.GPU_OPERATOR for ${machine.name}: AKS has no driver for it`,
    got: driver,
    fix: 'Leave it out.',
  });
}

function checkNodes(problems: Problems, { machine, nodes }: AcceleratorNodePoolProps): void {
  const most = machine.infiniband ? SCALE_SET_NODES.raised : MOST_NODES;
  const why = machine.infiniband ? ': one pool is one InfiniBand fabric' : '';
  checkPoolNodes(problems, nodes, most, `${machine.name}${why}`);
}

/** Adds a problem where the name of a pool is none that AKS takes. */
export function checkAksPoolName(problems: Problems, name: string): void {
  checkPoolName(problems, name, RULES);
}
