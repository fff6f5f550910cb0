import { Duration, Names, RemovalPolicy, Tags, Token, Stack } from 'aws-cdk-lib';
import {
  type Grant,
  type IGrantable,
  type IRole,
  AnyPrincipal,
  Effect,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
  type ObjectLockRetention,
  type LifecycleRule,
  StorageClass,
  type CfnBucket,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { COST_TAG_KEYS } from '../../core/cost-allocation';
import { DataClass, DATA_CLASS_FLOORS } from '../../core/data-class';
import { ProblemCollector } from '../../core/errors';
import { assertProps, required, validateProps } from '../../core/prop-schema';
import { DataPurpose, PURPOSES, type Retention } from '../../core/data-purpose';
import { GRANTABLE } from '../props/prop-types';
import { isKnown } from '../props/tokens';
import { DATA_BUCKET_ATTRIBUTES, DATA_BUCKET_PROPS } from '../prop-schemas';

/** A bucket for data: a `DataBucket`, or any other bucket of the CDK. */
export type IDataBucket = DataBucket | IBucket;

/** Properties for `DataBucket`. */
export interface DataBucketProps {
  /** What the bucket holds. Selects the lifecycle rules. @default DataPurpose.DATASETS */
  readonly purpose?: DataPurpose;
  /** Sensitivity of the content. Sets minimum values for the other props. @default DataClass.INTERNAL */
  readonly dataClass?: DataClass;
  /** KMS key of the objects. @default - a new key that rotates every year */
  readonly encryptionKey?: IKey;
  /**
   * Bucket that receives the access logs. It must use SSE-S3 encryption, and be in the same region and account. The policy of an imported
   * bucket must already allow `logging.s3.amazonaws.com` to write.
   *
   * @default - a new bucket that keeps logs for a year
   */
  readonly accessLogs?: IBucket;
  /** Whether replaced and deleted objects can be restored. @default true */
  readonly versioned?: boolean;
  /** Age at which S3 deletes an object. Whole days. @default - never; one year for logs */
  readonly expiration?: Duration;
  /** Time to restore a replaced or deleted version. Whole days. @default - depends on `purpose`; at least 90 days for restricted data */
  readonly noncurrentVersionExpiration?: Duration;
  /** Object Lock: nobody can delete a version before this time has passed. It can never be switched off. @default - no Object Lock */
  readonly retention?: ObjectLockRetention;
  /**
   * IDs of the only VPC endpoints through which principals can read and write data. Administrators can change the bucket from anywhere, and
   * AWS services and service-linked roles of the account keep their access.
   *
   * @default - any network
   */
  readonly vpcEndpoints?: readonly string[];
  /** Roles that can use any network in spite of `vpcEndpoints`, such as a replication role. @default - none */
  readonly endpointExemptRoles?: readonly IRole[];
  /**
   * What happens to the bucket, the key, and the log bucket when they leave the stack. A first deployment that fails deletes them.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Attributes of an existing bucket. Set `bucketName` or `bucketArn`. */
export interface DataBucketAttributes {
  /** Name of the bucket. @default - from `bucketArn` */
  readonly bucketName?: string;
  /** ARN of the bucket. @default - from `bucketName` */
  readonly bucketArn?: string;
  /** ARN of the KMS key of the objects. Grants then include the key. @default - S3 encrypts the bucket with a key that needs no grants */
  readonly encryptionKeyArn?: string;
}

/**
 * An S3 bucket for the data of AI workloads. It is encrypted under a KMS key, private, and versioned. It requires TLS 1.2 or later, and has
 * access logs and a lifecycle for its purpose.
 *
 * @example
 * ```ts
 * import { DataBucket, DataClass, DataPurpose } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Data');
 * new DataBucket(stack, 'Checkpoints', { purpose: DataPurpose.CHECKPOINTS, dataClass: DataClass.CONFIDENTIAL });
 * ```
 */
export class DataBucket extends Construct {
  /** Imports an existing bucket. With the ARN of its key, grants include the key. */
  static fromDataBucketAttributes(scope: Construct, id: string, attrs: DataBucketAttributes): IBucket {
    checkBucketAttributes(scope, attrs);
    const { bucketName, bucketArn, encryptionKeyArn } = attrs;
    const imported = new Construct(scope, id);
    const encryptionKey =
      encryptionKeyArn === undefined ? undefined : Key.fromKeyArn(imported, 'Key', encryptionKeyArn);
    return Bucket.fromBucketAttributes(imported, 'Resource', { bucketName, bucketArn, encryptionKey });
  }

  /** The S3 bucket. */
  public readonly bucket: IBucket;
  /** KMS key of the objects. */
  public readonly encryptionKey: IKey;
  /** Bucket that receives the access logs. */
  public readonly accessLogs: IBucket;

  constructor(scope: Construct, id: string, props: DataBucketProps = {}) {
    super(scope, id);
    const problems = new ProblemCollector();
    const retention = checkDataBucket(problems, props);
    problems.throwIfAny(this);
    const {
      purpose = DataPurpose.DATASETS,
      removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      versioned = true,
    } = props;

    this.encryptionKey = props.encryptionKey ?? new Key(this, 'Key', { enableKeyRotation: true, removalPolicy });
    this.accessLogs = props.accessLogs ?? new LogBucket(this, 'AccessLogs', { removalPolicy }).bucket;
    const bucket = new Bucket(this, 'Resource', {
      encryption: BucketEncryption.KMS,
      encryptionKey: this.encryptionKey,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned,
      objectLockDefaultRetention: props.retention,
      lifecycleRules: lifecycleOf(purpose, retention),
      removalPolicy,
    });
    deliverAccessLogs(bucket, this.accessLogs, `${Names.uniqueResourceName(this, { maxLength: 100 })}/`);
    if (props.vpcEndpoints?.length) onlyThroughEndpoints(bucket, props.vpcEndpoints, props.endpointExemptRoles);
    if (props.dataClass) Tags.of(this).add(COST_TAG_KEYS.dataClass, props.dataClass);
    this.bucket = bucket;
  }

  /** Grants permission to list, read, and decrypt objects. */
  grantRead(grantee: IGrantable): Grant {
    this.checkGrantee(grantee);
    return this.bucket.grantRead(grantee);
  }

  /** Grants permission to write and encrypt objects. */
  grantWrite(grantee: IGrantable): Grant {
    this.checkGrantee(grantee);
    return this.bucket.grantWrite(grantee);
  }

  /** Grants permission to list, read, and write objects. */
  grantReadWrite(grantee: IGrantable): Grant {
    this.checkGrantee(grantee);
    return this.bucket.grantReadWrite(grantee);
  }

  private checkGrantee(grantee: IGrantable): void {
    assertProps({ grantee }, { grantee: required(GRANTABLE) }, { scope: this });
  }
}

const ENDPOINT_ID = /^vpce-[0-9a-f]{8,17}$/;

/** Throws if attributes do not identify a bucket. */
export function checkBucketAttributes(scope: Construct, attrs: DataBucketAttributes): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, attrs, DATA_BUCKET_ATTRIBUTES, 'attrs');
  if (typed && attrs.bucketName === undefined && attrs.bucketArn === undefined) {
    const fix = 'Set bucketName or bucketArn.';
    problems.add({ code: 'ValueMissing', prop: 'bucketName', allowed: 'a string', got: undefined, fix });
  }
  problems.throwIfAny(scope);
}

