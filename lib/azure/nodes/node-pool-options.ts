import type { ITerraformDependable } from 'cdktf';
import type { Capacity } from '../capacity/capacity';
import type { IAksCluster } from '../cluster/aks-cluster';
import type { AzureMachine } from '../machine/machine';
import type { InfinibandFeature } from './infiniband-feature';

/** Who installs the driver of the GPUs. A change replaces the pool. */
export enum GpuDriver {
  /**
   * The GPU operator, or another that you run. AKS then looks for no faults of GPUs: its checks for lost GPUs, XIDs, NVLink and InfiniBand
   * belong to its own driver.
   */
  GPU_OPERATOR = 'None',
  /** AKS, in the version of its node image. NVIDIA only. On some machines AKS then looks for faults: the finding `nodes/health` says so. */
  AKS = 'Install',
}

/** Where the disk of the system is. */
export enum BootDisk {
  /** A managed disk, under the key of the cluster. */
  MANAGED = 'Managed',
  /**
   * The temporary disk of the machine: it costs nothing, starts faster, and must hold `bootDiskGiB`. Its key rotates only where the pool has no
   * nodes: scale it to none before a rotation of the key of the cluster.
   */
  EPHEMERAL = 'Ephemeral',
}

/** Where images and scratch of pods are. */
export enum KubeletDisk {
  /** The disk of the system. */
  OS = 'OS',
  /** The temporary disk of the machine. */
  TEMPORARY = 'Temporary',
}

/** Size of the disk of the system where nobody says, in GiB. */
export const BOOT_DISK_GIB = 512;

/** What a pool of accelerator nodes is, whichever cluster it joins. */
export interface AcceleratorNodePoolOptions {
  /** The machine that every node is, e.g. `AzureMachine.ND96ISR_H100_V5`. */
  readonly machine: AzureMachine;
  /** Number of nodes: 1 to 1,000, and 300 at most in one InfiniBand fabric. No default. */
  readonly nodes?: number;
  /** How the nodes are bought. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** What the subscription says of InfiniBand on AKS: to be stated for machines that have it. */
  readonly infinibandFeature?: InfinibandFeature;
  /** @default GpuDriver.GPU_OPERATOR */
  readonly driver?: GpuDriver;
  /** Size of the disk of the system, 64 to 2048 GiB: images of accelerators are large. @default 512 */
  readonly bootDiskGiB?: number;
  /** @default BootDisk.MANAGED */
  readonly bootDisk?: BootDisk;
  /** @default KubeletDisk.OS */
  readonly kubeletDisk?: KubeletDisk;
  /** Whether disks and caches of the host are encrypted there, too: the subscription must have the feature `EncryptionAtHost`. @default false */
  readonly encryptionAtHost?: boolean;
  /** Whether nodes stand near one another in one zone, by a proximity placement group. InfiniBand does that by itself. @default false */
  readonly proximity?: boolean;
  /** Further Kubernetes labels. @default - only the library's own */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Properties for `AcceleratorNodePool`. */
export interface AcceleratorNodePoolProps extends AcceleratorNodePoolOptions {
  /** The cluster to join. */
  readonly cluster: IAksCluster;
  /** Availability zone of the nodes, `1`, `2` or `3`: a fabric never crosses zones. @default - none: the region has none, or Azure chooses */
  readonly zone?: string;
  /** Name of the pool: 1 to 12 lower-case letters and digits. @default - the id of the construct, in lower case */
  readonly name?: string;
  /** Whether the number of nodes follows the pods that wait, from 0 to `nodes`. @default - on spot capacity alone */
  readonly elastic?: boolean;
  /** What must stand before the nodes. @default - only what they refer to */
  readonly after?: readonly ITerraformDependable[];
}
