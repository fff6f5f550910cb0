import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { COST_TAG_KEYS } from '../../core/cost-allocation';
import { DataClass, DATA_CLASS_FLOORS } from '../../core/data-class';
import { DataPurpose, type Retention } from '../../core/data-purpose';
import { ProblemCollector } from '../../core/errors';
import { assertProps, validateProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { PrivateLink } from '../network/private-link';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { requireNoDataPlane } from '../operations/provider-options';
import { assignRole, Role } from '../operations/roles';
import { compactGlobalName, checkResourceId } from '../props/resource-id';
import { existingDependencies } from '../../terraform/existing-dependencies';
import {
  MonitorDiagnosticSetting,
  type RoleAssignment,
  StorageAccount,
  StorageContainer,
  StorageContainerImmutabilityPolicy,
  StorageManagementPolicy,
} from '../provider/azurerm';
import { accountConfig, lifecycleRules } from './account-config';
import { bucketFindings } from './bucket-findings';
import { DATA_BUCKET_ATTRIBUTES, DATA_BUCKET_PROPS } from '../prop-schemas';
import { checkHierarchical, checkKept, type RetentionLimits } from '../../terraform/bucket-retention';
import { isKnown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';
import { recordLocation } from '../props/location';
import { checkResourceGroup, type IResourceGroup } from '../props/resource-group';
import type { IMlNetwork } from '../network/ml-network';
import type { ILogWorkspace } from '../operations/log-workspace';

/** Number and location of the copies of data. */
export enum StorageRedundancy {
  /** Three copies in one data center. */
  LOCAL = 'LRS',
  /** One copy in each of three zones of the region. */
  ZONES = 'ZRS',
  /** Three copies in one data center, and three in the paired region. */
  GEO = 'GRS',
  /** One copy in each of three zones, and three in the paired region. */
  GEO_ZONES = 'GZRS',
}

/** Time in which no object can be deleted or overwritten. */
export interface RetentionLock {
  /** Number of days, up to 146,000. */
  readonly days: number;
  /** Whether the lock can never be shortened or removed, not even with the bucket. @default false */
  readonly permanent?: boolean;
}

/** Properties for `DataBucket`. */
export interface DataBucketProps {
  /** Resource group of the bucket. Use the region of the nodes, because reads from another region cost extra. */
  readonly resourceGroup: IResourceGroup;
  /** Network that can reach the bucket through a private endpoint. No other network can. @default - none: add a private endpoint elsewhere */
  readonly network?: IMlNetwork;
  /** Purpose of the data. It determines the lifecycle. @default DataPurpose.DATASETS */
  readonly purpose?: DataPurpose;
  /** Sensitivity of the data. It raises the minimum of other props. @default DataClass.INTERNAL */
  readonly dataClass?: DataClass;
  /** Key that encrypts the data. @default - a new key that rotates every 90 days */
  readonly encryptionKey?: IEncryptionKey;
  /** Log Analytics workspace for access logs: who read, wrote, and deleted data. @default - no access logs */
  readonly accessLogs?: ILogWorkspace;
  /** Whether overwritten and deleted objects can be restored. @default true, false with `hierarchical` or `retention` */
  readonly versioned?: boolean;
  /**
   * Whether the bucket has a hierarchical namespace. Renaming a folder is then one operation, which frameworks use for finished checkpoints. It can
   * never change, and excludes versioning.
   *
   * @default false, true with `nfs`, and for checkpoints that are not confidential
   */
  readonly hierarchical?: boolean;
  /** Whether the bucket is on SSDs: lower latency, a higher price, and no cheaper tier for cold objects. It can never change. @default false */
  readonly premium?: boolean;
  /** Whether clients in the network can mount the bucket with NFS 3.0, unencrypted. It can never change. @default false */
  readonly nfs?: boolean;
  /** Whether callers can use account keys instead of an identity. Blob integration of Managed Lustre can require them. @default false */
  readonly accountKeys?: boolean;
  /** Number and location of copies. @default StorageRedundancy.ZONES */
  readonly redundancy?: StorageRedundancy;
  /** Days after which an object is deleted. Unavailable with `retention`. @default - never; 365 for logs without `retention` */
  readonly expirationDays?: number;
  /** Days that a noncurrent version can be restored, up to 365. @default - derived from the purpose; at least 90 for restricted data */
  readonly noncurrentVersionExpirationDays?: number;
  /** Days that a deleted object can be restored: 1 to 365, or 0. @default - 7, or 0 for checkpoints; at least the days of noncurrent versions */
  readonly softDeleteDays?: number;
  /** Days for point-in-time restore of the whole bucket. @default - none */
  readonly restoreDays?: number;
  /** Retention lock of all objects. @default - none */
  readonly retention?: RetentionLock;
}

/** @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage */
const LONGEST_ACCOUNT_NAME = 24;

const CONTAINER = 'data';

/**
 * A bucket for the data of AI workloads: one container in its own storage account, with customer-managed encryption, versioning, and a lifecycle
 * for its purpose. Public access and account keys are off. Terraform refuses to delete it.
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { DataBucket, MlNetwork, ResourceGroup } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'data');
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * const network = new MlNetwork(stack, 'Network', { resourceGroup });
 * new DataBucket(stack, 'Datasets', { resourceGroup, network });
 * ```
 */
export class DataBucket extends Construct implements IDataBucket {
  /** Imports an existing container. Creates no resources. */
  static fromDataBucketAttributes(scope: Construct, id: string, attrs: DataBucketAttributes): IDataBucket {
    return new ImportedBucket(scope, id, attrs);
  }

  /** The storage account. */
  public readonly resource: StorageAccount;
  /** The container. */
  public readonly container: StorageContainer;
  /** Key that encrypts the storage account. */
  public readonly encryptionKey: IEncryptionKey;
  /** Private endpoints. Each depends on the one before it, because Azure accepts one change of an account at a time. */
  public readonly endpoints: readonly PrivateLink[];
  /** Name of the container. */
  public readonly containerName = CONTAINER;
  /** Whether the storage account accepts account keys. */
  public readonly acceptsKeys: boolean;
  /** Whether the storage account has a hierarchical namespace. */
  public readonly hierarchical: boolean;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    const filled = typeof props === 'object' && props !== null ? withDefaults(props) : props;
    const retained = checkDataBucket(problems, filled);
    problems.throwIfAny(this);
    requireNoDataPlane(this);
    const { resourceGroup, dataClass } = filled;
    recordLocation(this, resourceGroup.location);
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { resourceGroup });
    this.acceptsKeys = props.accountKeys ?? false;
    this.hierarchical = filled.hierarchical ?? false;
    this.resource = new StorageAccount(this, 'Resource', {
      ...accountConfig(filled, retained, this.encryptionKey),
      name: compactGlobalName(this, LONGEST_ACCOUNT_NAME),
      tags: dataClass && { [COST_TAG_KEYS.dataClass]: dataClass },
      dependsOn: existingDependencies(this, this.encryptionKey.usable),
      lifecycle: { preventDestroy: true },
    });
    this.container = this.addContainer('Container', CONTAINER);
    this.lock(filled.retention);
    const rule = lifecycleRules(filled, retained);
    if (rule.length > 0) new StorageManagementPolicy(this, 'Lifecycle', { storageAccountId: this.accountId, rule });
    this.log(filled.accessLogs);
    this.endpoints = this.link(filled);
    for (const finding of bucketFindings(filled)) record(this, finding);
  }

  /** Name of the storage account. */
  get accountName(): string {
    return this.resource.name;
  }

  /** Resource id of the storage account. */
  get accountId(): string {
    return this.resource.id;
  }

  /** URL of the container, `https://<account>.blob.core.windows.net/data`. */
  get url(): string {
    return `${this.resource.primaryBlobEndpoint}${CONTAINER}`;
  }

  /** Adds a container to the storage account. */
  addContainer(id: string, name: string): StorageContainer {
    return new StorageContainer(this, id, {
      name,
      storageAccountId: this.accountId,
      containerAccessType: 'private',
      lifecycle: { preventDestroy: true },
    });
  }

  /**
   * Grants permission to list and read objects.
   *
   * @param principalId object id of a managed identity
   */
  grantRead(id: string, principalId: string): RoleAssignment {
    return this.grant(id, Role.BLOB_DATA_READER, principalId);
  }

  /**
   * Grants permission to list, read, write, and delete objects.
   *
   * @param principalId object id of a managed identity
   */
  grantReadWrite(id: string, principalId: string): RoleAssignment {
    return this.grant(id, Role.BLOB_DATA_CONTRIBUTOR, principalId);
  }

  private grant(id: string, role: Role, to: string): RoleAssignment {
    return assignRole(this, id, { role, on: containerIdOf(this), to, dependsOn: [this.container] });
  }

  private lock(lock: RetentionLock | undefined): void {
    if (!lock) return;
    new StorageContainerImmutabilityPolicy(this, 'Lock', {
      storageContainerResourceManagerId: this.container.id,
      immutabilityPeriodInDays: lock.days,
      locked: lock.permanent ?? false,
    });
  }

  private log(workspace: DataBucketProps['accessLogs']): void {
    if (!workspace) return;
    new MonitorDiagnosticSetting(this, 'AccessLogs', {
      name: physicalName(this),
      targetResourceId: `${this.accountId}/blobServices/default`,
      logAnalyticsWorkspaceId: workspace.id,
      enabledLog: ['StorageRead', 'StorageWrite', 'StorageDelete'].map((category) => ({ category })),
    });
  }

  private link({ network, resourceGroup, hierarchical }: DataBucketProps): PrivateLink[] {
    if (!network) return [];
    const link = (id: string, target: 'blob' | 'dfs', dependsOn?: ITerraformDependable[]) =>
      new PrivateLink(this, id, { resourceGroup, network, resourceId: this.accountId, target, dependsOn });
    const blob = link('Blob', 'blob');
    if (!hierarchical) return [blob];
    return [blob, link('Dfs', 'dfs', [blob.resource])];
  }
}

