import { Construct } from 'constructs';
import { COST_TAG_KEYS } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import { DataPurpose, PURPOSES, type Retention } from '../../core/data-purpose';
import { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import { assertProps, required, STRING, validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { DataInspection, type DataInspectionOptions, checkInspection } from '../governance/data-inspection';
import { CurrentProject, ServiceAgent } from '../operations/current-project';
import { EncryptionKey, type IEncryptionKey, checkKeyRegion } from '../operations/encryption-key';
import {
  StorageAnywhereCache,
  StorageBucket,
  type StorageBucketConfig,
  StorageBucketIamMember,
} from '../provider/google';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { checkHierarchical, checkKept, type RetentionLimits } from '../../terraform/bucket-retention';
import { checkProviders } from '../../terraform/provider-checks';
import { checkRegion, isIn } from '../props/location';
import { DATA_BUCKET_PROPS } from '../prop-schemas';

/** A Cloud Storage bucket: a new `DataBucket` or an existing bucket. */
export interface IDataBucket {
  /** Name of the bucket. */
  readonly name: string;
}

/** A period in which no object can be deleted or replaced. */
export interface RetentionLock {
  /** Whole days, up to 24,855. */
  readonly days: number;
  /** Whether the lock is permanent: nobody can shorten or remove it, and the bucket cannot be deleted before it ends. @default false */
  readonly permanent?: boolean;
}

/** Properties for `DataBucket`. */
export interface DataBucketProps {
  /** Region of the bucket. Reading from another region costs network egress. */
  readonly region: string;
  /** Content of the bucket, which determines the lifecycle. @default DataPurpose.DATASETS */
  readonly purpose?: DataPurpose;
  /** Sensitivity of the content, which sets minimums for the other props. @default DataClass.INTERNAL */
  readonly dataClass?: DataClass;
  /** Key for the objects, in the region of the bucket. @default - a new key that rotates every 90 days */
  readonly encryptionKey?: IEncryptionKey;
  /** Bucket for access logs. It must allow `group:cloud-storage-analytics@google.com` to create objects. @default - none; Cloud Audit Logs record access if the project enables them */
  readonly accessLogs?: IDataBucket;
  /** Whether replaced and deleted objects can be restored. @default true, or false with `hierarchical` or `retention` */
  readonly versioned?: boolean;
  /**
   * Whether the bucket has a hierarchical namespace, which can never change. Renaming a folder, as frameworks do with a finished checkpoint, is then
   * one operation. The bucket supports up to 8 times as many requests per second, but neither versioning nor retention.
   *
   * @default false, or true for checkpoints that are not confidential
   */
  readonly hierarchical?: boolean;
  /** Days after which an object is deleted. @default - never, or one year for logs */
  readonly expirationDays?: number;
  /** Days that a noncurrent version is kept. @default - depends on the purpose; at least 90 for restricted data */
  readonly noncurrentVersionExpirationDays?: number;
  /** Days that a deleted object can be restored: 7 to 90, or 0. @default - 7, or 0 for checkpoints */
  readonly softDeleteDays?: number;
  /** Retention policy of the bucket. @default - none */
  readonly retention?: RetentionLock;
  /** Inspection for personal data and secrets. @default - none */
  readonly inspection?: DataInspectionOptions;
  /** Zones of the region with an SSD cache (Anywhere Cache) for reads. @default - none */
  readonly cacheZones?: readonly string[];
}

const SECONDS_PER_DAY = 86_400;
const SOFT_DELETE_DAYS = 7;
const LONGEST_SUFFIX = 32;

/**
 * A Cloud Storage bucket for AI workloads, encrypted with a Cloud KMS key.
 *
 * It has no public access and no ACLs, keeps noncurrent versions, and has a lifecycle for its purpose. Terraform never destroys it.
 *
 * @example
 * ```ts
 * import { DataBucket, DataPurpose } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const checkpoints = new DataBucket(stack, 'Checkpoints', {
 *   region: 'us-central1',
 *   purpose: DataPurpose.CHECKPOINTS,
 * });
 * checkpoints.grantReadWrite('Trainer', 'serviceAccount:trainer@my-project.iam.gserviceaccount.com');
 * ```
 */
export class DataBucket extends Construct implements IDataBucket {
  /** An existing bucket. */
  static fromBucketName(scope: Construct, id: string, name: string): IDataBucket {
    return new ExistingBucket(scope, id, name);
  }

  /** The bucket in Terraform. */
  public readonly resource: StorageBucket;
  /** Key for the objects. */
  public readonly encryptionKey: IEncryptionKey;
  /** The SSD caches, in the order of `cacheZones`. */
  public readonly caches: readonly StorageAnywhereCache[];
  /** Inspection for personal data and secrets. @default - none */
  public readonly inspection?: DataInspection;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    const filled = typeof props === 'object' && props !== null ? withDefaults(props) : props;
    const retention = checkDataBucket(problems, filled);
    problems.throwIfAny(this);
    const { region, hierarchical, softDeleteDays, dataClass } = filled;
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { region });
    const grants = this.encryptionKey.grantTo(ServiceAgent.STORAGE, this);
    this.resource = new StorageBucket(this, 'Resource', {
      // Bucket names are globally unique, and so are project ids.
      name: `${CurrentProject.of(this).projectId}-${physicalName(this, LONGEST_SUFFIX)}`,
      location: region,
      storageClass: 'STANDARD',
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'enforced',
      forceDestroy: false,
      encryption: { defaultKmsKeyName: this.encryptionKey.keyId },
      hierarchicalNamespace: hierarchical ? { enabled: true } : undefined,
      versioning: hierarchical ? undefined : { enabled: retention.oldVersionDays !== undefined },
      autoclass: tiering(filled),
      softDeletePolicy: { retentionDurationSeconds: (softDeleteDays ?? SOFT_DELETE_DAYS) * SECONDS_PER_DAY },
      retentionPolicy: retentionPolicy(props.retention),
      lifecycleRule: lifecycleOf(retention),
      logging: props.accessLogs && { logBucket: props.accessLogs.name },
      labels: dataClass && { [COST_TAG_KEYS.dataClass]: dataClass },
      dependsOn: existingDependencies(this, grants),
      lifecycle: { preventDestroy: true },
    });
    this.caches = (props.cacheZones ?? []).map((zone) => this.cache(zone));
    const { inspection } = props;
    if (inspection) this.inspection = new DataInspection(this, 'Inspection', { ...inspection, bucket: this, region });
  }

  /** Name of the bucket. */
  get name(): string {
    return this.resource.name;
  }

  /** Lets an IAM member, for example `serviceAccount:…`, list and read objects. @param id id of the grant, unique in the bucket */
  grantRead(id: string, member: string): StorageBucketIamMember {
    return this.grant(id, 'roles/storage.objectViewer', member);
  }

  /** Lets an IAM member, for example `serviceAccount:…`, list, read, write and delete objects. @param id id of the grant, unique in the bucket */
  grantReadWrite(id: string, member: string): StorageBucketIamMember {
    return this.grant(id, 'roles/storage.objectUser', member);
  }

  private grant(id: string, role: string, member: string): StorageBucketIamMember {
    return new StorageBucketIamMember(this, id, { bucket: this.name, role, member });
  }

  private cache(zone: string): StorageAnywhereCache {
    return new StorageAnywhereCache(this, `Cache-${zone}`, {
      bucket: this.name,
      zone,
      admissionPolicy: 'admit-on-first-miss',
      // Creating or deleting a cache takes hours.
      timeouts: { create: '240m', update: '240m', delete: '240m' },
    });
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
      allowed: 'the name of a bucket: lower-case letters, digits, ".", "-" and "_"',
      got: name,
      fix: 'Leave out gs:// and the path.',
    });
    problems.throwIfAny(this);
  }
}

