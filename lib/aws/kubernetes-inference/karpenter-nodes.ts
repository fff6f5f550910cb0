import { Duration, TagManager, TagType } from 'aws-cdk-lib';
import { type CfnCapacityReservation } from 'aws-cdk-lib/aws-ec2';
import { CfnAccessEntry, CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { CfnInstanceProfile, type IGrantable, type IRole, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
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
import { allowKarpenter, CONTROLLER_RIGHTS, machineStatements } from './karpenter-policy';

/** Properties for `KarpenterNodes`. */
export interface KarpenterNodesProps {
  readonly cluster: ICluster;
  readonly machine: AwsMachine;
  /** Most machines at any time. */
  readonly machines: number;
  readonly capacity: Capacity;
  readonly subnets: readonly ISubnet[];
  /** @default - the account's default EBS key */
  readonly volumeKey?: IKey;
  /** Whether Karpenter is to be set up: not where the cluster runs it already. */
  readonly install: boolean;
  /** Whether the cluster's nodes get their addresses by their own role. */
  readonly cniPolicy: boolean;
}

/** What accelerator machines of Karpenter need of AWS: who they are, what Karpenter may do, and how it hears of interruptions. */
export class KarpenterNodes extends Construct {
  /** Tags of the tree, which Karpenter puts on what it makes: no other tag reaches it. */
  public readonly tags = new TagManager(TagType.KEY_VALUE, 'AWS::EC2::LaunchTemplate');
  /** Of the machines. */
  public readonly role: IRole;
  public readonly instanceProfile: CfnInstanceProfile;
  /** @default - the cluster runs Karpenter already */
  public readonly interruptionQueue?: Queue;
  /** What Karpenter may do in AWS. @default - the cluster runs Karpenter already */
  public readonly controllerRole?: IRole;
  /** @default - none was asked for */
  public readonly reservation?: CfnCapacityReservation;
  /** What must be there before Karpenter starts a machine. */
  public readonly beforeNodes: readonly Construct[];

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
      recordUngranted(this, 'no machine comes', 'grantStart', CONTROLLER_RIGHTS);
      return;
    }
    this.interruptionQueue = this.createQueue();
    this.controllerRole = podIdentityRole(this, 'ControllerRole');
    const controller = this.letControl(this.interruptionQueue, this.controllerRole);
    this.beforeNodes = [...this.beforeNodes, controller];
  }

  /** Lets the Karpenter that a cluster runs already start these machines. @param controller its role */
  grantStart(controller: IGrantable): void {
    const { volumeKey } = this.props;
    grantExisting(this, controller, machineStatements({ nodeRole: this.role, volumeKey }));
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
        description: `${detailType}, for Karpenter to empty the machine in time`,
        eventPattern: { source: [source], detailType: [detailType] },
        targets: [new SqsQueue(queue)],
      });
    }
    return queue;
  }

  private letControl(queue: Queue, role: IRole): Construct {
    const { cluster, volumeKey } = this.props;
    const policy = new ManagedPolicy(this, 'ControllerPolicy', { roles: [role] });
    allowKarpenter(policy, { clusterName: cluster.clusterName, nodeRole: this.role, queue, volumeKey });
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
