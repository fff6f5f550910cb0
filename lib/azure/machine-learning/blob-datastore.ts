import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import { AzapiResource } from '../provider/azapi';
import type { IDataBucket } from '../storage/bucket-attributes';
import { ML_READING, ML_TYPES } from './api';
import { checkWorkspace, type IMachineLearningWorkspace } from './workspace-attributes';
import { BLOB_DATASTORE_PROPS } from '../prop-schemas';

/** Properties for `BlobDatastore`. */
export interface BlobDatastoreProps {
  /** Workspace of the datastore. */
  readonly workspace: IMachineLearningWorkspace;
  /** Bucket. Each identity that reads or writes it needs its own role assignment. */
  readonly bucket: IDataBucket;
  /** Name in the workspace: lower-case letters, digits, and underscores. Paths start with it. */
  readonly datastoreName: string;
}

interface DatastoreBody {
  readonly properties: {
    readonly datastoreType: 'AzureBlob';
    readonly accountName: string;
    readonly containerName: string;
    readonly endpoint: string;
    readonly protocol: 'https';
    readonly credentials: { readonly credentialsType: 'None' };
    readonly serviceDataAccessAuthIdentity: 'WorkspaceUserAssignedIdentity' | 'None';
  };
}

// Recalled, unverified: names that studio accepts.
const NAME = /^[a-z0-9_]{1,255}$/;

/**
 * An Azure ML datastore for a bucket. It stores no key: jobs access the bucket with their identity.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-datastore
 *
 * @example
 * ```ts
 * import type { Construct } from 'constructs';
 * import { BlobDatastore, type IDataBucket, type IMachineLearningWorkspace } from 'ai-infra-constructs/azure';
 *
 * export function addDatastore(scope: Construct, workspace: IMachineLearningWorkspace, bucket: IDataBucket) {
 *   return new BlobDatastore(scope, 'Datastore', { workspace, bucket, datastoreName: 'datasets' });
 * }
 * ```
 */
export class BlobDatastore extends Construct {
  /** The datastore. */
  public readonly resource: AzapiResource;
  /** Name of the datastore. */
  public readonly datastoreName: string;

  constructor(scope: Construct, id: string, props: BlobDatastoreProps) {
    super(scope, id);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, BLOB_DATASTORE_PROPS)) check(problems, props);
    problems.throwIfAny(this);
    const { workspace, bucket, datastoreName } = props;
    this.datastoreName = datastoreName;
    const body: DatastoreBody = {
      properties: {
        datastoreType: 'AzureBlob',
        accountName: bucket.accountName,
        containerName: bucket.containerName,
        endpoint: 'core.windows.net',
        protocol: 'https',
        credentials: { credentialsType: 'None' },
        serviceDataAccessAuthIdentity: workspace.identity ? 'WorkspaceUserAssignedIdentity' : 'None',
      },
    };
    this.resource = new AzapiResource(this, 'Resource', {
      type: ML_TYPES.datastore,
      ...ML_READING,
      name: datastoreName,
      parentId: workspace.id,
      body,
      dependsOn: [...(workspace.ready ?? [])],
    });
  }

  /** Returns the URI of a path, for example `requests/2026/`, for jobs and models. */
  uriOf(path: string): string {
    return `azureml://datastores/${this.datastoreName}/paths/${path}`;
  }
}

function check(problems: ProblemCollector, { workspace, datastoreName }: BlobDatastoreProps): void {
  checkWorkspace(problems, 'workspace', workspace);
  if (isUnknown(datastoreName) || NAME.test(datastoreName)) return;
  const allowed = '1 to 255 lower-case letters, digits, and underscores';
  problems.add({ code: 'AzureName', prop: 'datastoreName', allowed, got: datastoreName, fix: 'Rename it.' });
}
