import { assertProps, brand } from '../../core/prop-schema';
import { KARPENTER_NODES_OPTIONS } from '../prop-schemas';
import { Duration, TagManager, TagType, Aws, Stack } from 'aws-cdk-lib';
import type { CfnCapacityReservation, ISubnet } from 'aws-cdk-lib/aws-ec2';
import { CfnAccessEntry, CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import {
  CfnInstanceProfile,
  type Grant,
  type IGrantable,
  type IRole,
  ManagedPolicy,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type Capacity, NewReservation } from '../capacity/capacity';
import { podIdentityRole } from '../cluster/job-identity';
import type { AwsMachine } from '../machine/machine';
import { nodeRole, acceleratorResource } from '../nodes/node-launch-template';
import { grantExisting, recordUngranted } from './existing-controller';
import { type AcceleratorPool, reservedOnEks } from '../../kubernetes';
import { acceleratorPool, poolLabels } from '../nodes/accelerator-pool';
import type { EfaNodeGroup } from '../nodes/efa-node-group';
import { acceleratorsOf, type ResolvedInference } from './resolved-inference';

/** Options for Karpenter nodes. */
export interface KarpenterNodesOptions {
  /**
   * Release of the EKS image, for example `v20261105`. Karpenter replaces the nodes only when it changes.
   *
   * @default - the latest release, so that Karpenter replaces the nodes whenever AWS publishes one
   * @see https://karpenter.sh/docs/tasks/managing-amis/
   * @schema IMAGE_VERSION
   */
  readonly imageVersion?: string;
  /** Whether the existing cluster runs Karpenter already, so that it is not installed again. @default false */
  readonly installed?: boolean;
}

/** How accelerator nodes are created. */
export class ServingNodes {
  /** Karpenter adds a node when a replica does not fit, and removes it when it is empty. For replicas that fit on one machine. */
  static karpenter(options: KarpenterNodesOptions = {}): ServingNodes {
    assertProps(options, KARPENTER_NODES_OPTIONS, { name: 'options' });
    return new ServingNodes('karpenter', options);
  }

  /** A managed node group in one zone with EFA, whose nodes always run. For replicas of one or several machines. */
  static managed(): ServingNodes {
    return new ServingNodes('managed');
  }

  private constructor(
    /** @internal */
    readonly kind: 'karpenter' | 'managed',
    /** @internal */
    readonly options: KarpenterNodesOptions = {},
  ) {}
}

brand(ServingNodes, 'aws.ServingNodes');

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

/** The node pool for the Kubernetes layer: a managed node group, or the nodes that Karpenter will create. */
export function acceleratorPoolOf({ props, machines }: ResolvedInference, group?: EfaNodeGroup): AcceleratorPool {
  if (group) return acceleratorPool(group);
  const { machine, capacity, name } = props;
  const key = acceleratorResource(machine);
  return {
    name,
    machine: machine.name,
    nodes: machines,
    acceleratorResource: key,
    acceleratorsPerNode: acceleratorsOf(machine),
    acceleratorVendor: machine.chip.vendor,
    vcpus: machine.spec.vcpus,
    memoryGiB: machine.spec.memoryGiB,
    reservedMemoryMiB: reservedOnEks(machine.spec),
    nodeLabels: poolLabels(name, machine),
    taints: [{ key, value: 'present', effect: 'NoSchedule' }],
    market: capacity.market === 'capacity-block' || capacity.market === 'reservation' ? 'reserved' : capacity.market,
  };
}

/** Input for the permissions of Karpenter for the nodes of one model. */
export interface MachinePermissions {
  readonly nodeRole: IRole;
  /** KMS key of the boot disks. @default - the default EBS key of the account */
  readonly bootDiskKey?: IKey;
}

/** Input for the permissions of Karpenter. */
export interface KarpenterPermissions extends MachinePermissions {
  readonly clusterName: string;
  readonly queue: IQueue;
}

/** Reference of the permissions of Karpenter. */
export const CONTROLLER_PERMISSIONS = 'https://karpenter.sh/docs/reference/cloudformation/';

/** Tags of all resources that Karpenter creates. Its permissions are limited to them. */
const CLUSTER_TAG = 'eks:eks-cluster-name';
const POOL_TAG = 'karpenter.sh/nodepool';

/**
 * Adds the permissions of Karpenter. It can start and stop only instances with the tag of the cluster. The stack creates the instance
 * profile, so Karpenter cannot create one.
 *
 * @see https://karpenter.sh/docs/reference/cloudformation/
 */
export function allowKarpenter(policy: ManagedPolicy, permissions: KarpenterPermissions): void {
  const { clusterName, queue } = permissions;
  const requested = { [`aws:RequestTag/${CLUSTER_TAG}`]: clusterName };
  const owned = { [`aws:ResourceTag/${CLUSTER_TAG}`]: clusterName };
  const ofPool = (kind: 'Request' | 'Resource') => ({ [`aws:${kind}Tag/${POOL_TAG}`]: '*' });
  const ec2 = (...types: string[]) => types.map((type) => arnOf(policy, 'ec2', `${type}/*`));
  policy.addStatements(
    // Existing resources that a new instance uses.
    allow(
      ['ec2:RunInstances', 'ec2:CreateFleet'],
      [
        ...ec2('security-group', 'subnet', 'capacity-reservation', 'placement-group', 'spot-instances-request'),
        ...['image', 'snapshot'].map((type) => `arn:${Aws.PARTITION}:ec2:${Aws.REGION}::${type}/*`),
      ],
    ),
    allow(['ec2:RunInstances', 'ec2:CreateFleet'], ec2('launch-template'), {
      StringEquals: owned,
      StringLike: ofPool('Resource'),
    }),
    allow(['ec2:RunInstances', 'ec2:CreateFleet', 'ec2:CreateLaunchTemplate'], ec2(...CREATED), {
      StringEquals: requested,
      StringLike: ofPool('Request'),
    }),
    allow(['ec2:CreateTags'], ec2(...CREATED), {
      StringEquals: { ...requested, 'ec2:CreateAction': ['RunInstances', 'CreateFleet', 'CreateLaunchTemplate'] },
      StringLike: ofPool('Request'),
    }),
    allow(['ec2:CreateTags'], ec2('instance'), {
      StringEquals: owned,
      StringLike: ofPool('Resource'),
      'ForAllValues:StringEquals': { 'aws:TagKeys': [CLUSTER_TAG, 'karpenter.sh/nodeclaim', 'Name'] },
    }),
    allow(['ec2:TerminateInstances', 'ec2:DeleteLaunchTemplate'], ec2('instance', 'launch-template'), {
      StringEquals: owned,
      StringLike: ofPool('Resource'),
    }),
    // Describe actions do not support resources.
    allow(DESCRIBE_ACTIONS, ['*'], { StringEquals: { 'aws:RequestedRegion': Aws.REGION } }),
    allow(['pricing:GetProducts'], ['*']),
    allow(['ssm:GetParameter'], [`arn:${Aws.PARTITION}:ssm:${Aws.REGION}::parameter/aws/service/*`]),
    allow(['sqs:DeleteMessage', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'], [queue.queueArn]),
    allow(
      ['iam:GetInstanceProfile', 'iam:ListInstanceProfiles'],
      [`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:instance-profile/*`],
    ),
    allow(['eks:DescribeCluster'], [arnOf(policy, 'eks', `cluster/${clusterName}`)]),
    ...machineStatements(permissions),
  );
}

/** Permissions of Karpenter for the nodes of one model. */
export function machineStatements({ nodeRole, bootDiskKey }: MachinePermissions): PolicyStatement[] {
  return [
    allow(['iam:PassRole'], [nodeRole.roleArn], {
      StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] },
    }),
    ...(bootDiskKey ? diskStatements(bootDiskKey) : []),
  ];
}

/** EC2 uses the key on behalf of the principal that starts the instance. */
function diskStatements({ keyArn }: IKey): PolicyStatement[] {
  return [
    allow(
      ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
      [keyArn],
    ),
    allow(['kms:CreateGrant'], [keyArn], { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
  ];
}

const CREATED = ['fleet', 'instance', 'volume', 'network-interface', 'launch-template', 'spot-instances-request'];

const DESCRIBE_ACTIONS = [
  'ec2:DescribeAvailabilityZones',
  'ec2:DescribeCapacityReservations',
  'ec2:DescribeImages',
  'ec2:DescribeInstances',
  'ec2:DescribeInstanceStatus',
  'ec2:DescribeInstanceTypeOfferings',
  'ec2:DescribeInstanceTypes',
  'ec2:DescribeLaunchTemplates',
  'ec2:DescribePlacementGroups',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSpotPriceHistory',
  'ec2:DescribeSubnets',
];

function arnOf(policy: ManagedPolicy, service: string, resource: string): string {
  return Stack.of(policy).formatArn({
    service,
    resource: resource.split('/')[0]!,
    resourceName: resource.split('/').slice(1).join('/'),
  });
}

function allow(actions: string[], resources: string[], conditions?: Record<string, unknown>): PolicyStatement {
  return new PolicyStatement({ actions, resources, conditions });
}
