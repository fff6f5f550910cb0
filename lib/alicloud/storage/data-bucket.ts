import { Construct } from 'constructs';
import { COST_TAG_KEYS } from '../../core/cost-allocation';
import { DATA_CLASS_FLOORS, DataClass } from '../../core/data-class';
import { DataPurpose, PURPOSES, type Retention } from '../../core/data-purpose';
import { ProblemCollector } from '../../core/errors';
import { assertProps, required, STRING, validateProps } from '../../core/prop-schema';
import { checkKept, type RetentionLimits } from '../../terraform/bucket-retention';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { isUnknown } from '../../terraform/tokens';
import { CurrentAccount } from '../operations/current-account';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { policyText } from '../operations/ram';
import {
  OssBucket,
  OssBucketAcl,
  type OssBucketConfig,
  OssBucketHttpsConfig,
  OssBucketLogging,
  OssBucketPolicy,
  OssBucketPublicAccessBlock,
  OssBucketServerSideEncryption,
  OssBucketVersioning,
  OssBucketWorm,
  type RamRolePolicyAttachment,
} from '../provider/alicloud';
import { DATA_BUCKET_PROPS } from '../prop-schemas';
import { grantBucket } from './bucket-grants';

/** An OSS bucket: a new `DataBucket` or an existing bucket. */
export interface IDataBucket {
  /** Name of the bucket. */
  readonly name: string;
  /** Key of the objects, which readers need. @default - none; grants have no permission for a key */
  readonly encryptionKey?: IEncryptionKey;
}

/** Number and location of the copies of data. */
export enum StorageRedundancy {
  /** Copies in one zone. */
  LOCAL = 'LRS',
  /** Copies in several zones of the region. */
  ZONES = 'ZRS',
}

/** A period in which no object can be deleted or replaced. */
export interface RetentionLock {
  /** Whole days, up to 25,550. */
  readonly days: number;
  /**
   * Whether the lock is permanent: nobody can shorten or remove it, and the bucket cannot be deleted before it ends. It must be `true`, because OSS
   * cancels a lock that is not permanent after 24 hours.
   *
   * @default false
   */
  readonly permanent?: boolean;
}

/** Properties for `DataBucket`. */
export interface DataBucketProps {
  /** Content of the bucket, which determines the lifecycle. @default DataPurpose.DATASETS */
  readonly purpose?: DataPurpose;
  /** Sensitivity of the content, which sets minimums for the other props. @default DataClass.INTERNAL */
  readonly dataClass?: DataClass;
  /**
   * Key for the objects, in the region of the provider.
   *
   * @default - the KMS key that OSS manages; `EncryptionKey.of(scope)` for confidential and restricted data
   */
  readonly encryptionKey?: IEncryptionKey;
  /** Bucket for access logs, in the same region and account. @default - none; ActionTrail records access if the account enables it */
  readonly accessLogs?: IDataBucket;
  /** Whether replaced and deleted objects can be restored. @default true */
  readonly versioned?: boolean;
  /** Number and location of copies. It can never change. @default StorageRedundancy.ZONES */
  readonly redundancy?: StorageRedundancy;
  /** Days after which an object is deleted. @default - never, or one year for logs */
  readonly expirationDays?: number;
  /** Days that a noncurrent version is kept. @default - depends on the purpose; at least 90 for restricted data */
  readonly noncurrentVersionExpirationDays?: number;
  /** Retention policy of the bucket. @default - none */
  readonly retention?: RetentionLock;
}

/** @see https://help.aliyun.com/zh/cpfs/developer-reference/api-nas-2017-06-26-createdataflow-cpfs */
const DATA_FLOW_TAG = 'cpfs-dataflow';

/** A bucket has 3 to 63 characters, and an account ID 16 digits. @see https://www.alibabacloud.com/help/en/oss/user-guide/bucket-naming-conventions */
const LONGEST_PREFIX = 63 - 17;

/** Days without access after which an object moves to Infrequent Access, which charges for at least 30 days. */
const TIERING_DAYS = 30;

/** Parts of incomplete uploads are always deleted after a week. */
const UPLOAD_DAYS = 7;

