import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, required, type Shape, TEXT } from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';
import { AzapiResource } from '../provider/azapi';
import { DATA_BUCKET, type IDataBucket } from '../storage/bucket-attributes';
import { ML_READING, ML_TYPES } from './api';
import { checkWorkspace, type IMachineLearningWorkspace, WORKSPACE } from './workspace-attributes';

/** Properties for `BlobDatastore`. */
export interface BlobDatastoreProps {
  readonly workspace: IMachineLearningWorkspace;
  /** The bucket. Whoever reads or writes it does so by a right of its own. */
  readonly bucket: IDataBucket;
  /** Its name within the workspace: lower-case letters, digits and underscores. Paths begin with it. */
  readonly datastoreName: string;
}

const SHAPE: Shape<BlobDatastoreProps> = {
  workspace: required(WORKSPACE),
  bucket: required(DATA_BUCKET),
  datastoreName: required(TEXT),
};

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

// Recalled, unverified: what studio takes.
const NAME = /^[a-z0-9_]{1,255}$/;

/**
 * A bucket under a name that jobs and endpoints of a workspace know. It holds no key: a job reads as the identity that it runs as.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-datastore
 */
export class BlobDatastore extends Construct {
  public readonly resource: AzapiResource;
  public readonly datastoreName: string;

  constructor(scope: Construct, id: string, props: BlobDatastoreProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, SHAPE)) check(problems, props);
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

  /** A path of it, e.g. `requests/2026/`, as jobs and models name it. */
  uriOf(path: string): string {
    return `azureml://datastores/${this.datastoreName}/paths/${path}`;
  }
}

function check(problems: Problems, { workspace, datastoreName }: BlobDatastoreProps): void {
  checkWorkspace(problems, 'workspace', workspace);
  if (isUnknown(datastoreName) || NAME.test(datastoreName)) return;
  const allowed = '1 to 255 lower-case letters, digits and underscores';
  problems.add({ code: 'AzureName', prop: 'datastoreName', allowed, got: datastoreName, fix: 'Rename it.' });
}
