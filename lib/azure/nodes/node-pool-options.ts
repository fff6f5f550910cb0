import type { ITerraformDependable } from 'cdktf';
import { AzureMarket, type Capacity } from '../capacity/capacity';
import type { IAksCluster } from '../cluster/aks-cluster';
import type { AzureMachine } from '../machine/machine';
import type { InfinibandFeature } from './infiniband-feature';

/** Who installs the GPU driver. A change replaces the node pool. */
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
