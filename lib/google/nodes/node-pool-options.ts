import type { ITerraformDependable } from 'cdktf';
import type { Capacity } from '../capacity/capacity';
import type { IGkeCluster } from '../cluster/cluster-source';
import type { GoogleMachine } from '../machine/machine';
import type { AcceleratorNetworks } from '../network/accelerator-networks';
import type { IEncryptionKey } from '../operations/encryption-key';
import { GOOGLE_NVL72_MACHINES } from '../../core/catalog/google-machines';
import type { ProblemCollector } from '../../core/errors';
import { checkPoolNodes, checkWholeAccelerators } from '../../terraform/pool-checks';
import { type TpuSlice, tpuSlice } from '../machine/tpu-topology';
import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { regionOf } from '../props/location';
import { ComputeResourcePolicy, type ContainerNodePoolConfig } from '../provider/google';

/** Who installs the NVIDIA driver. A change replaces the node pool. */
export enum GpuDriver {
  /** GKE, in the version that it recommends for its release. */
  DEFAULT = 'DEFAULT',
  /** GKE, in the newest version that it offers. */
  LATEST = 'LATEST',
  /** You, for example with the GPU operator or a DaemonSet. */
  NONE = 'INSTALLATION_DISABLED',
}

/** Rarely used settings of accelerator nodes. */
export interface NodeOptions {
  /** VPC networks of the additional network interfaces. @default - none, for a machine that needs none */
  readonly networks?: AcceleratorNetworks;
  /** Who installs the NVIDIA driver. Not for TPUs. @default GpuDriver.DEFAULT */
  readonly driver?: GpuDriver;
  /** Size of the boot disk, 50 to 65536 GiB. @default 200 */
  readonly bootDiskGiB?: number;
  /** Key for the boot disks. @default - keys that Google manages */
  readonly bootDiskKey?: IEncryptionKey;
  /** Whether containers start before their image is fully pulled. @default true */
  readonly imageStreaming?: boolean;
  /** Name of one disk image with container images or models that nodes start with, for example `global/images/weights`. @default - none */
  readonly preloadedImages?: readonly string[];
  /** Additional Kubernetes labels. @default - only the labels of the library */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Options for accelerator nodes of one machine type. */
export interface AcceleratorNodeOptions {
  /** Machine type of every node, for example `GoogleMachine.A3_ULTRAGPU_8G`. */
  readonly machine: GoogleMachine;
  /** Number of nodes: 1 to 1,000, or 18 in an NVL72 domain. @default - the nodes of the topology for TPUs; GPUs have no default */
  readonly nodes?: number;
  /** Topology of a TPU slice, for example `4x4x8`. One node pool is one slice. @default - the only topology of the machine */
  readonly topology?: string;
  /** How the nodes are bought. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
}

/** Properties for `AcceleratorNodePool`. */
export interface AcceleratorNodePoolProps extends AcceleratorNodeOptions, NodeOptions {
  /** Cluster that the nodes join. */
  readonly cluster: IGkeCluster;
  /** Zone of the nodes, in the region of the cluster. An accelerator network never spans zones. */
  readonly zone: string;
  /** Email of the service account of the nodes. @default - a new account that can write logs and metrics and pull images */
  readonly serviceAccount?: string;
  /** Name of the node pool: 1 to 40 lower-case letters, digits and hyphens. @default - the id of the construct, in lower case */
  readonly name?: string;
  /** Group that queues count the nodes in. Several pools can form one group, for example equal slices. @default - the name of the node pool */
  readonly group?: string;
  /**
   * Minimum number of nodes. The autoscaler adds nodes, up to `nodes`, when a pod waits, and removes empty nodes.
   *
   * @default - 0 for spot and flex-start, which supports no other value; all nodes for other capacity
   */
  readonly minNodes?: number;
  /** Whether nodes are placed close to each other. Not every machine and capacity supports `true`. @default - true if the machine and the capacity support it */
  readonly compactPlacement?: boolean;
  /**
   * ComputeClass that chooses between this pool and others. The nodes get its label and its taint, and only pods that select it run there.
   *
   * @default - none
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/about-custom-compute-classes
   */
  readonly computeClass?: string;
  /** Resources that must exist before the nodes. @default - only the resources that the nodes refer to */
  readonly after?: readonly ITerraformDependable[];
}

/** Maximum number of nodes of a pool in a zone. Source: https://cloud.google.com/kubernetes-engine/quotas; read 2026-11-26. */
export const MAX_NODES = 1000;

/** The size of a node pool. */
export interface PoolSize {
  /** Number of nodes. */
  readonly nodes: number;
  /** TPU slice that the nodes form. @default - the nodes have GPUs */
  readonly slice?: TpuSlice;
}

/** Returns the size of a pool, or adds a problem if it is invalid. */
export function sizeOf(
  problems: ProblemCollector,
  props: AcceleratorNodePoolProps,
  nodeOptions: ProblemCollector,
): PoolSize | undefined {
  return props.machine.isTpu ? tpuSize(problems, props, nodeOptions) : gpuSize(problems, props);
}

function tpuSize(
  problems: ProblemCollector,
  { machine, topology, nodes, driver }: AcceleratorNodePoolProps,
  nodeOptions: ProblemCollector,
): PoolSize | undefined {
  const slice = tpuSlice(problems, machine, topology);
  if (driver !== undefined) {
    nodeOptions.add({
      code: 'ChoiceUnknown',
      prop: 'driver',
      allowed: `left out for ${machine.name}, which has TPUs`,
      got: driver,
      fix: 'Remove it.',
    });
  }
  if (!slice) return undefined;
  // A pool can have any number of single-host slices.
  if (slice.nodes === 1) return sized(problems, nodes ?? 1, MAX_NODES, machine.name, slice);
  if (nodes === undefined || nodes === slice.nodes) return { nodes: slice.nodes, slice };
  const allowed = `undefined or ${slice.nodes} for a ${slice.topology} slice of ${machine.name}`;
  problems.add({
    code: 'TpuTopology',
    prop: 'nodes',
    allowed,
    got: nodes,
    fix: 'Create a node pool for each slice.',
  });
  return undefined;
}

function gpuSize(
  problems: ProblemCollector,
  { machine, topology, nodes }: AcceleratorNodePoolProps,
): PoolSize | undefined {
  if (topology !== undefined) {
    problems.add({
      code: 'TpuTopology',
      prop: 'topology',
      allowed: `left out for ${machine.name}, which has GPUs`,
      got: topology,
      fix: 'Remove it.',
    });
  }
  checkWholeAccelerators(problems, machine);
  const domain = machine.spec.placement === '1x72';
  const max = domain ? GOOGLE_NVL72_MACHINES : MAX_NODES;
  return sized(problems, nodes, max, `${machine.name}${domain ? ', where one pool is one NVL72 domain' : ''}`);
}

function sized(
  problems: ProblemCollector,
  nodes: number | undefined,
  max: number,
  why: string,
  slice?: TpuSlice,
): PoolSize | undefined {
  return checkPoolNodes(problems, nodes, max, why) ? { nodes, slice } : undefined;
}

/** The topology of an NVL72 domain in a workload policy. */
const NVL72_TOPOLOGY = '1x72';

/** Properties of a placement. */
export interface PlacementProps {
  /** Machine type of the nodes. */
  readonly machine: GoogleMachine;
  /** How the nodes are bought. */
  readonly capacity: Capacity;
  /** Zone of the nodes. */
  readonly zone: string;
  /** TPU slice that the nodes form. @default - the nodes have GPUs */
  readonly slice?: TpuSlice;
  /** Whether nodes are placed close to each other if possible. @default true */
  readonly compactPlacement?: boolean;
}

/**
 * The placement of nodes. GPU nodes use compact placement if the machine and the capacity support it. NVL72 domains and TPU7x slices use a workload
 * policy. Other TPU slices use their topology.
 */
export class Placement extends Construct {
  /** Placement policy of the node pool. @default - none; Google Cloud places the nodes */
  public readonly config: ContainerNodePoolConfig['placementPolicy'];
  /** Workload policy. @default - none */
  public readonly policy?: ComputeResourcePolicy;

