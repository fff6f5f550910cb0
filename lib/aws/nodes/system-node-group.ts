import { InstanceArchitecture, InstanceType, type ISubnet } from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import type { ICluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, NUMBER, required, type Shape } from '../../core/shapes';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { checkSubnets } from '../network/node-subnets';
import { NODES_PER_GROUP } from '../machine/machine';
import { NodeLaunchTemplate } from './node-launch-template';
import { CLUSTER, INSTANCE_TYPE, KEY, KUBERNETES_VERSION, ROLE, SUBNETS } from '../props/shapes';
import { checkCount } from '../props/tokens';
import { nodeRole } from './node-role';

/** Properties for `SystemNodeGroup`. */
export interface SystemNodeGroupProps {
  readonly cluster: ICluster;
  /** Subnets, best in several zones. */
  readonly subnets: readonly ISubnet[];
  /** @default m7i.xlarge */
  readonly instanceType?: InstanceType;
  /** @default 2 */
  readonly nodes?: number;
  /** @default - a new one, that lets nodes join and pull images */
  readonly role?: IRole;
  /** Kubernetes of the nodes. @default - that of the cluster when they were made */
  readonly kubernetesVersion?: KubernetesVersion;
  /** Key of the root volumes. @default - the account's default EBS key */
  readonly volumeKey?: IKey;
}

const SYSTEM: Shape<SystemNodeGroupProps> = {
  cluster: required(CLUSTER),
  subnets: required(SUBNETS),
  instanceType: INSTANCE_TYPE,
  nodes: NUMBER,
  role: ROLE,
  kubernetesVersion: KUBERNETES_VERSION,
  volumeKey: KEY,
};

function checkSystem(scope: Construct, props: SystemNodeGroupProps): void {
  const problems = new Problems();
  if (fits(problems, props, SYSTEM)) {
    checkCount(problems, 'nodes', props.nodes, { least: 1, most: NODES_PER_GROUP - 1 });
    checkSubnets(problems, 'subnets', props.subnets);
  }
  problems.throwIfAny(scope);
}

/** Small nodes for what runs the cluster: DNS, queues, drivers' controllers. They carry no taint, since add-ons tolerate none. */
export class SystemNodeGroup extends Construct {
  public readonly resource: CfnNodegroup;
  public readonly launchTemplate: NodeLaunchTemplate;
  public readonly role: IRole;

  constructor(scope: Construct, id: string, props: SystemNodeGroupProps) {
    super(scope, id);
    checkSystem(this, props);
    const { cluster, subnets, instanceType = new InstanceType('m7i.xlarge'), nodes = 2 } = props;
    this.role = props.role ?? nodeRole(this, 'Role');
    this.launchTemplate = new NodeLaunchTemplate(this, 'LaunchTemplate', {
      instanceType: instanceType.toString(),
      interfaces: [{ networkCardIndex: 0, deviceIndex: 0, interfaceType: 'interface' }],
      primaryGroups: [cluster.clusterSecurityGroup],
      fabricGroups: [],
      rootVolumeGiB: 100,
      encryptionKey: props.volumeKey,
    });
    this.resource = new CfnNodegroup(this, 'Resource', {
      clusterName: cluster.clusterName,
      nodeRole: this.role.roleArn,
      subnets: subnets.map(({ subnetId }) => subnetId),
      version: props.kubernetesVersion?.version,
      amiType: `AL2023_${instanceType.architecture === InstanceArchitecture.ARM_64 ? 'ARM_64' : 'x86_64'}_STANDARD`,
      capacityType: 'ON_DEMAND',
      launchTemplate: this.launchTemplate.specification,
      scalingConfig: { minSize: nodes, desiredSize: nodes, maxSize: nodes + 1 },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      labels: { ...SYSTEM_LABELS },
    });
  }
}
