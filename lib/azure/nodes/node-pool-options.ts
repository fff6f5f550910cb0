import type { ITerraformDependable } from 'cdktf';
import { AzureMarket, Capacity, checkCapacity } from '../capacity/capacity';
import { type IAksCluster, checkCluster } from '../cluster/cluster-source';
import type { AzureMachine } from '../machine/machine';
import { type InfinibandFeature, checkInfinibandFeature } from './infiniband-feature';
import type { ProblemCollector } from '../../core/errors';
import {
  checkNodeRange,
  checkBootDisk,
  checkPoolLabels,
  checkPoolName,
  checkPoolNodes,
  checkWholeAccelerators,
  type PoolRules,
} from '../../terraform/pool-checks';
import {
  DRA_AGENT_LABEL,
  INFINIBAND_RESOURCE,
  type KubeletOptions,
  OPERANDS_LABEL,
  POOL_LABEL,
  type Taint,
} from '../../kubernetes';
import { checkNodeSettings } from './node-settings';
import { isWithin } from '../../core/bounds';
import { validateProps } from '../../core/prop-schema';
import { isKnown } from '../../terraform/tokens';
import { checkMachineVersion, checkVersion } from '../cluster/cluster-settings';
import { checkZone } from '../props/location';
import { ACCELERATOR_NODE_POOL_PROPS } from '../prop-schemas';

/** Who installs the GPU driver. A change replaces the pool. */
export enum GpuDriver {
  /**
   * The NVIDIA GPU operator, or a driver that you install. AKS does not monitor the health of these GPUs: its checks for lost GPUs, XIDs, NVLink,
   * and InfiniBand need the AKS driver.
   */
  GPU_OPERATOR = 'None',
  /** AKS, with the version of its node image. NVIDIA only. AKS monitors the health of GPUs on some machines: see the finding `nodes/health`. */
  AKS = 'Install',
}

/** Location of the OS disk. */
export enum BootDiskType {
  /** Managed disk, encrypted with the key of the cluster. */
  MANAGED = 'Managed',
  /**
   * Temporary disk of the machine. It has no extra cost, starts faster, and must have room for `bootDiskGiB`. Its encryption key can rotate only
   * when the pool has no nodes: scale the pool to 0 before you rotate the key of the cluster.
   */
  EPHEMERAL = 'Ephemeral',
}

/** Location of container images and pod scratch data. */
export enum KubeletDisk {
  /** OS disk. */
  OS = 'OS',
  /** Temporary disk of the machine. */
  TEMPORARY = 'Temporary',
}

/** Default size of the OS disk, in GiB. */
export const BOOT_DISK_GIB = 512;

/** Node settings that most pools leave at their defaults. */
export interface NodeOptions {
  /** Who installs the GPU driver. @default GpuDriver.GPU_OPERATOR */
  readonly driver?: GpuDriver;
  /** Size of the OS disk, 64 to 2048 GiB. Images for accelerators are large. @default 512 */
  readonly bootDiskGiB?: number;
  /** Location of the OS disk. @default BootDiskType.MANAGED */
  readonly bootDiskType?: BootDiskType;
  /** Location of container images and pod scratch data. @default KubeletDisk.OS */
  readonly kubeletDisk?: KubeletDisk;
  /** Whether the host encrypts temporary disks and disk caches. The subscription needs the feature `EncryptionAtHost`. @default false */
  readonly encryptionAtHost?: boolean;
  /** Additional Kubernetes labels of the nodes. @default - only the labels of the library */
  readonly labels?: Readonly<Record<string, string>>;
  /** Additional taints of the nodes. Pods of this library tolerate them. @default - the taint of the accelerator, and that of spot nodes */
  readonly taints?: readonly Taint[];
  /**
   * Maximum number of pods on a node, up to 250. AKS reserves 20 MB of memory for each. 8 to 15 of them are agents of AKS and of this library.
   * A number without room for them and one pod more is rejected. A change replaces the pool.
   *
   * @default 250
   */
  readonly maxPodsPerNode?: number;
  /** Settings of the kubelet. A change replaces the pool. @default - the defaults of Kubernetes, and no limit of processes */
  readonly kubelet?: KubeletOptions;
  /**
   * Kernel settings by name, for example `{ 'net.core.rmem_max': '16777216' }`. A change replaces the pool. azurerm
   * always sends `net.ipv4.tcp_tw_reuse` with other settings: 0 unless you set it, instead of 2, the default of the image.
   *
   * @default - the defaults of the node image
   * @see https://learn.microsoft.com/en-us/azure/aks/custom-node-configuration-reference
   */
  readonly sysctls?: Readonly<Record<string, string>>;
}

