import { type Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import type { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ProblemCollector } from '../../core/errors';
import { gatewayAuthorization } from '../../core/prop-types';
import {
  ANY,
  BOOLEAN,
  hasMembers,
  type PropType,
  propType,
  listOf,
  NUMBER,
  objectOf,
  STRING,
} from '../../core/prop-schema';

/*
 * Types of the CDK, tested by their members and never by `instanceof`: most are interfaces, and a user's own class can implement them.
 */

export const VPC: PropType = hasMembers(
  'a VPC',
  ['vpcId', 'privateSubnets', 'isolatedSubnets', 'selectSubnets'],
  'Pass the VPC itself, for example from Vpc.fromLookup, not its id.',
);

export const SUBNET: PropType = hasMembers(
  'a subnet',
  ['subnetId', 'availabilityZone', 'node'],
  'Pass the subnet itself, for example vpc.privateSubnets[0], not its id.',
);

export const SUBNETS: PropType = listOf(SUBNET);

export const SUBNET_SELECTION: PropType = objectOf<SubnetSelection>(
  () => ({
    availabilityZones: ANY,
    onePerAz: BOOLEAN,
    subnetFilters: ANY,
    subnetGroupName: STRING,
    subnetType: STRING,
    subnets: ANY,
  }),
  'a selection of subnets, for example { subnets: […] }',
);

export const SECURITY_GROUP: PropType = hasMembers(
  'a security group',
  ['securityGroupId', 'connections', 'addIngressRule'],
  'Pass the security group itself, for example from SecurityGroup.fromSecurityGroupId.',
);

export const CONNECTABLE: PropType = hasMembers(
  'an IConnectable',
  ['connections'],
  'Pass a node group or a security group.',
);

export const ROLE: PropType = hasMembers(
  'a role',
  ['roleArn', 'grantPrincipal'],
  'Pass the role itself, for example from Role.fromRoleArn.',
);

export const GRANTABLE: PropType = hasMembers(
  'an IGrantable',
  ['grantPrincipal'],
  'Pass a role, a user, or a function.',
);

export const KEY: PropType = hasMembers(
  'a KMS key',
  ['keyArn', 'keyId', 'addToResourcePolicy'],
  'Pass the key itself, for example from Key.fromKeyArn.',
);

const BUCKET_FIX = 'Pass the bucket itself, for example from Bucket.fromBucketName.';

export const BUCKET: PropType = hasMembers('a bucket', ['bucketArn', 'bucketName', 'grantRead'], BUCKET_FIX);

export const TOPIC: PropType = hasMembers(
  'an SNS topic',
  ['topicArn', 'addSubscription'],
  'Pass the topic itself, for example that of an AlertTopic.',
);

export const LAYER_VERSION: PropType = hasMembers(
  'a Lambda layer',
  ['layerVersionArn'],
  'Pass the layer itself, for example new KubectlV36Layer(…).',
);

export const KUBERNETES_VERSION: PropType = propType(
  'a KubernetesVersion',
  (value) => typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'string',
  (value) => (typeof value === 'string' ? `Use KubernetesVersion.of('${value}').` : 'Use KubernetesVersion.V1_36.'),
);

export const ENDPOINT_ACCESS: PropType = hasMembers(
  'an EndpointAccess',
  ['onlyFrom'],
  'Use a member of EndpointAccess, for example EndpointAccess.PRIVATE.',
);

export const INSTANCE_TYPE: PropType = hasMembers(
  'an InstanceType',
  ['architecture', 'toString'],
  "Use new InstanceType('m7i.xlarge').",
);

export const INTERFACE_VPC_ENDPOINT_AWS_SERVICE: PropType = hasMembers(
  'an AWS service with an interface endpoint',
  ['name', 'port'],
  'Use a member of InterfaceVpcEndpointAwsService, for example InterfaceVpcEndpointAwsService.ECR.',
);

export const DURATION: PropType = propType('a Duration', hasDays, (value) =>
  typeof value === 'number' ? `Use Duration.days(${value}).` : 'Use Duration.days(…).',
);

/** A size, of any copy of the CDK. */
export const SIZE: PropType = propType('a Size', hasGibibytes, (value) =>
  typeof value === 'number' ? `Use Size.gibibytes(${value}).` : 'Use Size.gibibytes(…).',
);

function hasGibibytes(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'toGibibytes' in value && 'isUnresolved' in value;
}

/** A size in GiB, not rounded. */
export function gibOf(size: Size): number;
export function gibOf(size: Size | undefined): number | undefined;
export function gibOf(size: Size | undefined): number | undefined {
  return size?.toGibibytes({ rounding: SizeRoundingBehavior.NONE });
}

function hasDays(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'toDays' in value && 'isUnresolved' in value;
}

export const OBJECT_LOCK_RETENTION: PropType = propType(
  'an ObjectLockRetention',
  (value) => typeof value === 'object' && value !== null && 'duration' in value && hasDays(value.duration),
  'Use ObjectLockRetention.governance(Duration.days(…)).',
);

export const LUSTRE_MAINTENANCE_TIME: PropType = hasMembers(
  'a LustreMaintenanceTime',
  ['toTimestamp'],
  'Use new LustreMaintenanceTime({ day, hour, minute }).',
);

export const SCHEDULE_EXPRESSION: PropType = hasMembers(
  'a ScheduleExpression',
  ['expressionString'],
  "Use ScheduleExpression.cron({ hour: '2', minute: '0' }).",
);

export const SCHEDULE: PropType = hasMembers(
  'a Schedule',
  ['expressionString'],
  "Use Schedule.cron({ hour: '8', minute: '0' }).",
);

export const USER_POOL: PropType = hasMembers(
  'a user pool',
  ['userPoolId', 'userPoolArn'],
  'Pass the pool itself, for example from UserPool.fromUserPoolId.',
);

export const AUTHORIZER: PropType = hasMembers(
  'an authorizer of a REST API',
  ['authorizerId'],
  'Pass an authorizer of aws-apigateway, for example a TokenAuthorizer.',
);

export const VPC_ENDPOINT: PropType = hasMembers(
  'a VPC endpoint',
  ['vpcEndpointId'],
  'Pass the endpoint itself, not its id.',
);

export const REPOSITORY: PropType = hasMembers(
  'an ECR repository',
  ['repositoryArn', 'repositoryUriForTagOrDigest', 'grantPull'],
  'Pass the repository, for example Repository.fromRepositoryName(…).',
);

export const CERTIFICATE: PropType = hasMembers(
  'a certificate',
  ['certificateArn'],
  'Pass the certificate, for example Certificate.fromCertificateArn(…).',
);

/** Size of a request body. */
export const BODY_SIZE: PropType = hasMembers('a Size', ['toKibibytes', 'isUnresolved'], (value) =>
  typeof value === 'number' ? `Use Size.kibibytes(${value}).` : 'Use Size.kibibytes(…).',
);

export const IMAGE_VERSION: PropType = propType(
  'a release of the EKS image, for example v20261105',
  (value) => typeof value === 'string' && /^v\d{8}$/.test(value),
  'Use a release of https://github.com/awslabs/amazon-eks-ami/releases, or leave it out.',
);

/** A number of nodes. The rule on its values says "whole", and so does the rule on its type. */
export const WHOLE_NODES: PropType = { ...NUMBER, allowed: 'a whole number of nodes' };

export const STRINGS: PropType = listOf(STRING);

/** A `DataBucket`, or any bucket of the CDK. */
export const DATA_BUCKET: PropType = propType('a DataBucket or another bucket', isDataBucket, BUCKET_FIX);

function isDataBucket(value: unknown): boolean {
  return (
    isBucket(value) || (typeof value === 'object' && value !== null && 'bucket' in value && isBucket(value.bucket))
  );
}

function isBucket(value: unknown): boolean {
  return BUCKET.validate(new ProblemCollector(), '', value ?? null);
}

const CLUSTER_MEMBERS = hasMembers(
  'an EKS cluster',
  ['clusterName', 'vpc'],
  'Pass a cluster of aws-eks-v2, not its name.',
);

/** Attributes that the library reads. On an imported cluster they throw if they were not given. */
const CLUSTER_ATTRIBUTES = ['vpc', 'clusterSecurityGroup'] as const;

export const CLUSTER: PropType = {
  allowed: CLUSTER_MEMBERS.allowed,
  validate: (problems, prop, value) => {
    if (value === undefined) return true;
    if (!CLUSTER_MEMBERS.validate(problems, prop, value)) return false;
    if (isOfFirstModule(value)) {
      problems.add({
        code: 'ClusterOption',
        prop,
        allowed: 'a cluster of aws-cdk-lib/aws-eks-v2',
        got: 'a cluster of aws-cdk-lib/aws-eks',
        fix: 'Import it with Cluster.fromClusterAttributes of aws-cdk-lib/aws-eks-v2. Its resources do not change.',
      });
      return false;
    }
    const unknown = CLUSTER_ATTRIBUTES.filter((member) => !isReadable(value as Record<string, unknown>, member));
    if (unknown.length === 0) return true;
    problems.add({
      code: 'ClusterOption',
      prop,
      allowed: `a cluster with a known ${unknown.join(' and ')}`,
      got: value,
      fix: 'Pass vpc and clusterSecurityGroupId to Cluster.fromClusterAttributes.',
    });
    return false;
  },
};

/** Returns whether a cluster is of the module aws-eks, whose kubectl has a role of its own. */
function isOfFirstModule(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('kubectlRole' in value || 'awsAuth' in value);
}

function isReadable(object: Readonly<Record<string, unknown>>, member: string): boolean {
  try {
    return object[member] !== undefined;
  } catch {
    return false;
  }
}

export const TIME_ZONE: PropType = hasMembers(
  'a TimeZone',
  ['timezoneName'],
  "Use TimeZone.of('Europe/Berlin') or a static member of TimeZone.",
);

export const GATEWAY_AUTHORIZATION: PropType = gatewayAuthorization('aws', 'Use GatewayAuthorization.iam().');
