import type { ITerraformDependable } from 'cdktf';
import type { Capacity } from '../capacity/capacity';
import type { IGkeCluster } from '../cluster/gke-cluster';
import type { GoogleMachine } from '../machine/machine';
import type { AcceleratorNetworks } from '../network/accelerator-networks';

/** Who installs the NVIDIA driver. A change replaces the pool. */
export enum GpuDriver {
  /** GKE, in the version that it recommends for its release. */
  DEFAULT = 'DEFAULT',
  /** GKE, in the newest version that it has. */
  LATEST = 'LATEST',
  /** Nobody: the GPU operator, or a DaemonSet of your own. */
  NONE = 'INSTALLATION_DISABLED',
}

/** What a pool of accelerator nodes is, whichever cluster it joins. */
export interface AcceleratorNodePoolOptions {
  /** The machine that every node is, e.g. `GoogleMachine.A3_ULTRAGPU_8G`. */
  readonly machine: GoogleMachine;
  /** Number of nodes: 1 to 1,000, 18 in an NVL72 domain. @default - those of the topology, for TPUs; GPUs have no default */
  readonly nodes?: number;
  /** Topology of a TPU slice, e.g. `4x4x8`: one pool is one slice. @default - the only one that the machine forms */
  readonly topology?: string;
  /** How the nodes are bought. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Networks of the further interfaces. @default - none, for a machine that needs none */
  readonly networks?: AcceleratorNetworks;
  /** @default GpuDriver.DEFAULT */
  readonly driver?: GpuDriver;
  /** Size of the boot disk, 50 to 65536 GiB. @default 200 */
  readonly bootDiskGiB?: number;
  /** Id of the Cloud KMS key of the boot disks; Compute Engine's service agent must be allowed to use it. @default - Google's keys */
  readonly bootDiskKey?: string;
  /** Whether images start while they still load. @default true */
  readonly imageStreaming?: boolean;
  /** Name of the one disk image with container images or models that nodes start with, e.g. `global/images/weights`. @default - none */
  readonly preloadedImages?: readonly string[];
  /** Further Kubernetes labels. @default - only the library's own */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Properties for `AcceleratorNodePool`. */
export interface AcceleratorNodePoolProps extends AcceleratorNodePoolOptions {
  /** The cluster to join. */
  readonly cluster: IGkeCluster;
  /** The zone of the nodes, in the region of the cluster: a fabric never crosses zones. */
  readonly zone: string;
  /** Email of the service account of the nodes. @default - a new one, that may write logs and metrics and pull images */
  readonly serviceAccount?: string;
  /** Name of the pool: 1 to 40 lower-case letters, digits and hyphens. @default - the id of the construct, in lower case */
  readonly name?: string;
  /** The group that queues count the nodes in: several pools may be one, as equal slices are. @default - the name of the pool */
  readonly group?: string;
  /**
   * Nodes that always stand in a pool that follows the work: more come, up to `nodes`, when a pod waits, and go when they are empty.
   *
   * @default - none with spot and flex-start, which takes no other number; in other capacity all nodes stand
   */
  readonly leastNodes?: number;
  /** Whether machines stand near each other, which nodes that do not talk to each other need not. `true` is refused where machine or capacity take it not. @default true, where they take it */
  readonly compact?: boolean;
  /**
   * The ComputeClass that chooses between this pool and others: the nodes carry its label and its taint, and only pods that select it come.
   *
   * @default - none chooses
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/about-custom-compute-classes
   */
  readonly computeClass?: string;
  /** What must stand before the nodes, e.g. the right to use the key of their disks. @default - only what they refer to */
  readonly after?: readonly ITerraformDependable[];
}