/** Options for accelerator nodes of one machine type. */
export interface AcceleratorNodeOptions {
  /** Machine type of every node, for example `AzureMachine.ND96ISR_H100_V5`. */
  readonly machine: AzureMachine;
  /** Number of nodes, 1 to 1,000. One InfiniBand fabric has at most 300. @default - derived from `job`; required without a job */
  readonly nodes?: number;
  /** Purchase option of the nodes. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** State of the InfiniBand feature of AKS in the subscription. Required for machines with InfiniBand. @default - the machine has no InfiniBand */
  readonly infinibandFeature?: InfinibandFeature;
  /** Whether nodes are close to each other in one zone, in a proximity placement group. Machines with InfiniBand do not need it. @default false */
  readonly compactPlacement?: boolean;
}

/** Properties for `AcceleratorNodePool`. */
export interface AcceleratorNodePoolProps extends AcceleratorNodeOptions, NodeOptions {
  /** Cluster that the nodes join. */
  readonly cluster: IAksCluster;
  /** Number of nodes: the fixed number, or the maximum if `minNodes` is lower. 1 to 1,000; one InfiniBand fabric has at most 300. */
  readonly nodes: number;
  /**
   * Number of nodes that always run. If it is lower than `nodes`, the cluster autoscaler adds and removes nodes. 0 scales from zero.
   *
   * @default - `nodes`, or 0 on spot capacity
   */
  readonly minNodes?: number;
  /** Availability zone of the nodes: `1`, `2`, or `3`. An InfiniBand fabric never spans zones. @default - none: the region has no zones, or Azure chooses */
  readonly zone?: string;
  /** Name of the pool: 1 to 12 lower-case letters and digits. @default - the construct id in lower case */
  readonly name?: string;
  /** Resources that must exist before the nodes. @default - only the resources that the nodes refer to */
  readonly after?: readonly ITerraformDependable[];
}

/** Number of nodes that always run in a pool. */
export function minNodesOf({
  minNodes,
  nodes = 0,
  capacity,
}: Pick<AcceleratorNodePoolProps, 'minNodes' | 'capacity'> & { readonly nodes?: number }): number {
  return minNodes ?? (capacity?.market === AzureMarket.SPOT ? 0 : nodes);
}

/** Nodes for DNS, queues, and controllers. */
export interface SystemNodeOptions {
  /** VM size. @default 'Standard_D8ds_v5' */
  readonly machineType?: string;
  /** Minimum number of nodes. @default 2 */
  readonly minNodes?: number;
  /** Maximum number of nodes. @default 5 */
  readonly maxNodes?: number;
  /** Whether the host encrypts temporary disks and disk caches. The subscription needs the feature `EncryptionAtHost`. @default false */
  readonly encryptionAtHost?: boolean;
}

/** Maximum number of nodes in a pool. @see https://learn.microsoft.com/en-us/azure/aks/quotas-skus-regions */
export const MAX_NODES = 1000;

const MACHINE_TYPE = 'Standard_D8ds_v5';
const [DEFAULT_MIN_NODES, DEFAULT_MAX_NODES] = [2, 5];
const DISK_GIB = 128;

/** Settings of system nodes, for the default node pool and for additional pools. */
export function systemNodes({
  machineType = MACHINE_TYPE,
  minNodes = DEFAULT_MIN_NODES,
  maxNodes = DEFAULT_MAX_NODES,
  encryptionAtHost,
}: SystemNodeOptions) {
  return {
    vmSize: machineType,
    autoScalingEnabled: true,
    minCount: minNodes,
    maxCount: maxNodes,
    osSku: 'Ubuntu',
    hostEncryptionEnabled: encryptionAtHost,
    // The key of an ephemeral disk rotates only if the pool has no nodes, but system nodes always run.
    // @see https://learn.microsoft.com/en-us/azure/aks/azure-disk-customer-managed-keys#limitations
    osDiskType: 'Managed',
    osDiskSizeGb: DISK_GIB,
    upgradeSettings: { maxSurge: '33%', drainTimeoutInMinutes: 30, nodeSoakDurationInMinutes: 0 },
  };
}

