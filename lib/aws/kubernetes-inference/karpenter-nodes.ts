import { Duration, TagManager, TagType } from 'aws-cdk-lib';
import { type CfnCapacityReservation } from 'aws-cdk-lib/aws-ec2';
import { CfnAccessEntry, CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { CfnInstanceProfile, type Grant, type IGrantable, type IRole, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { ISubnet } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Capacity } from '../capacity/capacity';
import { NewReservation } from '../capacity/new-reservation';
import { podIdentityRole } from '../cluster/pod-identity-role';
import type { AwsMachine } from '../machine/machine';
import { nodeRole } from '../nodes/node-role';
import { grantExisting, recordUngranted } from './existing-controller';
import { allowKarpenter, CONTROLLER_PERMISSIONS, machineStatements } from './karpenter-policy';

/** Properties for `KarpenterNodes`. */
export interface KarpenterNodesProps {
  /** Cluster of the nodes. */
  readonly cluster: ICluster;
  /** Machine type of the nodes. */
  readonly machine: AwsMachine;
  /** Maximum number of nodes. */
  readonly machines: number;
  /** Purchase model of the nodes. */
  readonly capacity: Capacity;
  /** Subnets of the nodes. */
  readonly subnets: readonly ISubnet[];
  /** KMS key of the boot disks. @default - the default EBS key of the account */
  readonly bootDiskKey?: IKey;
  /** Whether to create the permissions and the queue of Karpenter. False if the cluster runs Karpenter already. */
  readonly install: boolean;
  /** Whether the node role needs the permissions of the VPC CNI. */
  readonly cniPolicy: boolean;
}

/** AWS resources for Karpenter nodes: the node role, the permissions of Karpenter, and the queue of interruption notices. */
export class KarpenterNodes extends Construct {
  /** Tags of the construct tree, which Karpenter adds to the resources that it creates. */
  public readonly tags = new TagManager(TagType.KEY_VALUE, 'AWS::EC2::LaunchTemplate');
  /** Role of the nodes. */
  public readonly role: IRole;
  /** Instance profile of the nodes. */
  public readonly instanceProfile: CfnInstanceProfile;
  /** Queue of interruption notices. @default - the cluster runs Karpenter already */
  public readonly interruptionQueue?: Queue;
  /** Role of Karpenter. @default - the cluster runs Karpenter already */
  public readonly controllerRole?: IRole;
  /** The reservation from `Capacity.newReservation`. @default - no new reservation */
  public readonly reservation?: CfnCapacityReservation;
  /** Resources that must exist before Karpenter starts a node. */
  public readonly beforeNodes: readonly Construct[];

  /** @internal */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: KarpenterNodesProps,
  ) {
    super(scope, id);
    const { cluster, machine, capacity } = props;
    this.role = nodeRole(this, 'NodeRole', { cniPolicy: props.cniPolicy });
    this.instanceProfile = new CfnInstanceProfile(this, 'InstanceProfile', { roles: [this.role.roleName] });
    const entry = new CfnAccessEntry(this, 'NodeAccess', {
      clusterName: cluster.clusterName,
      principalArn: this.role.roleArn,
      type: 'EC2_LINUX',
    });
    if (capacity.createsReservation) {
      const [{ availabilityZone }] = props.subnets as [ISubnet];
      const { machines: nodes } = props;
      const reservation = { machine, nodes, availabilityZone, until: capacity.until };
      this.reservation = new NewReservation(this, 'Reservation', reservation).resource;
    }
    this.beforeNodes = [this.instanceProfile, entry];
    if (!props.install) {
      recordUngranted(this, 'it cannot start nodes', 'grantStart', CONTROLLER_PERMISSIONS);
      return;
    }
    this.interruptionQueue = this.createQueue();
    this.controllerRole = podIdentityRole(this, 'ControllerRole');
    const controller = this.createIdentity(this.interruptionQueue, this.controllerRole);
    this.beforeNodes = [...this.beforeNodes, controller];
  }

  /** Allows the Karpenter of an existing cluster to start these nodes. @param controller role of Karpenter */
  grantStart(controller: IGrantable): Grant {
    const { bootDiskKey } = this.props;
    return grantExisting(this, controller, machineStatements({ nodeRole: this.role, bootDiskKey }));
  }

  /** @see https://karpenter.sh/docs/concepts/disruption/#interruption */
  private createQueue(): Queue {
    const queue = new Queue(this, 'Interruptions', {
      encryption: QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.minutes(5),
      enforceSSL: true,
    });
    for (const [id, [source, detailType]] of Object.entries(EVENTS)) {
      new Rule(this, id, {
        description: `${detailType}, so that Karpenter drains the node in time`,
        eventPattern: { source: [source], detailType: [detailType] },
        targets: [new SqsQueue(queue)],
      });
    }
    return queue;
  }

  private createIdentity(queue: Queue, role: IRole): Construct {
    const { cluster, bootDiskKey } = this.props;
    const policy = new ManagedPolicy(this, 'ControllerPolicy', { roles: [role] });
    allowKarpenter(policy, { clusterName: cluster.clusterName, nodeRole: this.role, queue, bootDiskKey });
    const identity = new CfnPodIdentityAssociation(this, 'ControllerIdentity', {
      clusterName: cluster.clusterName,
      namespace: 'kube-system',
      serviceAccount: 'karpenter',
      roleArn: role.roleArn,
    });
    identity.node.addDependency(policy);
    return identity;
  }
}

const EVENTS = {
  SpotInterruption: ['aws.ec2', 'EC2 Spot Instance Interruption Warning'],
  Rebalance: ['aws.ec2', 'EC2 Instance Rebalance Recommendation'],
  StateChange: ['aws.ec2', 'EC2 Instance State-change Notification'],
  CapacityBlockEnd: ['aws.ec2', 'EC2 Capacity Reservation Instance Interruption Warning'],
  Health: ['aws.health', 'AWS Health Event'],
} as const;
