import { Aws, Stack } from 'aws-cdk-lib';
import { type IRole, type ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

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
