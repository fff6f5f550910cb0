import { Size } from 'aws-cdk-lib';
import { InstanceArchitecture, InstanceType, type ISubnet } from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import type { ICluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { checkSubnets } from '../network/node-subnets';
import { NODES_PER_GROUP } from '../machine/machine';
import { checkBootDisk, NodeLaunchTemplate, nodeRole, recordDiskKey } from './node-launch-template';
import { checkCount } from '../props/tokens';
import { SYSTEM_NODE_GROUP_PROPS } from '../prop-schemas';

/** Properties for `SystemNodeGroup`. */
export interface SystemNodeGroupProps {
  /** EKS cluster of the nodes. */
  readonly cluster: ICluster;
  /** Subnets of the nodes. Use several zones. */
  readonly subnets: readonly ISubnet[];
  /** EC2 instance type. @default m7i.xlarge */
  readonly instanceType?: InstanceType;
  /** Number of nodes that always run, 1 to 449. @default 2 */
  readonly minNodes?: number;
  /** Maximum number of nodes, for example if your own autoscaler adds nodes, at most 450. @default - `minNodes` + 1 */
  readonly maxNodes?: number;
  /** IAM role of the nodes. @default - a new role that can join the cluster and pull images */
  readonly role?: IRole;
  /** Kubernetes version of the nodes. @default - the version of the cluster at the time EKS creates the nodes */
  readonly kubernetesVersion?: KubernetesVersion;
  /** Size of the boot disk, 20 to 16384 GiB. @default Size.gibibytes(100) */
  readonly bootDisk?: Size;
  /** KMS key of the boot disk. @default - the default EBS key of the account */
  readonly bootDiskKey?: IKey;
}

function checkSystem(scope: Construct, props: SystemNodeGroupProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, SYSTEM_NODE_GROUP_PROPS)) {
    checkNodeRange(problems, props);
    checkSubnets(problems, 'subnets', props.subnets);
  }
  problems.throwIfAny(scope);
}

const MIN_NODES = 2;

/** Adds each problem with the number and the boot disk of system nodes. */
export function checkNodeRange(
  problems: ProblemCollector,
  { minNodes, maxNodes, bootDisk }: Pick<SystemNodeGroupProps, 'minNodes' | 'maxNodes' | 'bootDisk'>,
): void {
  const before = problems.all.length;
  checkCount(problems, 'minNodes', minNodes, { min: 1, max: NODES_PER_GROUP - 1 });
  const min = problems.all.length === before ? (minNodes ?? MIN_NODES) : 1;
  checkCount(problems, 'maxNodes', maxNodes, { min, max: NODES_PER_GROUP });
  checkBootDisk(problems, 'bootDisk', bootDisk);
}

/**
 * Nodes for system pods such as DNS, queues, and controllers. They have no taint, because add-ons have no tolerations.
 *
 * @example
 * ```ts
 * import { SystemNodeGroup } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Vpc } from 'aws-cdk-lib/aws-ec2';
 * import { Cluster } from 'aws-cdk-lib/aws-eks-v2';
 *
 * const stack = new Stack(new App(), 'Nodes');
 * const vpc = new Vpc(stack, 'Vpc');
 * const attributes = { clusterName: 'research', vpc, clusterSecurityGroupId: 'sg-0123456789abcdef0' };
 * const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', attributes);
 * new SystemNodeGroup(stack, 'System', { cluster, subnets: vpc.privateSubnets });
 * ```
 */
export class SystemNodeGroup extends Construct {
  /** The EKS managed node group. */
  public readonly resource: CfnNodegroup;
  /** Launch template of the nodes. */
  public readonly launchTemplate: NodeLaunchTemplate;
  /** IAM role of the nodes. */
  public readonly role: IRole;

  constructor(scope: Construct, id: string, props: SystemNodeGroupProps) {
    super(scope, id);
    checkSystem(this, props);
    const { cluster, subnets, instanceType = new InstanceType('m7i.xlarge'), minNodes = MIN_NODES } = props;
    this.role = props.role ?? nodeRole(this, 'Role');
    this.launchTemplate = new NodeLaunchTemplate(this, 'LaunchTemplate', {
      instanceType: instanceType.toString(),
      interfaces: [{ networkCardIndex: 0, deviceIndex: 0, interfaceType: 'interface' }],
      primaryGroups: [cluster.clusterSecurityGroup],
      fabricGroups: [],
      bootDisk: props.bootDisk ?? Size.gibibytes(100),
      bootDiskKey: props.bootDiskKey,
    });
    this.resource = new CfnNodegroup(this, 'Resource', {
      clusterName: cluster.clusterName,
      nodeRole: this.role.roleArn,
      subnets: subnets.map(({ subnetId }) => subnetId),
      version: props.kubernetesVersion?.version,
      amiType: `AL2023_${instanceType.architecture === InstanceArchitecture.ARM_64 ? 'ARM_64' : 'x86_64'}_STANDARD`,
      capacityType: 'ON_DEMAND',
      launchTemplate: this.launchTemplate.specification,
      scalingConfig: { minSize: minNodes, desiredSize: minNodes, maxSize: props.maxNodes ?? minNodes + 1 },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      labels: { ...SYSTEM_LABELS },
    });
    recordDiskKey(this, props.bootDiskKey);
  }
}