class ImportedBucket extends Construct implements IDataBucket {
  public readonly accountName: string;
  public readonly accountId: string;
  public readonly containerName: string;
  public readonly acceptsKeys?: boolean;
  public readonly hierarchical?: boolean;

  constructor(scope: Construct, id: string, attrs: DataBucketAttributes) {
    super(scope, id);
    checkProviders(this);
    assertProps(attrs, DATA_BUCKET_ATTRIBUTES, { scope: this, name: 'attrs' });
    this.accountName = attrs.accountName;
    this.accountId = attrs.accountId;
    this.containerName = attrs.containerName;
    this.acceptsKeys = attrs.acceptsKeys;
    this.hierarchical = attrs.hierarchical;
  }
}

function withDefaults(props: DataBucketProps): DataBucketProps {
  const { dataClass, purpose, versioned, retention, noncurrentVersionExpirationDays, restoreDays } = props;
  const free = dataClass === undefined || dataClass === DataClass.PUBLIC || dataClass === DataClass.INTERNAL;
  const plain = [versioned, retention, noncurrentVersionExpirationDays, restoreDays].every((one) => one === undefined);
  const checkpoints = purpose === DataPurpose.CHECKPOINTS && free && plain;
  return { ...props, hierarchical: props.hierarchical ?? (props.nfs === true || checkpoints) };
}

