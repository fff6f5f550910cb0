import type { ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ICluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Capacity } from '../capacity/capacity';
import type { AwsMachine, NodeOs } from '../machine/machine';
import type { Interconnect } from '../network/interconnect';

/** What a group of accelerator nodes is, whichever cluster it joins. */
export interface EfaNodeGroupOptions {
  /** The machine that every node is, e.g. `AwsMachine.P5_48XLARGE`. */
  readonly machine: AwsMachine;
  /**
   * Number of nodes: at least 1, at most what one fabric takes, 450 by the default quota of a node group or 18 in a GB200 UltraServer.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
   */
  readonly nodes: number;
  /** How the nodes are bought. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Subnets of the nodes, all in one zone: a fabric never crosses zones. @default - the first private subnet in the zone of the capacity */
  readonly subnets?: SubnetSelection;
  /** Which network cards carry EFA. @default - all that take it; none where the machine has no EFA */
  readonly interconnect?: Interconnect;
  /** System of the nodes. @default NodeOs.AMAZON_LINUX_2023 */
  readonly os?: NodeOs;
  /** Whether local NVMe becomes one RAID0 under pods and images. @default - true where the machine has local NVMe */
  readonly scratch?: boolean;
  /** Size of the root volume, 20 to 16384 GiB. @default 200 */
  readonly rootVolumeGiB?: number;
  /** Key of the root volume; its policy must let Auto Scaling use it. @default - the account's default EBS key */
  readonly volumeKey?: IKey;
  /** Shell commands that run before the kubelet; Amazon Linux only. @default - none */
  readonly commands?: readonly string[];
  /** Further Kubernetes labels. @default - only the library's own */
  readonly labels?: Readonly<Record<string, string>>;
  /** NVIDIA XIDs that a faulty program raises and that must not restart a node. @default [13, 31] */
  readonly ignoredXids?: readonly number[];
  /** Whether jobs are placed by network topology; off in a region or zone whose nodes carry no topology labels. @default true */
  readonly topologyAware?: boolean;
  /** The account's quota of nodes in a managed node group, where it was raised. @default 450 */
  readonly nodeQuota?: number;
}

/** Properties for `EfaNodeGroup`. */
export interface EfaNodeGroupProps extends EfaNodeGroupOptions {
  /** The cluster to join. */
  readonly cluster: ICluster;
  /** Name of the group among the cluster's, a DNS label: the value of its pool label. @default - the id of the construct, in lower case */
  readonly name?: string;
  /** Role of the nodes. @default - a new one, that lets nodes join and pull images */
  readonly role?: IRole;
  /** Group of the fabric, with both self rules. @default - that of a new `EfaSecurityGroup` */
  readonly securityGroup?: ISecurityGroup;
  /** Nodes that stand from the start; fewer need an autoscaler. @default - all of them; none on spot */
  readonly standingNodes?: number;
  /** Kubernetes of the nodes: upgrade it after the control plane, in a deployment of its own. @default - that of the cluster when they were made */
  readonly kubernetesVersion?: KubernetesVersion;
}