  constructor(scope: Construct, id: string, props: PlacementProps) {
    super(scope, id);
    checkProviders(this);
    const topology = workloadTopology(props);
    if (topology === undefined) {
      this.config = simplePlacement(props);
      return;
    }
    this.policy = new ComputeResourcePolicy(this, 'Policy', {
      name: physicalName(this),
      region: regionOf(props.zone),
      workloadPolicy: { type: 'HIGH_THROUGHPUT', acceleratorTopology: topology },
    });
    // The API returns an empty type for a TPU7x slice. Any other value would replace the pool in every apply.
    this.config = { type: props.slice ? '' : 'COMPACT', policyName: this.policy.name };
  }
}

function workloadTopology({ machine, slice }: PlacementProps): string | undefined {
  if (slice?.placement === 'workload') return slice.topology;
  return machine.spec.placement === '1x72' ? NVL72_TOPOLOGY : undefined;
}

function simplePlacement({
  machine,
  capacity,
  slice,
  compactPlacement: compact = true,
}: PlacementProps): ContainerNodePoolConfig['placementPolicy'] {
  if (slice) return slice.placement && { type: 'COMPACT', tpuTopology: slice.topology };
  return compact && supportsCompactPlacement(machine, capacity) ? { type: 'COMPACT' } : undefined;
}

/**
 * Whether nodes support compact placement. Reserved machines already have a place. Flex-start supports it only on RDMA machines, and never if it is
 * queued.
 */
export function supportsCompactPlacement(machine: GoogleMachine, { market, isQueued }: Capacity): boolean {
  if (machine.spec.placement !== 'compact' || market === 'reservation' || isQueued) return false;
  return market !== 'flex-start' || machine.spec.transport === 'RoCE';
}
