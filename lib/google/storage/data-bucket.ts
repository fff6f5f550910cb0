import { Construct } from 'constructs';
import { COST_TAG_KEYS } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import { DataPurpose, PURPOSES, type Retention } from '../../core/data-purpose';
import { Problems } from '../../core/errors';
import { physicalName } from '../../terraform/names';
import { DataInspection } from '../governance/data-inspection';
import type { DataInspectionOptions } from '../governance/data-inspection-options';
import { CurrentProject } from '../operations/current-project';
import { EncryptionKey } from '../operations/encryption-key';
import {
  StorageAnywhereCache,
  StorageBucket,
  type StorageBucketConfig,
  StorageBucketIamMember,
} from '../provider/google';
import { standingBefore } from '../../terraform/standing-before';
import { checkDataBucket } from './data-bucket-checks';

/** How long no object can be deleted or replaced. */
export interface RetentionLock {
  /** Whole days, up to 24,855. */
  readonly days: number;
  /** Whether the lock can never be shortened or taken off again, not even with the bucket. @default false */
  readonly permanent?: boolean;
}

/** Properties for `DataBucket`. */
export interface DataBucketProps {
  /** The region that it stands in: that of the nodes, or reading costs. */
  readonly location: string;
  /** What it holds: it decides the lifecycle. @default DataPurpose.DATASETS */
  readonly purpose?: DataPurpose;
  /** How sensitive its content is: it raises the floor of the other props. @default DataClass.INTERNAL */
  readonly dataClass?: DataClass;
  /** The key of its objects. @default - a new key that rotates every 90 days */
  readonly encryptionKey?: EncryptionKey;
  /** The bucket that access logs go to: it must let `group:cloud-storage-analytics@google.com` create objects. @default - none: Cloud Audit Logs of the project tell who read what, where they are on */
  readonly accessLogs?: { readonly name: string };
  /** Whether replaced and deleted objects can be restored. @default true, false with `hierarchical` or `retention` */
  readonly versioned?: boolean;
  /**
   * Whether folders are real: renaming one, as frameworks do with a finished checkpoint, is one step, and it takes up to 8 times as many
   * requests a second. It can never change, and such a bucket has no versions and no retention.
   *
   * @default false, true for checkpoints that are not confidential
   */
  readonly hierarchical?: boolean;
  /** Days after which an object goes. @default - never; a year for logs */
  readonly keepDays?: number;
  /** Days that a replaced or deleted version can be restored. @default - by purpose; at least 90 for restricted data */
  readonly keepOldVersionsDays?: number;
  /** Days that a deleted object can be brought back, 7 to 90, or 0. @default - 7, 0 for checkpoints */
  readonly softDeleteDays?: number;
  /** @default - no lock */
  readonly retention?: RetentionLock;
  /** What looks into it for personal data and secrets. @default - nothing */
  readonly inspection?: DataInspectionOptions;
  /** Zones of the region with an SSD cache of what is read there. @default - none */
  readonly cacheZones?: readonly string[];
}

const SECONDS_PER_DAY = 86_400;
const SOFT_DELETE_DAYS = 7;
const LONGEST_SUFFIX = 32;

/**
 * A bucket for the data of AI workloads: encrypted under a key of its own, no public access, no ACLs, versioned, with a lifecycle for
 * what it holds. It is never destroyed with its content.
 */
export class DataBucket extends Construct {
  public readonly resource: StorageBucket;
  public readonly encryptionKey: EncryptionKey;
  public readonly caches: readonly StorageAnywhereCache[];
  /** @default - none was asked for */
  public readonly inspection?: DataInspection;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    const problems = new Problems();
    const filled = typeof props === 'object' && props !== null ? withDefaults(props) : props;
    const retention = checkDataBucket(problems, filled);
    problems.throwIfAny(this);
    const { location, hierarchical, softDeleteDays, dataClass } = filled;
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { location });
    const encrypts = this.encryptionKey.grantTo('storage');
    this.resource = new StorageBucket(this, 'Resource', {
      // Names of buckets are of the whole world; those of projects, too.
      name: `${CurrentProject.of(this).projectId}-${physicalName(this, LONGEST_SUFFIX)}`,
      location,
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
      dependsOn: standingBefore(this, [encrypts]),
      lifecycle: { preventDestroy: true },
    });
    this.caches = (props.cacheZones ?? []).map((zone) => this.cache(zone));
    const { inspection } = props;
    if (inspection) this.inspection = new DataInspection(this, 'Inspection', { ...inspection, bucket: this, location });
  }

  get name(): string {
    return this.resource.name;
  }

  /** Lets someone, e.g. `serviceAccount:…`, list and read. */
  grantRead(id: string, member: string): StorageBucketIamMember {
    return this.grant(id, 'roles/storage.objectViewer', member);
  }

  /** Lets someone, e.g. `serviceAccount:…`, list, read, write and delete. */
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
      // A cache takes hours to come and to go.
      timeouts: { create: '240m', update: '240m', delete: '240m' },
    });
  }
}

function withDefaults(props: DataBucketProps): DataBucketProps {
  const checkpoints = props.purpose === DataPurpose.CHECKPOINTS;
  const free =
    props.dataClass === undefined || props.dataClass === DataClass.PUBLIC || props.dataClass === DataClass.INTERNAL;
  const plain =
    props.versioned === undefined && props.retention === undefined && props.keepOldVersionsDays === undefined;
  return {
    ...props,
    hierarchical: props.hierarchical ?? (checkpoints && free && plain),
    softDeleteDays: props.softDeleteDays ?? (checkpoints ? 0 : undefined),
  };
}

/** Autoclass moves cold objects by itself. A hierarchical namespace has none. */
function tiering({ purpose = DataPurpose.DATASETS, hierarchical }: DataBucketProps): StorageBucketConfig['autoclass'] {
  return PURPOSES[purpose].tiering && !hierarchical ? { enabled: true } : undefined;
}

function retentionPolicy(lock: RetentionLock | undefined): StorageBucketConfig['retentionPolicy'] {
  return lock && { retentionPeriod: lock.days * SECONDS_PER_DAY, isLocked: lock.permanent ?? false };
}

/** Parts of uploads that never completed go after a week in any case. */
function lifecycleOf({ keepDays, oldVersionDays }: Retention): StorageBucketConfig['lifecycleRule'] {
  return [
    { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 7 } },
    ...(oldVersionDays === undefined
      ? []
      : [
          { action: { type: 'Delete' }, condition: { daysSinceNoncurrentTime: oldVersionDays, withState: 'ARCHIVED' } },
        ]),
    ...(keepDays === undefined ? [] : [{ action: { type: 'Delete' }, condition: { age: keepDays, withState: 'ANY' } }]),
  ];
}
