import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assignRole, Role } from '../operations/roles';
import { containerIdOf, type IDataBucket } from './bucket-attributes';
import type { DataBucket } from './data-bucket';
import type { BlobIntegration } from './lustre-props';

/** The container for logs that is made where nobody names one. */
const LOGS = 'lustre-logs';

/**
 * The right of the service to the account of a bucket, and the container for its logs: both before the file system, or its creation fails.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-prerequisites#access-roles-for-blob-integration
 */
export class BlobAccess extends Construct {
  /** Resource ids of the two containers. */
  public readonly containerId: string;
  public readonly loggingContainerId: string;
  /** What must stand before the file system. */
  public readonly granted: ITerraformDependable[];

  constructor(scope: Construct, id: string, { bucket, resourceProviderId: to, loggingContainerName }: BlobIntegration) {
    super(scope, id);
    const on = bucket.accountId;
    this.containerId = containerIdOf(bucket);
    this.loggingContainerId = containerIdOf({ accountId: on, containerName: loggingContainerName ?? LOGS });
    this.granted = [
      assignRole(this, 'Account', { role: Role.STORAGE_ACCOUNT_CONTRIBUTOR, on, to }),
      assignRole(this, 'Blobs', { role: Role.BLOB_DATA_CONTRIBUTOR, on, to }),
    ];
    if (!isMadeHere(bucket)) return;
    this.granted.push(bucket.container, ...bucket.endpoints.map(({ resource }) => resource));
    if (loggingContainerName === undefined) this.granted.push(logsOf(bucket));
  }
}

function isMadeHere(bucket: IDataBucket): bucket is DataBucket {
  return 'addContainer' in bucket;
}

/** One container for the logs of all file systems of a bucket. */
function logsOf(bucket: DataBucket): ITerraformDependable {
  const found = bucket.node.tryFindChild('LustreLogs') as DataBucket['container'] | undefined;
  return found ?? bucket.addContainer('LustreLogs', LOGS);
}