/** Adds a problem if the range of system nodes is invalid. */
export function checkSystemNodes(
  problems: ProblemCollector,
  { minNodes = DEFAULT_MIN_NODES, maxNodes = DEFAULT_MAX_NODES }: SystemNodeOptions = {},
): void {
  checkNodeRange(problems, { minNodes, maxNodes }, MAX_NODES);
}

/** Attributes that determine labels, taints, and tags of nodes. */
export interface MarkedNodes {
  readonly name: string;
  readonly machine: AzureMachine;
  readonly capacity: Capacity;
  readonly driver: GpuDriver;
  /** Additional taints. @default - none */
  readonly extraTaints?: readonly Taint[];
}

/** Label and taint that AKS adds to spot nodes. They are set explicitly so that no plan removes them. @see https://learn.microsoft.com/en-us/azure/aks/spot-node-pool */
const SPOT = { key: 'kubernetes.azure.com/scalesetpriority', value: 'spot' } as const;

/** The labels of the nodes of a pool. */
export function nodeLabels({ name, machine, capacity, driver }: MarkedNodes): Readonly<Record<string, string>> {
  return {
    [POOL_LABEL]: name,
    ...(capacity.market === AzureMarket.SPOT ? { [SPOT.key]: SPOT.value } : {}),
    ...(driver === GpuDriver.AKS ? { [OPERANDS_LABEL]: 'false' } : {}),
    ...(spansNodes(machine) ? { [DRA_AGENT_LABEL]: 'true' } : {}),
  };
}

/** Taints that reserve the nodes for accelerator workloads. */
export function nodeTaints({
  machine,
  capacity,
  extraTaints = [],
}: Pick<MarkedNodes, 'machine' | 'capacity' | 'extraTaints'>): Taint[] {
  const effect = 'NoSchedule' as const;
  return [
    { key: acceleratorResource(machine), value: 'present', effect },
    ...(capacity.market === AzureMarket.SPOT ? [{ ...SPOT, effect }] : []),
    ...extraTaints,
  ];
}

/** Kubernetes resource name of one accelerator. */
export function acceleratorResource({ chip }: AzureMachine): string {
  return chip.vendor === 'AMD' ? 'amd.com/gpu' : NVIDIA;
}

/** Whether NVLink connects accelerators of several machines. */
export function spansNodes({ rackMachines }: AzureMachine): boolean {
  return rackMachines > 1;
}

/** Tag prefix that the Kubernetes cluster autoscaler reads from a scale set. `/` becomes `_`. Source: kubernetes/autoscaler, cloudprovider/azure; read 2026-11. */
const RESOURCE_TAG = 'k8s.io_cluster-autoscaler_node-template_resources_';

/**
 * Tags that describe the resources of a node to the autoscaler, for scale from zero. The autoscaler derives only NVIDIA GPUs from the VM size.
 */
export function nodeTags({
  machine,
  capacity,
}: Pick<MarkedNodes, 'machine' | 'capacity'>): Readonly<Record<string, string>> {
  if (!capacity.isElastic) return {};
  const resource = acceleratorResource(machine);
  const counted = {
    ...(machine.infiniband && { [INFINIBAND_RESOURCE]: machine.infiniband.links }),
    ...(resource !== NVIDIA && { [resource]: machine.spec.accelerators }),
  };
  const tags = Object.entries(counted).map(([name, count]) => [
    RESOURCE_TAG + name.replaceAll('/', '_'),
    String(count),
  ]);
  return Object.fromEntries(tags) as Record<string, string>;
}

const NVIDIA = 'nvidia.com/gpu';

/** Limits of AKS. The minimum disk size is the choice of this library: images for accelerators are large. Source: Microsoft.ContainerService agentPools 2026-05-01. */
const RULES: PoolRules = {
  name: /^[a-z][a-z0-9]{0,11}$/,
  nameAllowed: '1 to 12 lower-case letters and digits, beginning with a letter',
  reservedLabels: /^(?:[a-z0-9-]+\.)*(?:kubernetes\.io|k8s\.io|azure\.com|nvidia\.com)\//,
  labelsFix: 'Use another key: the library, AKS, Kubernetes, or an operator sets this label.',
  minDiskGiB: 64,
  maxDiskGiB: 2048,
  diskFix: 'Store data on local NVMe or a file system.',
};

/** Nodes in one fabric: one scale set with one placement group. Azure can raise the limit from 100 to 300. @see https://learn.microsoft.com/en-us/azure/virtual-machines/setup-infiniband */
export const SCALE_SET_NODES = { usual: 100, raised: 300 } as const;

