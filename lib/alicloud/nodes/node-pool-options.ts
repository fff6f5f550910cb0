import type { ITerraformDependable } from 'cdktf';
import type { KubeletOptions, Taint } from '../../kubernetes';
import type { Capacity } from '../capacity/capacity';
import type { IAckCluster } from '../cluster/cluster-source';
import type { AlicloudMachine } from '../machine/machine';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { GpuSharing } from './gpu-sharing';

/** Hardening of the operating system of nodes. ACK accepts one of them. */
export enum OsHardening {
  /** Baseline of Alibaba Cloud. */
  ALIBABA_CLOUD = 'alibaba-cloud',
  /** Multi-Level Protection Scheme 2.0, level 3. */
  MLPS = 'mlps',
}

/** Rarely used settings of accelerator nodes. */
export interface NodeOptions {
  /** Version of the NVIDIA driver. ACK installs it. @default - 580.126.09 for Blackwell machines, 570.195.03 for others */
  readonly driver?: string;
  /** Size of the boot disk, 40 to 2048 GiB. Images for accelerators are large. @default 500 */
  readonly bootDiskGiB?: number;
  /** Key for the boot disks, in the region of the provider. @default - the key of ECS in the account */
  readonly bootDiskKey?: IEncryptionKey;
  /** Additional Kubernetes labels. @default - only the labels of the library */
  readonly labels?: Readonly<Record<string, string>>;
  /** Additional taints. The pods of the library tolerate them. @default - the taint of the accelerator */
  readonly taints?: readonly Taint[];
  /** Maximum number of pods on a node, 10 to 512. Terway limits it further, by the network interfaces of the machine. @default - the limit of Terway */
  readonly maxPodsPerNode?: number;
  /** Settings of the kubelet. A change of `cpuManagerPolicy` needs new nodes. @default - the settings of ACK */
  readonly kubelet?: KubeletOptions;
  /** How several pods use one GPU. Only for inference. @default - each pod has whole GPUs */
  readonly gpuSharing?: GpuSharing;
  /** Hardening of the operating system. A change replaces the node pool. @default - none */
  readonly hardening?: OsHardening;
  /**
   * Name of the RAM role of the nodes. Pods on the host network have its permissions.
   *
   * @default - a new role without permissions
   */
  readonly workerRole?: string;
}

/** Options for accelerator nodes of one machine type. */
export interface AcceleratorNodeOptions {
  /** Machine type of every node, for example `AlicloudMachine.ECS_EBMGN8V_48XLARGE`. */
  readonly machine: AlicloudMachine;
  /** Number of nodes: 1 to 1,000. @default - derived from `job`; required without a job */
  readonly nodes?: number;
  /** How the nodes are bought. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /**
   * Whether nodes are close to each other, in a low-latency deployment set of at most 20 nodes. The pages of ECS and ACK disagree about machines with
   * GPUs, so an account must show that it works.
   *
   * @default false
   */
  readonly compactPlacement?: boolean;
}

/** Properties for `AcceleratorNodePool`. */
export interface AcceleratorNodePoolProps extends AcceleratorNodeOptions, NodeOptions {
  /** Cluster that the nodes join. */
  readonly cluster: IAckCluster;
  /** Zone of the nodes. Its network must have a vSwitch there. An eRDMA network never spans zones here. */
  readonly zone: string;
  /** Name of the node pool: 1 to 63 lower-case letters, digits and hyphens. @default - the id of the construct, in lower case */
  readonly name?: string;
  /** Group that queues count the nodes in. @default - the name of the node pool */
  readonly group?: string;
  /**
   * Number of nodes that always run. If it is lower than `nodes`, the autoscaler adds and removes nodes.
   *
   * @default - 0 for spot, `nodes` for other capacity
   */
  readonly minNodes?: number;
  /** Resources that must exist before the nodes. @default - only the resources that the nodes refer to */
  readonly after?: readonly ITerraformDependable[];
}
