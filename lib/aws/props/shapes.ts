import { RemovalPolicy } from 'aws-cdk-lib';
import type { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Problems } from '../../core/errors';
import {
  ANYTHING,
  FLAG,
  having,
  type Kind,
  kind,
  listOf,
  objectOf,
  oneOf,
  recordOf,
  TEXT,
  TEXT_OR_EMPTY,
} from '../../core/shapes';

/*
 * Kinds of the CDK's types. By their members and never by `instanceof`: most are interfaces, and a user's own class may stand for one.
 */

export const VPC: Kind = having(
  'a VPC',
  ['vpcId', 'privateSubnets', 'isolatedSubnets', 'selectSubnets'],
  'Pass the VPC itself, e.g. of Vpc.fromLookup, not its id.',
);

export const SUBNET: Kind = having(
  'a subnet',
  ['subnetId', 'availabilityZone', 'node'],
  'Pass the subnet itself, e.g. vpc.privateSubnets[0], not its id.',
);

export const SUBNETS: Kind = listOf(SUBNET);

export const SUBNET_SELECTION: Kind = objectOf<SubnetSelection>(
  {
    availabilityZones: ANYTHING,
    onePerAz: FLAG,
    subnetFilters: ANYTHING,
    subnetGroupName: TEXT,
    subnetType: TEXT,
    subnets: ANYTHING,
  },
  'a selection of subnets, e.g. { subnets: […] }',
);

export const SECURITY_GROUP: Kind = having(
  'a security group',
  ['securityGroupId', 'connections', 'addIngressRule'],
  'Pass the group itself, e.g. of SecurityGroup.fromSecurityGroupId.',
);

export const CONNECTABLE: Kind = having(
  'something with connections',
  ['connections'],
  'Pass nodes or a security group.',
);

export const ROLE: Kind = having(
  'a role',
  ['roleArn', 'grantPrincipal'],
  'Pass the role itself, e.g. of Role.fromRoleArn.',
);

export const GRANTEE: Kind = having('someone to grant to', ['grantPrincipal'], 'Pass a role, a user or a function.');

export const KEY: Kind = having(
  'a KMS key',
  ['keyArn', 'keyId', 'addToResourcePolicy'],
  'Pass the key itself, e.g. of Key.fromKeyArn.',
);

const BUCKET_FIX = 'Pass the bucket itself, e.g. of Bucket.fromBucketName.';

export const BUCKET: Kind = having('a bucket', ['bucketArn', 'bucketName', 'grantRead'], BUCKET_FIX);

export const TOPIC: Kind = having(
  'an SNS topic',
  ['topicArn', 'addSubscription'],
  'Pass the topic itself, e.g. of an AlertTopic.',
);

export const LAYER: Kind = having(
  'a Lambda layer',
  ['layerVersionArn'],
  'Pass the layer itself, e.g. new KubectlV36Layer(…).',
);

export const KUBERNETES_VERSION: Kind = kind(
  'a KubernetesVersion',
  (value) => typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'string',
  (value) => (typeof value === 'string' ? `Use KubernetesVersion.of('${value}').` : 'Use KubernetesVersion.V1_36.'),
);

export const ENDPOINT_ACCESS: Kind = having(
  'an EndpointAccess',
  ['onlyFrom'],
  'Use EndpointAccess.PRIVATE or its like.',
);

export const INSTANCE_TYPE: Kind = having(
  'an InstanceType',
  ['architecture', 'toString'],
  "Use new InstanceType('m7i.xlarge').",
);

export const ENDPOINT_SERVICE: Kind = having(
  'an AWS service that has an endpoint',
  ['name', 'port'],
  'Use InterfaceVpcEndpointAwsService.ECR or its like.',
);

export const DURATION: Kind = kind('a Duration', hasDays, (value) =>
  typeof value === 'number' ? `Use Duration.days(${value}).` : 'Use Duration.days(…).',
);

function hasDays(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'toDays' in value && 'isUnresolved' in value;
}

export const OBJECT_LOCK: Kind = kind(
  'an ObjectLockRetention',
  (value) => typeof value === 'object' && value !== null && 'duration' in value && hasDays(value.duration),
  'Use ObjectLockRetention.governance(Duration.days(…)).',
);

export const MAINTENANCE_TIME: Kind = having(
  'a LustreMaintenanceTime',
  ['toTimestamp'],
  'Use new LustreMaintenanceTime({ day, hour, minute }).',
);

export const REMOVAL_POLICY: Kind = enumerated('a RemovalPolicy', () => Object.values(RemovalPolicy));

export const RETENTION_DAYS: Kind = enumerated('a RetentionDays', () =>
  Object.values(RetentionDays).filter((value): value is RetentionDays => typeof value === 'number'),
);

/** A value of an enum of the CDK, which is read when a value is judged: to name it while modules load would load its classes. */
function enumerated(allowed: string, values: () => readonly (string | number)[]): Kind {
  return {
    allowed,
    fits: (problems, prop, value) => value === undefined || oneOf(values()).fits(problems, prop, value),
  };
}

export const TEXTS: Kind = listOf(TEXT);

export const LABELS: Kind = recordOf(TEXT_OR_EMPTY);

/** A bucket of this library, or any other. */
export const DATA_STORE: Kind = kind('a DataBucket or another bucket', isDataStore, BUCKET_FIX);

function isDataStore(value: unknown): boolean {
  return (
    isBucket(value) || (typeof value === 'object' && value !== null && 'bucket' in value && isBucket(value.bucket))
  );
}

function isBucket(value: unknown): boolean {
  return BUCKET.fits(new Problems(), '', value ?? null);
}

const CLUSTER_SHAPE = having('an EKS cluster', ['clusterName', 'vpc'], 'Pass a cluster of aws-eks-v2, not its name.');

/** What of an imported cluster is read, and throws where nobody said it. */
const OF_CLUSTERS = ['vpc', 'clusterSecurityGroup'] as const;

export const CLUSTER: Kind = {
  allowed: CLUSTER_SHAPE.allowed,
  fits: (problems, prop, value) => {
    if (value === undefined) return true;
    if (!CLUSTER_SHAPE.fits(problems, prop, value)) return false;
    const unknown = OF_CLUSTERS.filter((member) => !isReadable(value as Record<string, unknown>, member));
    if (unknown.length === 0) return true;
    problems.add({
      code: 'ClusterOption',
      prop,
      allowed: `a cluster whose ${unknown.join(' and ')} are known`,
      got: value,
      fix: 'Pass vpc and clusterSecurityGroupId to Cluster.fromClusterAttributes.',
    });
    return false;
  },
};

function isReadable(object: Readonly<Record<string, unknown>>, member: string): boolean {
  try {
    return object[member] !== undefined;
  } catch {
    return false;
  }
}