/**
 * Limits of soft delete and retention locks. A lifecycle rule supports up to 99,999 days (validation of azurerm 4.55, recalled, unverified).
 * Noncurrent versions are kept at most as long as soft delete supports.
 *
 * @see https://learn.microsoft.com/en-us/azure/storage/blobs/soft-delete-blob-overview
 * @see https://learn.microsoft.com/en-us/azure/storage/blobs/immutable-time-based-retention-policy-overview
 */
const LIMITS: RetentionLimits = {
  service: 'Azure Storage',
  softDelete: { min: 1, max: 365 },
  longestLockDays: 146_000,
  longestLifeDays: 99_999,
  longestVersionDays: 365,
};

/** How long a bucket keeps data. */
export interface BucketRetention extends Retention {
  /** Days that deleted objects can be restored. 0 turns soft delete off. */
  readonly softDeleteDays: number;
}

const SOFT_DELETE_DAYS = 7;

/** Adds each problem in the props of a bucket, and returns how long it keeps data. */
export function checkDataBucket(problems: ProblemCollector, props: DataBucketProps): BucketRetention {
  if (!validateProps(problems, props, DATA_BUCKET_PROPS)) return { softDeleteDays: 0 };
  const { hierarchical = false, retention, versioned = !hierarchical && !retention } = props;
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  const workspace = 'Microsoft.OperationalInsights/workspaces';
  checkResourceId(problems, 'accessLogs.id', props.accessLogs?.id, workspace);
  // @see https://learn.microsoft.com/en-us/azure/storage/blobs/storage-feature-support-in-storage-accounts
  if (hierarchical) checkHierarchical(problems, { versioned: props.versioned, restoreDays: props.restoreDays });
  if (props.nfs) checkNfs(problems, props);
  if (props.premium) checkPremium(problems, props);
  if (props.accountKeys) checkKeys(problems, props);
  if (retention) checkLock(problems, props);
  const retained = checkKept(problems, retention ? { ...props, expirationDays: undefined } : props, versioned, LIMITS);
  const requested = props.softDeleteDays ?? (props.purpose === DataPurpose.CHECKPOINTS ? 0 : SOFT_DELETE_DAYS);
  // A lifecycle rule deletes a version by its age, not by the time of its replacement. Soft delete keeps it for the promised days.
  // @see https://learn.microsoft.com/en-us/azure/storage/blobs/lifecycle-management-policy-structure#action-run-conditions
  const softDeleteDays = Math.max(requested, retained.oldVersionDays ?? 0);
  checkRestore(problems, props, versioned, softDeleteDays);
  return { ...retained, softDeleteDays };
}