/** Days of a retention policy: 1 day to 70 years. @see https://www.alibabacloud.com/help/en/oss/developer-reference/initiatebucketworm */
const LONGEST_LOCK_DAYS = 70 * 365;
const LONGEST_DAYS = 36_500;
const LIMITS: RetentionLimits = {
  service: 'OSS',
  softDelete: { min: 0, max: 0 },
  longestLockDays: LONGEST_LOCK_DAYS,
  longestLifeDays: LONGEST_DAYS,
  longestVersionDays: LONGEST_DAYS,
};

/** Attributes of a bucket that resources of their own set. Without this, each plan would show a change. */
const SET_ELSEWHERE = ['logging', 'policy', 'server_side_encryption_rule', 'versioning'];

/**
 * An OSS bucket for AI workloads, encrypted with a KMS key of yours or of OSS.
 *
 * It has no public access, accepts only HTTPS with TLS 1.2 or later, keeps noncurrent versions, and has a lifecycle for its purpose. Terraform never
 * destroys it.
 *
 * @example
 * ```ts
 * import { DataBucket, DataPurpose } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const checkpoints = new DataBucket(stack, 'Checkpoints', { purpose: DataPurpose.CHECKPOINTS });
 * checkpoints.grantReadWrite('Trainer', 'trainer-role');
 * ```
 */
export class DataBucket extends Construct implements IDataBucket {
  /** An existing bucket. */
  static fromBucketName(scope: Construct, id: string, name: string): IDataBucket {
    return new ExistingBucket(scope, id, name);
  }

  /** The bucket in Terraform. */
  public readonly resource: OssBucket;
  /** Key for the objects. Undefined for the KMS key that OSS manages. */
  public readonly encryptionKey?: IEncryptionKey;

  constructor(scope: Construct, id: string, props: DataBucketProps = {}) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    const retention = checkDataBucket(problems, props);
    problems.throwIfAny(this);
    const { dataClass, redundancy = StorageRedundancy.ZONES } = props;
    this.encryptionKey = props.encryptionKey ?? keyOf(this, dataClass);
    const tiers = tiersOf(props);
    this.resource = new OssBucket(this, 'Resource', {
      // Bucket names are globally unique, and so are account IDs.
      bucket: `${physicalName(this, LONGEST_PREFIX)}-${CurrentAccount.of(this).accountId}`,
      storageClass: 'Standard',
      redundancyType: redundancy,
      forceDestroy: false,
      accessMonitor: tiers ? { status: 'Enabled' } : undefined,
      lifecycleRule: [lifecycleOf(retention, tiers)],
      tags: dataClass && { [COST_TAG_KEYS.dataClass]: dataClass },
      lifecycle: { preventDestroy: true, ignoreChanges: SET_ELSEWHERE },
    });
    this.protect(props);
  }

  /** Name of the bucket. */
  get name(): string {
    return this.resource.bucket;
  }

  /** Lets a RAM role list, read, and decrypt objects. @param id id of the grant, unique in the bucket */
  grantRead(id: string, roleName: string): RamRolePolicyAttachment {
    return grantBucket(this, id, { bucket: this, roleName, write: false });
  }

  /** Lets a RAM role list, read, write, and delete objects. @param id id of the grant, unique in the bucket */
  grantReadWrite(id: string, roleName: string): RamRolePolicyAttachment {
    return grantBucket(this, id, { bucket: this, roleName, write: true });
  }

  /** @internal Adds the tag that lets the file storage service read and write objects. A tag of the tree does not replace it. */
  allowDataFlow(): void {
    this.resource.tags = { ...this.resource.tagsInput, [DATA_FLOW_TAG]: 'true' };
  }

  private protect({ versioned = true, accessLogs, retention }: DataBucketProps): void {
    const bucket = this.resource.id;
    new OssBucketAcl(this, 'Acl', { bucket, acl: 'private' });
    new OssBucketPublicAccessBlock(this, 'PublicAccessBlock', { bucket, blockPublicAccess: true });
    new OssBucketServerSideEncryption(this, 'Encryption', {
      bucket,
      sseAlgorithm: 'KMS',
      kmsMasterKeyId: this.encryptionKey?.keyId,
    });
    new OssBucketHttpsConfig(this, 'Https', { bucket, enable: true, tlsVersions: ['TLSv1.2', 'TLSv1.3'] });
    new OssBucketPolicy(this, 'Policy', { bucket, policy: this.httpsOnly() });
    const versioning = versioned
      ? new OssBucketVersioning(this, 'Versioning', { bucket, status: 'Enabled' })
      : undefined;
    if (accessLogs) {
      const targetPrefix = `${physicalName(this)}/`;
      new OssBucketLogging(this, 'AccessLogs', { bucket, targetBucket: accessLogs.name, targetPrefix });
    }
    if (retention) {
      const dependsOn = versioning && [versioning];
      new OssBucketWorm(this, 'Lock', {
        bucket,
        retentionPeriodInDays: retention.days,
        status: 'Locked',
        dependsOn,
        lifecycle: { preventDestroy: true },
      });
    }
  }

  private httpsOnly(): string {
    const arn = `acs:oss:*:${CurrentAccount.of(this).accountId}:${this.name}`;
    return policyText([
      {
        Effect: 'Deny',
        Action: ['oss:*'],
        Principal: ['*'],
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { 'acs:SecureTransport': ['false'] } },
      },
    ]);
  }
}