/** Adds each problem with the props of a bucket, and returns its retention times. */
export function checkDataBucket(problems: ProblemCollector, props: DataBucketProps): Retention {
  return validateProps(problems, props, DATA_BUCKET_PROPS) ? checkRetention(problems, props) : {};
}

function checkRetention(problems: ProblemCollector, props: DataBucketProps): Retention {
  const { dataClass = DataClass.INTERNAL, purpose = DataPurpose.DATASETS, versioned = true } = props;
  const floor = DATA_CLASS_FLOORS[dataClass];
  const below = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'DataClassFloor', prop, allowed: `${allowed} for ${dataClass} data`, got, fix });

  if (floor.versioned && !versioned) below('versioned', 'true', versioned, 'Remove versioned.');
  if (floor.retained && !retains(props.removalPolicy)) {
    below('removalPolicy', 'RETAIN or RETAIN_ON_UPDATE_OR_DELETE', props.removalPolicy, 'Remove removalPolicy.');
  }
  if (floor.customerKey && isAwsManaged(props.encryptionKey)) {
    below(
      'encryptionKey',
      'a customer managed key',
      'an AWS managed key',
      'Pass your own key, or remove it for a new one.',
    );
  }
  checkEndpoints(problems, props.vpcEndpoints);

  const lockDays = daysOf(problems, 'retention', props.retention?.duration);
  const expirationDays = daysOf(problems, 'expiration', props.expiration) ?? defaultKeepDays(purpose, lockDays);
  const givenDays = daysOf(problems, 'noncurrentVersionExpiration', props.noncurrentVersionExpiration);
  if (givenDays !== undefined && Math.max(givenDays, lockDays ?? 0) < floor.oldVersionDays) {
    below(
      'noncurrentVersionExpiration',
      `at least ${floor.oldVersionDays} days`,
      `${givenDays} days`,
      'Raise it, or set a retention of that length.',
    );
  }
  const oldVersionDays = givenDays ?? Math.max(PURPOSES[purpose].oldVersionDays, floor.oldVersionDays, lockDays ?? 0);
  checkLock(problems, { versioned, lockDays, expirationDays, oldVersionDays });
  return { expirationDays, oldVersionDays: versioned ? oldVersionDays : undefined };
}