type Contradiction = readonly [prop: keyof DataBucketProps, isWrong: boolean, allowed: string, fix: string];

function addContradictions(
  problems: ProblemCollector,
  props: DataBucketProps,
  contradictions: readonly Contradiction[],
): void {
  for (const [prop, isWrong, allowed, fix] of contradictions)
    if (isWrong) problems.add({ code: 'BucketOption', prop, allowed, got: props[prop], fix });
}

/** Lifecycle rules cannot delete from a container with a lock, not even after the lock. @see https://learn.microsoft.com/en-us/azure/storage/blobs/lifecycle-management-policy-structure#actions */
function checkLock(problems: ProblemCollector, props: DataBucketProps): void {
  const allowed = 'left out with retention, because lifecycle rules cannot delete from a locked container';
  addContradictions(problems, props, [
    ['expirationDays', props.expirationDays !== undefined, allowed, 'Use a separate bucket for locked data.'],
  ]);
}

/** An account key gives access to the whole account, and logs do not show who used it. */
function checkKeys(problems: ProblemCollector, { dataClass = DataClass.INTERNAL }: DataBucketProps): void {
  if (!DATA_CLASS_FLOORS[dataClass].customerKey) return;
  problems.add({
    code: 'DataClassFloor',
    prop: 'accountKeys',
    allowed: `false for ${dataClass} data`,
    got: true,
    fix: 'Use a separate bucket for staging data of a lower class.',
  });
}

