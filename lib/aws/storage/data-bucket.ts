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
import { Problems } from '../../core/errors';
import { demand, required } from '../../core/shapes';
import { checkDataBucket } from './data-bucket-checks';
import { lifecycleOf } from './data-bucket-lifecycle';
import { DataPurpose } from '../../core/data-purpose';
import { onlyThroughEndpoints } from './data-bucket-perimeter';
import { deliverAccessLogs, LogBucket } from './log-bucket';
import { GRANTEE } from '../props/shapes';

/** Properties for `DataBucket`. */
export interface DataBucketProps {
  /** What it holds: it decides the lifecycle. @default DataPurpose.DATASETS */
  readonly purpose?: DataPurpose;
  /** How sensitive its content is: it raises the floor of the other props. @default DataClass.INTERNAL */
  readonly dataClass?: DataClass;
  /** The KMS key of its objects. @default - a new key that rotates every year */
  readonly encryptionKey?: IKey;
  /**
   * The bucket that access logs go to: encrypted by S3 itself (SSE-S3), in the same region and account. An imported one must already
   * let `logging.s3.amazonaws.com` write.
   *
   * @default - a new bucket that keeps them a year
   */
  readonly accessLogs?: IBucket;
  /** Whether replaced and deleted objects can be restored. @default true */
  readonly versioned?: boolean;
  /** Time after which an object goes. Whole days. @default - never; a year for logs */
  readonly keepFor?: Duration;
  /** Time that a replaced or deleted version can be restored. Whole days. @default - by purpose; at least 90 days for restricted data */
  readonly keepOldVersionsFor?: Duration;
  /** Write once, read many: how long no version can be deleted. It can never be switched off again. @default - no lock */
  readonly objectLock?: ObjectLockRetention;
  /**
   * The VPC endpoints through which, alone, its data can be read and written. See `onlyThroughEndpoints` for who is exempt.
   *
   * @default - any network
   */
  readonly vpcEndpoints?: readonly string[];
  /** Roles that `vpcEndpoints` does not bind, e.g. a replication role. @default - none */
  readonly endpointExemptRoles?: readonly IRole[];
  /** What becomes of bucket, key and log bucket when they leave the stack. A first deployment that fails keeps nothing. @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A bucket for the data of AI workloads: encrypted under a key of its own, TLS 1.2 or later, no public access, no ACLs, versioned,
 * logged, with a lifecycle for what it holds.
 */
export class DataBucket extends Construct {
  public readonly bucket: IBucket;
  public readonly encryptionKey: IKey;
  public readonly accessLogs: IBucket;

  constructor(scope: Construct, id: string, props: DataBucketProps = {}) {
    super(scope, id);
    const problems = new Problems();
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
      objectLockDefaultRetention: props.objectLock,
      lifecycleRules: lifecycleOf(purpose, retention),
      removalPolicy,
    });
    deliverAccessLogs(bucket, this.accessLogs, `${Names.uniqueResourceName(this, { maxLength: 100 })}/`);
    if (props.vpcEndpoints?.length) onlyThroughEndpoints(bucket, props.vpcEndpoints, props.endpointExemptRoles);
    if (props.dataClass) Tags.of(this).add(COST_TAG_KEYS.dataClass, props.dataClass);
    this.bucket = bucket;
  }

  /** Lets someone list and read, and decrypt. */
  grantRead(grantee: IGrantable): Grant {
    this.checkGrantee(grantee);
    return this.bucket.grantRead(grantee);
  }

  /** Lets someone write, and encrypt. */
  grantWrite(grantee: IGrantable): Grant {
    this.checkGrantee(grantee);
    return this.bucket.grantWrite(grantee);
  }

  /** Lets someone list, read and write. */
  grantReadWrite(grantee: IGrantable): Grant {
    this.checkGrantee(grantee);
    return this.bucket.grantReadWrite(grantee);
  }

  private checkGrantee(grantee: IGrantable): void {
    demand({ grantee }, { grantee: required(GRANTEE) }, { scope: this });
  }
}
