import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assignRole, Role } from '../operations/roles';
import { containerIdOf, type IDataBucket, type DataBucket } from './data-bucket';
import type { BlobIntegration } from './lustre-file-system';

/** Default container for logs. */
const LOGS = 'lustre-logs';

/**
 * Access of the service to the storage account of a bucket, and the container for its logs. Both must exist before the file system.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-prerequisites#access-roles-for-blob-integration
 */
export class BlobAccess extends Construct {
  /** Resource id of the data container. */
  public readonly containerId: string;
  /** Resource id of the container for logs. */
  public readonly loggingContainerId: string;
  /** Resources that must exist before the file system. */
  public readonly granted: ITerraformDependable[];

  /** @internal */
  constructor(scope: Construct, id: string, { bucket, resourceProviderId: to, loggingContainerName }: BlobIntegration) {
    super(scope, id);
    const on = bucket.accountId;
    this.containerId = containerIdOf(bucket);
    this.loggingContainerId = containerIdOf({ accountId: on, containerName: loggingContainerName ?? LOGS });
    this.granted = [
      assignRole(this, 'Account', { role: Role.STORAGE_ACCOUNT_CONTRIBUTOR, on, to }),
      assignRole(this, 'Blobs', { role: Role.BLOB_DATA_CONTRIBUTOR, on, to }),
    ];
    if (!isCreatedHere(bucket)) return;
    this.granted.push(bucket.container, ...bucket.endpoints.map(({ resource }) => resource));
    if (loggingContainerName === undefined) this.granted.push(logsOf(bucket));
  }
}

function isCreatedHere(bucket: IDataBucket): bucket is DataBucket {
  return 'addContainer' in bucket;
}

/** Returns the container for logs, which all file systems of a bucket share. */
function logsOf(bucket: DataBucket): ITerraformDependable {
  const existing = bucket.node.tryFindChild('LustreLogs') as DataBucket['container'] | undefined;
  return existing ?? bucket.addContainer('LustreLogs', LOGS);
}