function retains(policy = RemovalPolicy.RETAIN): boolean {
  return policy === RemovalPolicy.RETAIN || policy === RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
}

function defaultKeepDays(purpose: DataPurpose, lockDays = 0): number | undefined {
  const { expirationDays } = PURPOSES[purpose];
  return expirationDays === undefined ? undefined : Math.max(expirationDays, lockDays);
}

interface LockCheck extends Retention {
  readonly versioned: boolean;
  readonly lockDays?: number;
}

function checkLock(
  problems: ProblemCollector,
  { versioned, lockDays, expirationDays, oldVersionDays }: LockCheck,
): void {
  if (lockDays === undefined) return;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'BucketRetention', prop, allowed, got, fix });
  if (!versioned) wrong('versioned', 'true, because Object Lock protects versions', versioned, 'Remove versioned.');
  const min = `at least the ${lockDays} days of retention`;
  if (expirationDays !== undefined && expirationDays < lockDays) {
    wrong('expiration', min, `${expirationDays} days`, 'Raise expiration, or shorten the retention.');
  }
  if (oldVersionDays !== undefined && oldVersionDays < lockDays) {
    wrong('noncurrentVersionExpiration', min, `${oldVersionDays} days`, 'Raise it, or shorten the retention.');
  }
}

function daysOf(problems: ProblemCollector, prop: string, duration: Duration | undefined): number | undefined {
  if (duration === undefined) return undefined;
  if (duration.isUnresolved()) {
    isKnown(problems, prop, duration.toDays());
    return undefined;
  }
  const days = duration.toDays({ integral: false });
  if (Number.isInteger(days) && days >= 1) return days;
  problems.add({
    code: 'BucketRetention',
    prop,
    allowed: 'a whole number of days, at least 1',
    got: duration.toHumanString(),
    fix: 'Use Duration.days(…).',
  });
  return undefined;
}

function checkEndpoints(problems: ProblemCollector, endpoints: readonly string[] = []): void {
  for (const [index, id] of endpoints.entries()) {
    if (Token.isUnresolved(id) || ENDPOINT_ID.test(id)) continue;
    problems.add({
      code: 'EndpointId',
      prop: `vpcEndpoints[${index}]`,
      allowed: 'a VPC endpoint ID, for example vpce-0123456789abcdef0',
      got: id,
      fix: 'Pass the ID of the endpoint, not of the VPC.',
    });
  }
}

/** Only an alias shows this: the ARN of a key does not say who manages it. */
function isAwsManaged(key: IKey | undefined): boolean {
  const alias: unknown = key !== undefined && 'aliasName' in key ? key.aliasName : undefined;
  return typeof alias === 'string' && alias.startsWith('alias/aws/');
}

/** The S3 bucket of a data bucket. A module of its own, so that its users do not load `DataBucket`. */
export function bucketOf(dataBucket: IDataBucket): IBucket {
  return 'bucket' in dataBucket ? dataBucket.bucket : dataBucket;
}