/** Props of a pool before its number of nodes is known. */
export type UncheckedPool = Omit<AcceleratorNodePoolProps, 'nodes'> & Pick<AcceleratorNodeOptions, 'nodes'>;

/**
 * Adds each problem in the props of a pool.
 *
 * @param options collects problems of `NodeOptions`
 * @returns whether the props have the right types
 */
export function checkNodePool(
  problems: ProblemCollector,
  name: string,
  props: UncheckedPool,
  options = problems,
): props is AcceleratorNodePoolProps {
  if (!validateProps(problems, props, ACCELERATOR_NODE_POOL_PROPS)) return false;
  const { machine, cluster, capacity = Capacity.onDemand(), bootDiskGiB, zone, infinibandFeature } = props;
  checkCluster(problems, 'cluster', cluster);
  checkAksPoolName(problems, name);
  checkPoolLabels(options, props.labels, RULES);
  checkNodeSettings(options, props);
  checkZone(problems, 'zone', zone);
  checkWholeAccelerators(problems, machine);
  checkDriver(options, props);
  checkCapacity(problems, machine, capacity);
  checkVersion(problems, 'cluster.kubernetesVersion', cluster.kubernetesVersion);
  checkMachineVersion(problems, 'cluster.kubernetesVersion', cluster.kubernetesVersion, machine);
  checkInfinibandFeature(problems, machine, infinibandFeature);
  checkPlacement(problems, props);
  checkNodes(problems, props);
  checkBootDisk(options, bootDiskGiB, RULES);
  return true;
}

function checkDriver(problems: ProblemCollector, { machine, driver = GpuDriver.GPU_OPERATOR }: UncheckedPool): void {
  if (machine.spec.gpuDriver.includes(driver)) return;
  problems.add({
    code: 'ChoiceUnknown',
    prop: 'driver',
    allowed: `GpuDriver.GPU_OPERATOR for ${machine.name}, because AKS has no driver for it`,
    got: driver,
    fix: 'Remove driver.',
  });
}

function checkNodes(problems: ProblemCollector, props: UncheckedPool): void {
  const { machine, nodes, minNodes } = props;
  const max = machine.infiniband ? SCALE_SET_NODES.raised : MAX_NODES;
  const why = machine.infiniband ? ' (one pool is one InfiniBand fabric)' : '';
  const fine = checkPoolNodes(problems, nodes, max, `${machine.name}${why}`);
  if (!fine || !isKnown(problems, 'minNodes', minNodes)) return;
  if (isWithin(minNodesOf(props), { min: 0, max: nodes })) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'minNodes',
    allowed: `a whole number from 0 to ${nodes}, the value of nodes`,
    got: minNodes,
    fix: 'Use 0 to scale from zero, or remove minNodes to run all nodes.',
  });
}

/** Adds a problem if AKS does not accept the name of a pool. */
export function checkAksPoolName(problems: ProblemCollector, name: string): void {
  checkPoolName(problems, name, RULES);
}

/**
 * Adds each contradiction between placement and capacity.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/reduce-latency-ppg
 * @see https://learn.microsoft.com/en-us/azure/aks/use-capacity-reservation-groups
 */
export function checkPlacement(problems: ProblemCollector, props: UncheckedPool): void {
  const { compactPlacement = false, machine, zone, cluster, capacity = Capacity.onDemand() } = props;
  const add = (allowed: string, fix: string) => {
    problems.add({ code: 'PlacementInvalid', prop: 'compactPlacement', allowed, got: compactPlacement, fix });
  };
  if (compactPlacement && machine.infiniband)
    add(`left out for ${machine.name}, whose scale set is always in one fabric`, 'Remove compactPlacement.');
  if (compactPlacement && zone === undefined)
    add('used together with `zone`, because a proximity placement group is in one zone', 'Set the zone of the nodes.');
  if (compactPlacement && capacity.market === AzureMarket.RESERVATION)
    add('left out with a capacity reservation', 'Remove compactPlacement, or use Capacity.onDemand().');
  if (capacity.market !== AzureMarket.RESERVATION || cluster.principalId !== undefined) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'cluster.principalId',
    allowed: 'the identity of the control plane, which becomes Contributor of the resource group of the reservation',
    got: undefined,
    fix: 'Pass a ControlPlane, or set the object id of the cluster identity.',
  });
}
