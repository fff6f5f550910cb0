import type { ITerraformDependable } from 'cdktf';
import type { Capacity } from '../capacity/capacity';
import type { IGkeCluster } from '../cluster/gke-cluster';
import type { GoogleMachine } from '../machine/machine';
import type { AcceleratorNetworks } from '../network/accelerator-networks';
import type { IEncryptionKey } from '../operations/encryption-key';

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
