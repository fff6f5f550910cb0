import type { Size } from 'aws-cdk-lib';
import type { ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ICluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Capacity } from '../capacity/capacity';
import type { AwsMachine, NodeOs } from '../machine/machine';
import type { Interconnect } from '../network/interconnect';
import type { KubeletOptions } from '../../kubernetes/kubelet-options';
import type { Taint } from '../../kubernetes/pool';
import type { NodeImage } from './node-image';

/** Rarely used settings of accelerator nodes. */
export interface NodeOptions {
  /** Operating system of the nodes. @default NodeOs.AMAZON_LINUX_2023 */
  readonly os?: NodeOs;
  /** A pinned release of the EKS image, or your own AMI. @default - the newest EKS image when EKS creates the group */
  readonly image?: NodeImage;
  /** Size of the boot disk, 20 to 16384 GiB. It holds images and logs. @default Size.gibibytes(200) */
  readonly bootDisk?: Size;
  /** KMS key of the boot disk. Its key policy must allow EC2 Auto Scaling to use it. @default - the default EBS key of the account */
  readonly bootDiskKey?: IKey;
  /** Whether the local NVMe disks become one RAID0 array for pods and images. @default - true if the machine has local NVMe disks */
  readonly scratch?: boolean;
  /**
   * Shell commands that run before the kubelet starts. Amazon Linux only, at most 12 KiB.
   *
   * @default - none
   * @schema LINES
   */
  readonly commands?: readonly string[];
  /** More Kubernetes labels of the nodes. @default - only the labels of the library */
  readonly labels?: Readonly<Record<string, string>>;
  /** More taints of the nodes, at most 7. The pods of the library tolerate them. @default - only the taint of the accelerator */
  readonly taints?: readonly Taint[];
  /** Maximum number of pods on a node, 10 to 250. Each pod needs an IP address of the node. @default - the IP addresses of the machine */
  readonly maxPodsPerNode?: number;
  /** Settings of the kubelet. @default - the defaults of the EKS image */
  readonly kubelet?: KubeletOptions;
  /** Kernel parameters of the nodes, for example `{ 'net.core.rmem_max': '16777216' }`. @default - the defaults of the EKS image */
  readonly sysctls?: Readonly<Record<string, string>>;
  /** NVIDIA XIDs that must not restart a node, because a faulty program raises them. @default [13, 31] */
  readonly ignoredXids?: readonly number[];
  /** Whether the scheduler uses the network topology. Set false if the nodes of a region or zone have no topology labels. @default true */
  readonly topologyAware?: boolean;
  /**
   * Quota of the account for nodes in a managed node group. Set it after AWS has raised the quota.
   *
   * @default 450
   * @see https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
   */
  readonly nodeQuota?: number;
}

/** Options for a group of accelerator nodes. */
export interface EfaNodeGroupOptions {
  /** Machine type of each node, for example `AwsMachine.P5_48XLARGE`. */
  readonly machine: AwsMachine;
  /**
   * Number of nodes, from 1 to the limit of one fabric. The limit is 450, the default quota of a managed node group, or 18 in a GB200
   * UltraServer.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
   * @schema WHOLE_NODES
   */
  readonly nodes: number;
  /** Purchase model of the nodes. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Subnets of the nodes, all in one zone, because EFA traffic cannot cross zones. @default - the first private subnet in the zone of the capacity */
  readonly subnets?: SubnetSelection;
  /** Network cards that use EFA. @default - all cards with EFA; Interconnect.none() if the machine has no EFA */
  readonly interconnect?: Interconnect;
  /** Boot disk, labels, and operating system settings. @default - see `NodeOptions` */
  readonly nodeOptions?: NodeOptions;
}

/** Properties for `EfaNodeGroup`. */
export interface EfaNodeGroupProps extends EfaNodeGroupOptions {
  /** EKS cluster of the nodes. */
  readonly cluster: ICluster;
  /** Name of the group, unique in the cluster. Becomes the value of the pool label. @default - the ID of the construct, in lower case */
  readonly name?: string;
  /** IAM role of the nodes. @default - a new role that can join the cluster and pull images */
  readonly role?: IRole;
  /** Security group of the fabric, with rules to and from itself. @default - the security group of a new `EfaSecurityGroup` */
  readonly securityGroup?: ISecurityGroup;
  /** Number of nodes that always run. A number below `nodes` needs an autoscaler. @default - `nodes`; 0 for spot capacity */
  readonly minNodes?: number;
  /**
   * Kubernetes version of the nodes. Upgrade it after the control plane, in a separate deployment.
   *
   * @default - the version of the cluster at the time EKS creates the nodes
   */
  readonly kubernetesVersion?: KubernetesVersion;
}