/** @see https://cloud.google.com/storage/docs/buckets#naming */
const BUCKET_NAME = /^[a-z0-9]([a-z0-9._-]{0,220}[a-z0-9])?$/;

function withDefaults(props: DataBucketProps): DataBucketProps {
  const checkpoints = props.purpose === DataPurpose.CHECKPOINTS;
  const isPublicOrInternal =
    props.dataClass === undefined || props.dataClass === DataClass.PUBLIC || props.dataClass === DataClass.INTERNAL;
  const plain =
    props.versioned === undefined &&
    props.retention === undefined &&
    props.noncurrentVersionExpirationDays === undefined;
  return {
    ...props,
    hierarchical: props.hierarchical ?? (checkpoints && isPublicOrInternal && plain),
    softDeleteDays: props.softDeleteDays ?? (checkpoints ? 0 : undefined),
  };
}

/** Autoclass moves cold objects automatically. It does not support a hierarchical namespace. */
function tiering({ purpose = DataPurpose.DATASETS, hierarchical }: DataBucketProps): StorageBucketConfig['autoclass'] {
  return PURPOSES[purpose].tiering && !hierarchical ? { enabled: true } : undefined;
}

function retentionPolicy(lock: RetentionLock | undefined): StorageBucketConfig['retentionPolicy'] {
  return lock && { retentionPeriod: lock.days * SECONDS_PER_DAY, isLocked: lock.permanent ?? false };
}

