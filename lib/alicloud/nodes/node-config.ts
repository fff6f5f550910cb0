import { Construct } from 'constructs';
import type { Taint } from '../../kubernetes';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import type { IAckCluster } from '../cluster/cluster-source';
import type { IEncryptionKey } from '../operations/encryption-key';
import { LONGEST_ROLE_NAME } from '../operations/ram';
import { type CsKubernetesNodePoolConfig, RamRole } from '../provider/alicloud';

/** What all node pools have. */
export interface NodeConfigProps {
  /** Cluster that the nodes join. */
  readonly cluster: IAckCluster;
  /** Name of the node pool. */
  readonly name: string;
  /** Labels of the nodes. */
  readonly labels: Readonly<Record<string, string>>;
  /** Taints of the nodes. */
  readonly taints: readonly Taint[];
}

/**
 * The image of all nodes. ACK chooses the build for the machine, also for machines that boot with UEFI. Plain Alibaba Cloud Linux 3 has no cgroup v2,
 * which containerd 2 requires, and ContainerOS has no GPU driver.
 *
 * Source: aliyun-computenest/quickstart-robot-solution, docs on ACK nodes; read 2026-11.
 */
const IMAGE_TYPE = 'AliyunLinux3ContainerOptimized';

/** Settings of every node pool. */
export function poolConfig({ cluster, name, labels, taints }: NodeConfigProps) {
  return {
    nodePoolName: name,
    clusterId: cluster.id,
    labels: Object.entries(labels).map(([key, value]) => ({ key, value })),
    taints: taints.map(({ key, value, effect }) => ({ key, value, effect })),
    // Without it, only new nodes get changed labels and taints.
    updateNodes: true,
  } satisfies Partial<CsKubernetesNodePoolConfig>;
}

/** Settings of instances of ECS: they boot from an encrypted disk and accept only IMDSv2. */
export function instanceConfig(
  { cluster }: Pick<NodeConfigProps, 'cluster'>,
  { bootDiskGiB, bootDiskKey }: { readonly bootDiskGiB: number; readonly bootDiskKey?: IEncryptionKey },
) {
  return {
    securityGroupIds: [cluster.network.securityGroupId],
    imageType: IMAGE_TYPE,
    runtimeName: 'containerd',
    systemDiskCategory: 'cloud_essd',
    systemDiskPerformanceLevel: 'PL1',
    systemDiskSize: bootDiskGiB,
    systemDiskEncrypted: true,
    systemDiskEncryptAlgorithm: 'aes-256',
    systemDiskKmsKey: bootDiskKey?.keyId,
    instanceMetadataOptions: { httpTokens: 'required' },
    // The default of the provider is true as well, but its page says false.
    installCloudMonitor: true,
    scalingPolicy: 'release',
  } satisfies Partial<CsKubernetesNodePoolConfig>;
}

/** Boot disks: ESSD PL1 has 20 to 2048 GiB as a system disk. Images for accelerators are large. @see https://www.alibabacloud.com/help/en/ecs/user-guide/essds */
export const DISK_GIB = { min: 40, max: 2048 };

/**
 * A RAM role without permissions for the nodes of a pool. Pods on the host network can read the credentials of this role, so permissions belong to
 * roles of service accounts.
 *
 * @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/use-custom-worker-ram-roles
 */
export class NodeRole extends Construct {
  /** The role in Terraform. */
  public readonly resource: RamRole;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    checkProviders(this);
    this.resource = new RamRole(this, 'Resource', {
      roleName: physicalName(this, LONGEST_ROLE_NAME),
      description: 'Nodes without permissions',
      assumeRolePolicyDocument: JSON.stringify({
        Version: '1',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['ecs.aliyuncs.com'] } }],
      }),
    });
  }

  /** Name of the role. */
  get roleName(): string {
    return this.resource.roleName;
  }
}
