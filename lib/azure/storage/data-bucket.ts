import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { COST_TAG_KEYS } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import { DataPurpose } from '../../core/data-purpose';
import { ProblemCollector } from '../../core/errors';
import { assertProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { PrivateLink } from '../network/private-link';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { requireNoDataPlane } from '../operations/provider-options';
import { assignRole, Role } from '../operations/roles';
import { compactGlobalName } from '../props/names';
import { existingDependencies } from '../../terraform/existing-dependencies';
import {
  MonitorDiagnosticSetting,
  type RoleAssignment,
  StorageAccount,
  StorageContainer,
  StorageContainerImmutabilityPolicy,
  StorageManagementPolicy,
} from '../provider/azurerm';
import { accountConfig } from './account-config';
import { containerIdOf, type DataBucketAttributes, type IDataBucket } from './bucket-attributes';
import { bucketFindings } from './bucket-findings';
import { lifecycleRules } from './bucket-lifecycle';
import { checkDataBucket } from './data-bucket-checks';
import type { DataBucketProps, RetentionLock } from './data-bucket-props';
import { DATA_BUCKET_ATTRIBUTES } from '../prop-schemas';

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

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    const problems = new ProblemCollector();
    const filled = typeof props === 'object' && props !== null ? withDefaults(props) : props;
    const retained = checkDataBucket(problems, filled);
    problems.throwIfAny(this);
    requireNoDataPlane(this);
    const { resourceGroup, dataClass } = filled;
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { resourceGroup });
    this.acceptsKeys = props.accountKeys ?? false;
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

  constructor(scope: Construct, id: string, attrs: DataBucketAttributes) {
    super(scope, id);
    assertProps(attrs, DATA_BUCKET_ATTRIBUTES, { scope: this, name: 'attrs' });
    this.accountName = attrs.accountName;
    this.accountId = attrs.accountId;
    this.containerName = attrs.containerName;
    this.acceptsKeys = attrs.acceptsKeys;
  }
}

function withDefaults(props: DataBucketProps): DataBucketProps {
  const { dataClass, purpose, versioned, retention, noncurrentVersionExpirationDays, restoreDays } = props;
  const free = dataClass === undefined || dataClass === DataClass.PUBLIC || dataClass === DataClass.INTERNAL;
  const plain = [versioned, retention, noncurrentVersionExpirationDays, restoreDays].every((one) => one === undefined);
  const checkpoints = purpose === DataPurpose.CHECKPOINTS && free && plain;
  return { ...props, hierarchical: props.hierarchical ?? (props.nfs === true || checkpoints) };
}