/** @see https://learn.microsoft.com/en-us/azure/storage/blobs/network-file-system-protocol-known-issues */
function checkNfs(problems: ProblemCollector, props: DataBucketProps): void {
  const { redundancy, hierarchical, retention, network } = props;
  addContradictions(problems, props, [
    [
      'hierarchical',
      hierarchical === false,
      'true or unset with NFS, which requires a hierarchical namespace',
      'Remove hierarchical.',
    ],
    [
      'retention',
      retention !== undefined,
      'left out with NFS, which does not support locks',
      'Use a separate bucket for locked data.',
    ],
    [
      'network',
      network === undefined,
      'set with NFS, whose clients connect only from a network',
      'Set the network of the nodes.',
    ],
    ['redundancy', !staysInRegion(redundancy), 'LRS or ZRS with NFS', 'Use StorageRedundancy.ZONES.'],
  ]);
}

/** @see https://learn.microsoft.com/en-us/azure/storage/common/storage-account-overview#types-of-storage-accounts */
function checkPremium(problems: ProblemCollector, props: DataBucketProps): void {
  const { redundancy, restoreDays } = props;
  addContradictions(problems, props, [
    ['redundancy', !staysInRegion(redundancy), 'LRS or ZRS on SSDs', 'Use StorageRedundancy.ZONES.'],
    [
      'restoreDays',
      restoreDays !== undefined,
      'left out on SSDs, which do not support point-in-time restore',
      'Restore versions instead.',
    ],
  ]);
}

function staysInRegion(redundancy = StorageRedundancy.ZONES): boolean {
  return redundancy === StorageRedundancy.LOCAL || redundancy === StorageRedundancy.ZONES;
}

/** @see https://learn.microsoft.com/en-us/azure/storage/blobs/point-in-time-restore-overview */
function checkRestore(
  problems: ProblemCollector,
  props: DataBucketProps,
  versioned: boolean,
  softDeleteDays: number,
): void {
  const { restoreDays, hierarchical, premium } = props;
  if (!isKnown(problems, 'restoreDays', restoreDays) || hierarchical || premium) return;
  const inRange = Number.isInteger(restoreDays) && restoreDays >= 1 && restoreDays < softDeleteDays;
  addContradictions(problems, props, [
    [
      'restoreDays',
      !versioned,
      'left out without versioning, which point-in-time restore requires',
      'Remove versioned and retention.',
    ],
    [
      'restoreDays',
      versioned && !inRange,
      `a whole number from 1 to ${softDeleteDays - 1}, less than softDeleteDays`,
      'Lower restoreDays, or raise softDeleteDays.',
    ],
  ]);
}

/** A container in a storage account. */
export interface IDataBucket {
  /** Name of the storage account. */
  readonly accountName: string;
  /** Resource id of the storage account. */
  readonly accountId: string;
  /** Name of the container. */
  readonly containerName: string;
  /** Whether the storage account accepts account keys. @default - unknown */
  readonly acceptsKeys?: boolean;
  /** Whether the storage account has a hierarchical namespace. Jobs that mount the container need it. @default - unknown, which means no */
  readonly hierarchical?: boolean;
}

/** Attributes of an existing container. */
export interface DataBucketAttributes {
  /** Name of the storage account. */
  readonly accountName: string;
  /** Resource id of the storage account. */
  readonly accountId: string;
  /** Name of the container. */
  readonly containerName: string;
  /** Whether the storage account accepts account keys. @default - unknown */
  readonly acceptsKeys?: boolean;
  /** Whether the storage account has a hierarchical namespace. Jobs that mount the container need it. @default - unknown, which means no */
  readonly hierarchical?: boolean;
}

/** Resource id of the container of a bucket. */
export function containerIdOf({ accountId, containerName }: Pick<IDataBucket, 'accountId' | 'containerName'>): string {
  return `${accountId}/blobServices/default/containers/${containerName}`;
}
