import { type EnvVar, isDnsLabel } from './manifest';
import type { ProblemCollector } from '../core/errors';
import { checkAllocatable } from './allocatable';

/** Taint of a node. It repels pods without a matching toleration. */
export interface Taint {
  /** Key of the taint. */
  readonly key: string;
  /** Value of the taint. @default - no value */
  readonly value?: string;
  /** Effect on pods that do not tolerate the taint. */
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** Toleration of a pod. It allows the pod on nodes with a matching taint. */
export interface Toleration {
  /** Key of the taint. */
  readonly key: string;
  /** Whether the value must be equal, or only the key must exist. */
  readonly operator: 'Equal' | 'Exists';
  /** Value of the taint, for the operator `Equal`. @default - no value */
  readonly value?: string;
  /** Effect of the taint. @default - all effects */
  readonly effect?: Taint['effect'];
}

/** Folder of the node that a pod mounts. */
export interface HostPath {
  /** Name of the volume. */
  readonly name: string;
  /** Path on the node. */
  readonly path: string;
  /** Path in the main container. @default - only sidecars mount the folder */
  readonly mountPath?: string;
}

/** Claim of a pod for all devices of one class on a node, with dynamic resource allocation. */
export interface DeviceClaim {
  /** Name of the claim in the pod. Must be a DNS label. */
  readonly name: string;
  /** Device class to claim. */
  readonly deviceClass: string;
  /** Number of devices per node. */
  readonly count: number;
  /** Name of the quota that Kueue counts the devices with. Chosen by this library. */
  readonly quota: string;
}

/** Files of a ConfigMap that a pod mounts as a folder. */
export interface MountedFiles {
  /** Name of the ConfigMap in the namespace of the jobs. */
  readonly configMap: string;
  /** Path in the container. */
  readonly mountPath: string;
}

/** Fields that a pod needs to use a fabric, in addition to resource requests. */
export interface FabricPod {
  /** Annotations of the pod. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Interfaces that the pod claims. Its namespace must have the claim template with this name, see `claimTemplate`. @default - none */
  readonly claim?: DeviceClaim;
  /** Folders with the libraries of the fabric. @default - the image contains them */
  readonly hostPaths?: readonly HostPath[];
  /** Files that describe the fabric. @default - none */
  readonly files?: readonly MountedFiles[];
  /** Environment variables for the fabric. @default - none */
  readonly env?: readonly EnvVar[];
  /** Whether the fabric works only on the network of the host. The pod then also uses its ports. @default false */
  readonly hostNetwork?: boolean;
  /** Capabilities of the main container, besides IPC_LOCK. @default - none */
  readonly capabilities?: readonly string[];
  /** Path of a bash script that sets more environment variables for the fabric. It is sourced before the command runs. @default - none */
  readonly profile?: string;
  /** Containers that run next to the main container and end with it. @default - none */
  readonly sidecars?: readonly Readonly<Record<string, unknown>>[];
}

/** Network between the accelerators of several nodes, as pods request it. */
export interface PoolFabric {
  /** Extended resource of one interface, for example `vpc.amazonaws.com/efa`. @default - pods do not count interfaces; `pod` lists them */
  readonly resource?: string;
  /** Number of interfaces per node. */
  readonly interfacesPerNode: number;
  /** Line rate of one node over all interfaces. */
  readonly bandwidthGbps: number;
  /** Other fields that pods need to use the fabric. @default - none */
  readonly pod?: FabricPod;
}

/** Provisioning of nodes for a job: all nodes together, or no nodes. */
export interface PoolProvisioning {
  /** Class of the ProvisioningRequest that the autoscaler supports, for example `queued-provisioning.gke.io`. */
  readonly className: string;
  /** Parameters of the class. @default - none */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Slices of a pool. Each slice has its own network between its nodes. */
export interface PoolSlices {
  /** Number of slices. */
  readonly count: number;
  /** Node label whose value identifies the slice. */
  readonly nodeLabel: string;
}

/** Group of identical accelerator nodes, described independently of the cloud. */
export interface AcceleratorPool {
  /** Name of the pool, unique in the cluster. Must be a DNS label. */
  readonly name: string;
  /** Name of the machine in its cloud, for example `p5.48xlarge`. Used to look up published measurements. @default - unknown */
  readonly machine?: string;
  /** Number of nodes. */
  readonly nodes: number;
  /** Extended resource of one accelerator, for example `nvidia.com/gpu` or `aws.amazon.com/neuron`. */
  readonly acceleratorResource: string;
  /** Number of accelerators per node. */
  readonly acceleratorsPerNode: number;
  /** Vendor of the accelerator, for example `NVIDIA` or `AWS`. */
  readonly acceleratorVendor: string;
  /** Number of vCPUs per node. */
  readonly vcpus: number;
  /** Memory per node. */
  readonly memoryGiB: number;
  /**
   * Memory per node that jobs cannot request, in MiB: of the hypervisor, the kubelet, and the agents. Huge pages are counted separately.
   *
   * @default - 10% of the memory
   */
  readonly reservedMemoryMiB?: number;
  /** Fabric between the nodes. @default - no fabric */
  readonly fabric?: PoolFabric;
  /** Number of huge pages of 2 MiB that each node reserves at boot. @default 0 */
  readonly hugepages2MiB?: number;
  /** Labels of the nodes in addition to those of `nodeLabelsOf`. */
  readonly nodeLabels: Readonly<Record<string, string>>;
  /** Taints of the nodes. */
  readonly taints: readonly Taint[];
  /** Purchase option of the nodes. @default 'on-demand' */
  readonly market?: 'spot' | 'on-demand' | 'reserved';
  /**
   * Node labels that describe the network distance between nodes, outermost level first. Kueue then places jobs on nodes that are close
   * to each other. It only uses nodes that already exist, so such a pool must not scale from zero.
   *
   * @default - all nodes are equally close
   */
  readonly topologyLevels?: readonly string[];
  /** Whether one scale-up domain spans several nodes, for example NVLink on GB200. @default false */
  readonly multiNodeScaleUp?: boolean;
  /** Provisioning of all nodes of a job together. @default - nodes always run, or are added one by one */
  readonly provisioning?: PoolProvisioning;
  /** Slices of the pool. @default - no slices */
  readonly slices?: PoolSlices;
}

/** Mount paths of every job: the shared memory of its processes, and the shared file system. */
export const NODE_MOUNTS: readonly string[] = ['/dev/shm', '/shared'];

/** Node label that identifies the pool. The cloud must set it on the nodes. Charts and queues select nodes by it. */
export const POOL_LABEL = 'ai-infra/pool';

/** Default labels of system nodes, which controllers select. */
export const SYSTEM_LABELS: Readonly<Record<string, string>> = { 'ai-infra/role': 'system' };

/** Node label with the name of the node, the innermost level of every topology. */
export const HOSTNAME_LABEL = 'kubernetes.io/hostname';

/** Returns all labels that the nodes of a pool must have. */
export function nodeLabelsOf(pool: AcceleratorPool): Readonly<Record<string, string>> {
  return { ...pool.nodeLabels, [POOL_LABEL]: pool.name };
}

/** Returns a command that first sources the profile script of the fabric, if there is one. */
export function withProfile({ fabric }: AcceleratorPool, command: readonly string[]): string[] {
  const profile = fabric?.pod?.profile;
  return profile === undefined ? [...command] : ['bash', '-c', `. ${profile} && exec "$@"`, 'bash', ...command];
}

/** Returns the tolerations for the taints of the pools without duplicates. */
export function tolerationsOf(pools: readonly AcceleratorPool[]): Toleration[] {
  const tolerations = pools.flatMap(({ taints }) => taints).map(tolerationOf);
  return [...new Map(tolerations.map((toleration) => [JSON.stringify(toleration), toleration])).values()];
}

function tolerationOf({ key, value, effect }: Taint): Toleration {
  return value === undefined ? { key, operator: 'Exists', effect } : { key, operator: 'Equal', value, effect };
}

// The ResourceFlavor of Kueue v1beta2 supports 8 labels and 8 tolerations. This library uses one of the labels.
const MAX_LABELS = 7;
const MAX_TAINTS = 8;
const MAX_NODES = 100_000;

/** Maximum number of pools of a queue: a resource group of Kueue v1beta2 supports 64 flavors. */
export const MAX_POOLS = 64;

/** Adds problems for the pools: invalid or duplicate names, invalid counts, and more labels or taints than a queue supports. */
export function checkPools(problems: ProblemCollector, pools: readonly AcceleratorPool[]): void {
  if (pools.length === 0) {
    problems.add({
      code: 'GroupsMissing',
      prop: 'pools',
      allowed: 'a list of at least one pool',
      got: pools,
      fix: 'Add the accelerator pools of the cluster.',
    });
  }
  pools.forEach((pool, index) => checkPool(problems.within(`pools[${index}]`), pool));
  const names = pools.map(({ name }) => name);
  for (const name of new Set(names.filter((candidate, index) => names.indexOf(candidate) !== index))) {
    problems.add({
      code: 'GroupDuplicate',
      prop: 'pools',
      allowed: 'pools with unique names',
      got: name,
      fix: 'Rename one of them.',
    });
  }
}

/** Adds problems for one pool. */
export function checkPool(problems: ProblemCollector, pool: AcceleratorPool): void {
  if (!isDnsLabel(pool.name)) {
    problems.add({
      code: 'GroupName',
      prop: 'name',
      allowed: 'a DNS label: at most 63 lowercase letters, digits or "-"',
      got: pool.name,
      fix: 'Rename the pool.',
    });
  }
  const whole = (prop: string, value: number | undefined, min: number, max = Number.MAX_SAFE_INTEGER) => {
    if (value === undefined || (Number.isSafeInteger(value) && value >= min && value <= max)) return;
    const allowed =
      max < Number.MAX_SAFE_INTEGER ? `a whole number from ${min} to ${max}` : `a whole number of at least ${min}`;
    problems.add({
      code: 'PoolInvalid',
      prop,
      allowed,
      got: value,
      fix: 'Set the count of one node.',
    });
  };
  whole('nodes', pool.nodes, 1, MAX_NODES);
  whole('acceleratorsPerNode', pool.acceleratorsPerNode, 1);
  whole('fabric.interfacesPerNode', pool.fabric?.interfacesPerNode, 1);
  whole('hugepages2MiB', pool.hugepages2MiB, 0);
  const positive = (prop: string, value: number | undefined) => {
    if (value === undefined || (Number.isFinite(value) && value > 0)) return;
    problems.add({
      code: 'PoolInvalid',
      prop,
      allowed: 'a positive number',
      got: value,
      fix: 'Use the value in the data sheet of the machine.',
    });
  };
  positive('vcpus', pool.vcpus);
  positive('memoryGiB', pool.memoryGiB);
  positive('reservedMemoryMiB', pool.reservedMemoryMiB);
  positive('fabric.bandwidthGbps', pool.fabric?.bandwidthGbps);
  checkSelection(problems, pool);
  checkAllocatable(problems, 'vcpus', pool);
}

function checkSelection(
  problems: ProblemCollector,
  { taints, nodeLabels, topologyLevels = [] }: AcceleratorPool,
): void {
  if (taints.length > MAX_TAINTS) {
    problems.add({
      code: 'PoolInvalid',
      prop: 'taints',
      allowed: `a list of at most ${MAX_TAINTS} taints, the limit of a queue`,
      got: taints.length,
      fix: 'Combine some of the taints.',
    });
  }
  if (Object.keys(nodeLabels).length > MAX_LABELS) {
    problems.add({
      code: 'PoolInvalid',
      prop: 'nodeLabels',
      allowed: `at most ${MAX_LABELS} labels, the limit of a queue`,
      got: Object.keys(nodeLabels).length,
      fix: 'Remove labels that do not distinguish pools.',
    });
  }
  const hostname = topologyLevels.indexOf(HOSTNAME_LABEL);
  const ordered = hostname === -1 || hostname === topologyLevels.length - 1;
  if (!ordered || new Set(topologyLevels).size < topologyLevels.length || topologyLevels.length > 15) {
    problems.add({
      code: 'TopologyLevels',
      prop: 'topologyLevels',
      allowed: `at most 15 unique node labels, with ${HOSTNAME_LABEL} only in the last position`,
      got: topologyLevels,
      fix: 'List the labels from the outermost level to the innermost level.',
    });
  }
}