/** Parts of incomplete uploads are always deleted after a week. */
function lifecycleOf({ expirationDays, oldVersionDays }: Retention): StorageBucketConfig['lifecycleRule'] {
  return [
    { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 7 } },
    ...(oldVersionDays === undefined
      ? []
      : [
          { action: { type: 'Delete' }, condition: { daysSinceNoncurrentTime: oldVersionDays, withState: 'ARCHIVED' } },
        ]),
    ...(expirationDays === undefined
      ? []
      : [{ action: { type: 'Delete' }, condition: { age: expirationDays, withState: 'ANY' } }]),
  ];
}

/**
 * Limits of Cloud Storage. Soft delete keeps objects for 7 to 90 days (recalled, unverified). A retention period must be less than
 * 3,155,760,000 s, 100 years, and the provider stores the seconds in 31 bits (google 6.50.0, `retention_period`).
 *
 * @see https://cloud.google.com/storage/docs/soft-delete
 * @see https://cloud.google.com/storage/docs/bucket-lock
 */
const LONGEST_DAYS = 36_500;
const LONGEST_LOCK_DAYS = Math.floor((2 ** 31 - 1) / 86_400);
const LIMITS: RetentionLimits = {
  service: 'Cloud Storage',
  softDelete: { min: 7, max: 90 },
  longestLockDays: LONGEST_LOCK_DAYS,
  longestLifeDays: LONGEST_DAYS,
  longestVersionDays: LONGEST_DAYS,
};

/** Adds each problem in the props of a bucket. Returns how long the bucket keeps objects. */
export function checkDataBucket(problems: ProblemCollector, props: DataBucketProps): Retention {
  if (!validateProps(problems, props, DATA_BUCKET_PROPS)) return {};
  // Sources from 2020 to 2022 say that a retention policy and versioning exclude each other. No source confirms that they still do, so a user
  // who sets both gets both.
  const { hierarchical = false, retention, versioned = !hierarchical && !retention, region, cacheZones = [] } = props;
  checkRegion(problems, 'region', region);
  checkKeyRegion(problems, props.encryptionKey, region);
  cacheZones.forEach((zone, index) => {
    if (isIn(zone, region)) return;
    problems.add({
      code: 'LocationInvalid',
      prop: `cacheZones[${index}]`,
      allowed: `a zone of ${region}, the region of the bucket`,
      got: zone,
      fix: 'Use the zones of the nodes.',
    });
  });
  // The missing support for a retention policy is recalled, unverified. @see https://cloud.google.com/storage/docs/hns-overview
  if (hierarchical) checkHierarchical(problems, { versioned: props.versioned, retention: props.retention });
  if (props.inspection) checkInspection(problems.within('inspection'), props.inspection);
  return checkKept(problems, props, versioned, LIMITS);
}