/** The lifecycle rules for a purpose. They always delete the parts of incomplete uploads after a week. */
export function lifecycleOf(purpose: DataPurpose, retention: Retention): LifecycleRule[] {
  const { expirationDays, oldVersionDays } = retention;
  return [
    {
      id: 'Retention',
      abortIncompleteMultipartUploadAfter: Duration.days(7),
      ...(oldVersionDays !== undefined && { noncurrentVersionExpiration: Duration.days(oldVersionDays) }),
      // S3 accepts only one of the two: if objects expire by age, it removes their delete markers itself.
      ...(expirationDays === undefined
        ? { expiredObjectDeleteMarker: true }
        : { expiration: Duration.days(expirationDays) }),
    },
    ...(PURPOSES[purpose].tiering
      ? [
          {
            id: 'Tiering',
            transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(0) }],
          },
        ]
      : []),
  ];
}

/** Actions on data. Actions that configure the bucket are excluded on purpose: see below. */
const DATA_ACTIONS = [
  's3:GetObject*',
  's3:PutObject*',
  's3:DeleteObject*',
  's3:RestoreObject',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts',
  's3:ListBucket*',
];

/**
 * Denies access to the data of a bucket for requests that do not use one of these VPC endpoints.
 *
 * The following requests are exempt:
 * - configuration of the bucket, from anywhere. CloudFormation and administrators can always change this policy, so nobody is locked out;
 * - AWS services that act for themselves, for example log delivery (`aws:PrincipalIsAWSService`);
 * - AWS services that act for a permitted caller, for example Athena (`aws:ViaAWSService`);
 * - service-linked roles of this account. FSx for Lustre reads and writes a linked bucket through one;
 * - the roles in `exempt`. A service that assumes a role, such as S3 replication, uses its own network.
 *
 * An exemption grants nothing: it leaves the decision to the other policies.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/using-service-linked-roles.html
 */
export function onlyThroughEndpoints(
  bucket: IBucket,
  vpcEndpoints: readonly string[],
  exempt: readonly IRole[] = [],
): void {
  const { partition, account } = Stack.of(bucket);
  const serviceLinkedRoles = `arn:${partition}:iam::${account}:role/aws-service-role/*`;
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OnlyThroughVpcEndpoints',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: DATA_ACTIONS,
      resources: [bucket.bucketArn, bucket.arnForObjects('*')],
      conditions: {
        StringNotEquals: { 'aws:SourceVpce': vpcEndpoints },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
        ArnNotLikeIfExists: { 'aws:PrincipalArn': [serviceLinkedRoles, ...exempt.map((role) => role.roleArn)] },
      },
    }),
  );
}

/** Properties for `LogBucket`. */
export interface LogBucketProps {
  /** What happens to the bucket when it leaves the stack. */
  readonly removalPolicy: RemovalPolicy;
  /** Days before access logs expire. @default 365 */
  readonly expirationDays?: number;
}

/**
 * A bucket for access logs: private, TLS only, encrypted with SSE-S3. Log delivery does not support a KMS key or a default Object Lock
 * retention on its target.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export class LogBucket extends Construct {
  /** The S3 bucket. */
  public readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Resource', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: props.removalPolicy,
      lifecycleRules: [
        {
          id: 'Expire',
          expiration: Duration.days(props.expirationDays ?? 365),
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
  }
}

/**
 * Delivers the access logs of a bucket to another bucket, by bucket policy. Without a feature flag, the L2 prop sets an ACL instead, which a
 * bucket with an enforced owner rejects. An imported target must have the policy statement already.
 */
export function deliverAccessLogs(source: Bucket, target: IBucket, prefix: string): void {
  const { account } = Stack.of(source);
  const sameStack = Stack.of(source) === Stack.of(target);
  target.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AccessLogDelivery',
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [target.arnForObjects(`${prefix}*`)],
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        // Across stacks the ARN would create a dependency cycle.
        ...(sameStack && { ArnLike: { 'aws:SourceArn': source.bucketArn } }),
      },
    }),
  );
  const resource = source.node.defaultChild as CfnBucket;
  resource.loggingConfiguration = { destinationBucketName: target.bucketName, logFilePrefix: prefix };
}
