import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Capacity } from '../capacity/capacity';
import type { IGkeCluster } from '../cluster/cluster-source';
import type { GoogleMachine } from '../machine/machine';
import type { TpuSlice } from '../machine/tpu-topology';
import type { AcceleratorNetwork, AcceleratorNetworks } from '../network/accelerator-networks';
import { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { AcceleratorNodeOptions, NodeOptions } from '../nodes/node-pool-options';
import { ProblemCollector } from '../../core/errors';
import { draRequirement } from '../../kubernetes/compute-domain';
import { checkComputeClass } from '../nodes/compute-class';
import type { Taint } from '../../kubernetes';
import { checkAdditionalGroups, MAIN_GROUP } from '../../kubernetes/training-objects';
import { checkMachineSize } from '../machine/machine-size';
import { checkedSize, checkFallback } from '../nodes/node-pool-checks';
import { groupsOf, type ResolvedProps, withDefaults } from './training-cluster';
import { ChosenStorage, declaredStorage } from '../../core/planning/storage/open-storage';
import type { StorageContext } from '../../core/planning/layout/cluster-sizing';
import type { DeclaredStorage } from '../../core/planning/plan';
import { assertProps, required, brand } from '../../core/prop-schema';
import type { IMlNetwork } from '../network/network-attributes';
import { type ILustreFileSystem, LustreFileSystem, LUSTRE_GRID } from '../storage/lustre-file-system';
import { STORAGE_SIZING } from '../../core/prop-schemas';
import { LUSTRE_FILE_SYSTEM } from '../prop-schemas';

/** Options for a group of equal nodes of a training cluster. */
export interface TrainingGroupOptions extends AcceleratorNodeOptions {
  /** Number of equal TPU slices. Each is a node pool, and jobs can span them over the data center network. @default 1 */
  readonly slices?: number;
  /**
   * Rarely used settings of the nodes.
   *
   * @default - groups of one machine type share new `networks`; the boot disks use the key of a new cluster
   */
  readonly nodeOptions?: NodeOptions;
}

/** Properties for `TrainingGroup`. */
export interface TrainingGroupProps extends TrainingGroupOptions {
  /** Cluster that the nodes join. */
  readonly cluster: IGkeCluster;
  /** Zone of the nodes. */
  readonly zone: string;
  /** Email of the service account of the nodes. */
  readonly serviceAccount: string;
  /** Name of the group. */
  readonly name: string;
  /** Resources that must exist before the nodes. @default - only the resources that the nodes refer to */
  readonly after?: readonly ITerraformDependable[];
}

/** A group of equal nodes that a queue counts together: one node pool, or one for each TPU slice. */
export class TrainingGroup extends Construct {
  /** Name of the group. */
  public readonly name: string;
  /** Node pools of the group. */
  public readonly pools: readonly [AcceleratorNodePool, ...AcceleratorNodePool[]];
  /** Node pool for jobs while no spot machine is available. @default - the capacity has no fallback */
  public readonly fallback?: AcceleratorNodePool;
  /** ComputeClass that fills the node pool before its fallback. @default - the capacity has no fallback */
  public readonly computeClass?: string;
  /** Maximum number of nodes that run at once. */
  public readonly nodes: number;

  constructor(scope: Construct, id: string, props: TrainingGroupProps) {
    super(scope, id);
    const { slices = 1, name, nodeOptions, capacity, ...others } = props;
    const fallback = capacity?.fallback;
    this.name = name;
    this.computeClass = fallback && name;
    const pool = { ...others, ...nodeOptions, group: name, computeClass: this.computeClass };
    const first = fallback ? Capacity.spot() : capacity;
    this.pools = Array.from({ length: slices }, (_, index) => {
      const poolName = slices > 1 ? `${name}-${index}` : name;
      return new AcceleratorNodePool(this, `Pool${index}`, { ...pool, capacity: first, name: poolName });
    }) as unknown as typeof this.pools;
    if (fallback) {
      const name = fallbackOf(this.name);
      this.fallback = new AcceleratorNodePool(this, 'Fallback', { ...pool, capacity: fallback, name, minNodes: 0 });
    }
    this.nodes = this.pools.reduce((sum, one) => sum + one.nodes, 0);
  }

  /** Machine type of the nodes. */
  get machine(): GoogleMachine {
    return this.pools[0].machine;
  }

  /** How the nodes are bought. */
  get capacity(): Capacity {
    return this.pools[0].capacity;
  }

  /** Zone of the nodes. */
  get zone(): string {
    return this.pools[0].zone;
  }

  /** TPU slice that the nodes of each pool form. @default - the nodes have GPUs */
  get slice(): TpuSlice | undefined {
    return this.pools[0].slice;
  }

  /** Additional taints of the nodes. */
  get extraTaints(): readonly Taint[] {
    return this.pools[0].extraTaints;
  }

  /** VPC networks of the additional network interfaces. */
  get networks(): readonly AcceleratorNetwork[] {
    return this.pools[0].networks;
  }
}

/** Name of the fallback pool of a group. */
function fallbackOf(group: string): string {
  return `${group}-fallback`;
}

/** Maximum number of slices in a group, a limit of this library. The GKE autoscaler slows down above 200 node pools. @see https://cloud.google.com/kubernetes-engine/docs/how-to/node-auto-provisioning */
const MAX_SLICES = 100;
/** First Kubernetes version that enables dynamic resource allocation by default. NVLink across nodes requires it. */
const DRA_VERSION = '1.34';

/** Adds each problem of the groups of a training cluster: of each group, of their names, and between groups. */
export function checkGroups(problems: ProblemCollector, props: ResolvedProps): void {
  for (const [name, group] of Object.entries(groupsOf(props))) {
    const within = name === MAIN_GROUP ? problems : problems.within(`groups.${name}`);
    checkGroup(within, name, group, props);
  }
  checkAdditionalGroups(problems, props.groups);
  checkPoolNames(problems, props);
  checkNames(problems, props);
}

function checkGroup(problems: ProblemCollector, name: string, group: TrainingGroupOptions, props: ResolvedProps): void {
  const { zone } = props;
  const { machine, slices = 1, nodeOptions, capacity, ...options } = group;
  const cluster = withDefaults(props).cluster.planned(zone);
  checkedSize(
    problems,
    namesOf(name, group).at(-1)!,
    {
      ...options,
      capacity: capacity?.fallback ? Capacity.spot() : capacity,
      ...nodeOptions,
      machine,
      networks: nodeOptions?.networks ?? plannedNetworks(machine, zone),
      zone,
      cluster,
    },
    problems.within('nodeOptions'),
  );
  if (!(Number.isInteger(slices) && slices >= 1 && slices <= (machine.isTpu ? MAX_SLICES : 1))) {
    problems.add({
      code: 'TpuTopology',
      prop: 'slices',
      allowed: machine.isTpu
        ? `a whole number from 1 to ${MAX_SLICES}`
        : `left out for ${machine.name}, which has GPUs`,
      got: slices,
      fix: machine.isTpu ? 'Split the slices over several clusters.' : 'Remove `slices`.',
    });
  }
  checkFallback(problems, machine, capacity);
  checkMachineSize(problems, machine, 'pods use whole nodes');
  checkDomain(problems, group, cluster.kubernetesVersion);
  checkComputeClass(problems, capacity, cluster.kubernetesVersion);
}

/** The networks that the cluster creates for its groups. */
function plannedNetworks(machine: GoogleMachine, zone: string): AcceleratorNetworks | undefined {
  return machine.furtherInterfaces > 0 ? ({ machine, zone, networks: [] } as object as AcceleratorNetworks) : undefined;
}

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/ */
function checkDomain(problems: ProblemCollector, { machine }: TrainingGroupOptions, version: string | undefined): void {
  if (machine.spec.placement !== '1x72' || version === undefined) return;
  const [, minor = 0] = version.split('.').map(Number);
  if (minor >= Number(DRA_VERSION.split('.')[1])) return;
  problems.add({
    code: 'GkeVersion',
    prop: 'cluster.kubernetesVersion',
    allowed: draRequirement(DRA_VERSION, machine.name),
    got: version,
    fix: 'Leave `kubernetesVersion` out.',
  });
}

/** Each slice is a node pool, and a new cluster has a pool for the system. The names of all of them must differ. */
function checkPoolNames(problems: ProblemCollector, props: ResolvedProps): void {
  const taken = new Map<string, string>();
  if (!withDefaults(props).cluster.existing) taken.set(SYSTEM_POOL, 'the system nodes');
  for (const [group, options] of Object.entries(groupsOf(props))) {
    const names = namesOf(group, options);
    const duplicate = names.find((name) => taken.has(name));
    if (duplicate === undefined) {
      for (const name of names) taken.set(name, `the group '${group}'`);
      continue;
    }
    problems.add({
      code: 'GroupDuplicate',
      prop: `groups.${group}`,
      allowed: `a name other than ${duplicate}, the node pool of ${taken.get(duplicate)!}`,
      got: group,
      fix: 'Rename the group.',
    });
  }
}

/** Names of the node pools of a group. */
function namesOf(group: string, { slices = 1, capacity }: TrainingGroupOptions): string[] {
  const names = slices > 1 ? Array.from({ length: slices }, (_, index) => `${group}-${index}`) : [group];
  return capacity?.fallback ? [...names, fallbackOf(group)] : names;
}

/** Name of the node pool that a new cluster has for controllers. */
const SYSTEM_POOL = 'system';

/** Pods request additional networks by name, and two machine types use the same names. */
function checkNames(problems: ProblemCollector, props: ResolvedProps): void {
  const [first, ...others] = Object.entries(groupsOf(props)).filter(([, { machine }]) => machine.furtherInterfaces > 0);
  for (const [name, { machine }] of others) {
    if (machine.name === first![1].machine.name) continue;
    problems.add({
      code: 'ClusterOption',
      prop: `groups.${name}.machine`,
      allowed: `${first![1].machine.name} or a machine without additional networks, because two machine types would use the same network names`,
      got: machine.name,
      fix: 'Create a separate cluster for this machine.',
    });
  }
}

/** Options for a new file system. Settings you leave out are sized for the job, or for the nodes without a job. */
export interface LustreStorageOptions {
  /** Size in GiB, in the steps of its tier. It can grow but never shrink. @default - derived from the job, or 1200 GiB for each node */
  readonly sizeGiB?: number;
  /** Throughput for each TiB: 125, 250, 500 or 1000 MB/s. It can never change. @default - the cheapest tier for the job, or 500 without a job */
  readonly throughputMBpsPerTiB?: number;
  /** Total throughput that all nodes need, in MB/s. @default - derived from the size */
  readonly requiredThroughputMBps?: number;
}

/**
 * The parallel file system of a training cluster: a new one, an existing one, or none.
 *
 * @example
 * ```ts
 * import { TrainingStorage } from 'ai-infra-constructs/google';
 *
 * const storage = TrainingStorage.lustre({ sizeGiB: 18_000, throughputMBpsPerTiB: 500 });
 * ```
 */
export class TrainingStorage extends ChosenStorage<LustreStorageOptions, ILustreFileSystem> {
  /** A new Managed Lustre file system in the zone of the nodes. */
  static lustre(options: LustreStorageOptions = {}): TrainingStorage {
    assertProps(options, STORAGE_SIZING, { name: 'options' });
    return new TrainingStorage(options, undefined);
  }

  /** An existing file system, in a network that is peered with the network of the nodes. */
  static fromFileSystem(fileSystem: ILustreFileSystem): TrainingStorage {
    assertProps({ fileSystem }, { fileSystem: required(LUSTRE_FILE_SYSTEM) });
    return new TrainingStorage(undefined, fileSystem);
  }

  /** No file system. Training reads and writes object storage. */
  static none(): TrainingStorage {
    return new TrainingStorage(undefined, undefined);
  }

  /** @internal The file system for the planner; nothing if its size or throughput is unknown or invalid. */
  given(context: StorageContext): DeclaredStorage | undefined {
    if (this.options) return LUSTRE_GRID.check(new ProblemCollector(), LUSTRE_GRID.sized(this.options, context));
    return declaredStorage(this.fileSystem);
  }

  /** @internal Adds each problem that the service would report. */
  check(problems: ProblemCollector, context: StorageContext): void {
    if (this.options) LUSTRE_GRID.check(problems, LUSTRE_GRID.sized(this.options, context));
  }

  /** @internal The existing file system, or a new one below `scope`. */
  provide(
    scope: Construct,
    id: string,
    context: StorageContext,
    place: { readonly network: IMlNetwork; readonly zone: string } | undefined,
  ): ILustreFileSystem | undefined {
    if (!this.options) return this.fileSystem;
    return new LustreFileSystem(scope, id, { ...place!, ...LUSTRE_GRID.sized(this.options, context) });
  }
}

brand(TrainingStorage, 'google.TrainingStorage');
