import { type Duration, Names, RemovalPolicy, Tags } from 'aws-cdk-lib';
import type { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
  type ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { COST_TAG_KEYS } from '../../core/cost-allocation';
import type { DataClass } from '../../core/data-class';
import { ProblemCollector } from '../../core/errors';
import { assertProps, required } from '../../core/prop-schema';
import { checkBucketAttributes, checkDataBucket } from './data-bucket-checks';
import { lifecycleOf } from './data-bucket-lifecycle';
import { DataPurpose } from '../../core/data-purpose';
import { onlyThroughEndpoints } from './data-bucket-perimeter';
import { deliverAccessLogs, LogBucket } from './log-bucket';
import { GRANTABLE } from '../props/prop-types';

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