class ExistingBucket extends Construct implements IDataBucket {
  constructor(
    scope: Construct,
    id: string,
    readonly name: string,
  ) {
    super(scope, id);
    checkProviders(this);
    assertProps({ name }, { name: required(STRING) }, { scope: this });
    if (isUnknown(name) || BUCKET_NAME.test(name)) return;
    const problems = new ProblemCollector();
    problems.add({
      code: 'ResourceIdInvalid',
      prop: 'name',
      allowed: 'the name of a bucket: 3 to 63 lower-case letters, digits, and hyphens',
      got: name,
      fix: 'Leave out oss:// and the path.',
    });
    problems.throwIfAny(this);
  }
}

/** @see https://www.alibabacloud.com/help/en/oss/user-guide/bucket-naming-conventions */
const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

type LifecycleRule = Extract<OssBucketConfig['lifecycleRule'], readonly unknown[]>[number];

/** A key of the user, if the data class needs one. */
function keyOf(bucket: Construct, dataClass: DataClass = DataClass.INTERNAL): IEncryptionKey | undefined {
  return DATA_CLASS_FLOORS[dataClass].customerKey ? EncryptionKey.of(bucket) : undefined;
}

/** Whether objects without access move to a cheaper class, and back when they are read. */
/** Whether objects move to Infrequent Access. OSS rejects a rule that deletes objects before it moves them (error 0014-00000082). */
function tiersOf({ purpose = DataPurpose.DATASETS, expirationDays }: DataBucketProps): boolean {
  return PURPOSES[purpose].tiering && (expirationDays === undefined || expirationDays > TIERING_DAYS);
}

/** One rule for the whole bucket, because OSS rejects rules whose prefixes overlap. */
function lifecycleOf({ expirationDays, oldVersionDays }: Retention, tiers: boolean): LifecycleRule {
  const expiration =
    expirationDays !== undefined
      ? [{ days: expirationDays }]
      : oldVersionDays !== undefined
        ? [{ expiredObjectDeleteMarker: true }]
        : undefined;
  const cold = { days: TIERING_DAYS, storageClass: 'IA', isAccessTime: true, returnToStdWhenVisit: true };
  return {
    id: 'lifecycle',
    enabled: true,
    abortMultipartUpload: [{ days: UPLOAD_DAYS }],
    expiration,
    noncurrentVersionExpiration: oldVersionDays === undefined ? undefined : [{ days: oldVersionDays }],
    transitions: tiers ? [cold] : undefined,
  };
}

/** Adds each problem in the props of a bucket. Returns how long the bucket keeps objects. */
export function checkDataBucket(problems: ProblemCollector, props: DataBucketProps): Retention {
  if (!validateProps(problems, props, DATA_BUCKET_PROPS)) return {};
  const { versioned = true, retention } = props;
  if (retention && retention.permanent !== true) {
    problems.add({
      code: 'BucketRetention',
      prop: 'retention.permanent',
      allowed: 'true, because OSS cancels a lock that is not permanent after 24 hours',
      got: retention.permanent,
      fix: 'Set permanent: true if nobody must ever shorten the lock, or remove retention.',
    });
  }
  return checkKept(problems, props, versioned, LIMITS);
}
