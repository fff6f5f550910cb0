import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { COST_TAG_KEYS } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import { DataPurpose } from '../../core/data-purpose';
import { Problems } from '../../core/errors';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { PrivateLink } from '../network/private-link';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { requireNoDataPlane } from '../operations/provider-options';
import { assignRole, Role } from '../operations/roles';
import { compactGlobalName } from '../props/names';
import { standingBefore } from '../../terraform/standing-before';
import {
  MonitorDiagnosticSetting,
  type RoleAssignment,
  StorageAccount,
  StorageContainer,
  StorageContainerImmutabilityPolicy,
  StorageManagementPolicy,
} from '../provider/azurerm';
import { accountConfig } from './account-config';
import { containerIdOf, type IDataBucket } from './bucket-attributes';
import { bucketFindings } from './bucket-findings';
import { lifecycleRules } from './bucket-lifecycle';
import { checkDataBucket } from './data-bucket-checks';
import type { DataBucketProps, RetentionLock } from './data-bucket-props';

/** @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage */
const LONGEST_ACCOUNT_NAME = 24;

const CONTAINER = 'data';

/**
 * A bucket for the data of AI workloads: a container in a storage account of its own, encrypted under a key of its own, without public access
 * and without account keys, versioned, with a lifecycle for what it holds. It is never destroyed with its content.
 */
export class DataBucket extends Construct implements IDataBucket {
  public readonly resource: StorageAccount;
  public readonly container: StorageContainer;
  public readonly encryptionKey: IEncryptionKey;
  /** Private endpoints, each behind the one before it: Azure takes one change of an account at a time. */
  public readonly endpoints: readonly PrivateLink[];
  public readonly containerName = CONTAINER;
  public readonly acceptsKeys: boolean;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    const problems = new Problems();
    const filled = typeof props === 'object' && props !== null ? withDefaults(props) : props;
    const kept = checkDataBucket(problems, filled);
    problems.throwIfAny(this);
    requireNoDataPlane(this);
    const { resourceGroup, dataClass } = filled;
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { resourceGroup });
    this.acceptsKeys = props.accountKeys ?? false;
    this.resource = new StorageAccount(this, 'Resource', {
      ...accountConfig(filled, kept, this.encryptionKey),
      name: compactGlobalName(this, LONGEST_ACCOUNT_NAME),
      tags: dataClass && { [COST_TAG_KEYS.dataClass]: dataClass },
      dependsOn: standingBefore(this, this.encryptionKey.usable),
      lifecycle: { preventDestroy: true },
    });
    this.container = this.addContainer('Container', CONTAINER);
    this.lock(filled.retention);
    const rule = lifecycleRules(filled, kept);
    if (rule.length > 0) new StorageManagementPolicy(this, 'Lifecycle', { storageAccountId: this.accountId, rule });
    this.log(filled.accessLogs);
    this.endpoints = this.link(filled);
    for (const finding of bucketFindings(filled)) record(this, finding);
  }

  get accountName(): string {
    return this.resource.name;
  }

  get accountId(): string {
    return this.resource.id;
  }

  /** `https://<account>.blob.core.windows.net/data`: where programs find it. */
  get url(): string {
    return `${this.resource.primaryBlobEndpoint}${CONTAINER}`;
  }

  /** A further container of the account. */
  addContainer(id: string, name: string): StorageContainer {
    return new StorageContainer(this, id, {
      name,
      storageAccountId: this.accountId,
      containerAccessType: 'private',
      lifecycle: { preventDestroy: true },
    });
  }

  /** Lets a managed identity, by its object id, list and read. */
  grantRead(id: string, principalId: string): RoleAssignment {
    return this.grant(id, Role.BLOB_DATA_READER, principalId);
  }

  /** Lets a managed identity, by its object id, list, read, write and delete. */
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

function withDefaults(props: DataBucketProps): DataBucketProps {
  const { dataClass, purpose, versioned, retention, keepOldVersionsDays, restoreDays } = props;
  const free = dataClass === undefined || dataClass === DataClass.PUBLIC || dataClass === DataClass.INTERNAL;
  const plain = [versioned, retention, keepOldVersionsDays, restoreDays].every((one) => one === undefined);
  const checkpoints = purpose === DataPurpose.CHECKPOINTS && free && plain;
  return { ...props, hierarchical: props.hierarchical ?? (props.nfs === true || checkpoints) };
}
