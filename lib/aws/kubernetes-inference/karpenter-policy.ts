import { Aws, Stack } from 'aws-cdk-lib';
import { type IRole, type ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** What Karpenter needs for the machines of one model. */
export interface MachineRights {
  readonly nodeRole: IRole;
  /** @default - volumes are under the account's own key */
  readonly volumeKey?: IKey;
}

/** What Karpenter may touch. */
export interface KarpenterRights extends MachineRights {
  readonly clusterName: string;
  readonly queue: IQueue;
}

/** Where the rights of Karpenter are written down. */
export const CONTROLLER_RIGHTS = 'https://karpenter.sh/docs/reference/cloudformation/';

/** The tag that Karpenter gives to all that it makes, and by which its rights are limited. */
const CLUSTER_TAG = 'eks:eks-cluster-name';
const POOL_TAG = 'karpenter.sh/nodepool';

/**
 * The rights of Karpenter: it starts machines that carry the cluster's tag, and ends no others. The instance profile is made by the
 * stack, so it makes none.
 *
 * @see https://karpenter.sh/docs/reference/cloudformation/
 */
export function allowKarpenter(policy: ManagedPolicy, rights: KarpenterRights): void {
  const { clusterName, queue } = rights;
  const made = { [`aws:RequestTag/${CLUSTER_TAG}`]: clusterName };
  const owned = { [`aws:ResourceTag/${CLUSTER_TAG}`]: clusterName };
  const ofPool = (kind: 'Request' | 'Resource') => ({ [`aws:${kind}Tag/${POOL_TAG}`]: '*' });
  const ec2 = (...types: string[]) => types.map((type) => arnOf(policy, 'ec2', `${type}/*`));
  policy.addStatements(
    // What a machine is started from and into.
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
    allow(['ec2:RunInstances', 'ec2:CreateFleet', 'ec2:CreateLaunchTemplate'], ec2(...MADE), {
      StringEquals: made,
      StringLike: ofPool('Request'),
    }),
    allow(['ec2:CreateTags'], ec2(...MADE), {
      StringEquals: { ...made, 'ec2:CreateAction': ['RunInstances', 'CreateFleet', 'CreateLaunchTemplate'] },
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
    // Looking cannot be limited to a resource.
    allow(LOOKS, ['*'], { StringEquals: { 'aws:RequestedRegion': Aws.REGION } }),
    allow(['pricing:GetProducts'], ['*']),
    allow(['ssm:GetParameter'], [`arn:${Aws.PARTITION}:ssm:${Aws.REGION}::parameter/aws/service/*`]),
    allow(['sqs:DeleteMessage', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'], [queue.queueArn]),
    allow(
      ['iam:GetInstanceProfile', 'iam:ListInstanceProfiles'],
      [`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:instance-profile/*`],
    ),
    allow(['eks:DescribeCluster'], [arnOf(policy, 'eks', `cluster/${clusterName}`)]),
    ...machineStatements(rights),
  );
}

/** What Karpenter needs to start the machines of one model beside those of others. */
export function machineStatements({ nodeRole, volumeKey }: MachineRights): PolicyStatement[] {
  return [
    allow(['iam:PassRole'], [nodeRole.roleArn], {
      StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] },
    }),
    ...(volumeKey ? volumeStatements(volumeKey) : []),
  ];
}

/** EC2 uses the key on behalf of whoever starts the machine. */
function volumeStatements({ keyArn }: IKey): PolicyStatement[] {
  return [
    allow(
      ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
      [keyArn],
    ),
    allow(['kms:CreateGrant'], [keyArn], { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
  ];
}

const MADE = ['fleet', 'instance', 'volume', 'network-interface', 'launch-template', 'spot-instances-request'];

const LOOKS = [
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
