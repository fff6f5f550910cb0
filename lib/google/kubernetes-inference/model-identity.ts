import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { checkProviders } from '../../terraform/provider-checks';
import type { IDataBucket } from '../storage/data-bucket';
import { CurrentProject } from '../operations/current-project';
import { StorageBucketIamMember } from '../provider/google';

/** Properties for `ModelIdentity`. */
export interface ModelIdentityProps {
  /** Namespace of the servers. */
  readonly namespace: string;
  /** Kubernetes service account of the servers. */
  readonly serviceAccount: string;
  /** Bucket of the model. */
  readonly bucket: IDataBucket;
  /** The new cluster: the first cluster with workload identity creates the identity pool of the project. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The permission of the servers of a model to read its bucket, with Workload Identity Federation for GKE and without a key.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 */
export class ModelIdentity extends Construct {
  /** IAM principal of the pods of the service account, in all clusters of the project: `principal://…`. */
  public readonly member: string;
  /** The permission on the bucket. */
  public readonly grant: StorageBucketIamMember;

  /** @internal */
  constructor(scope: Construct, id: string, { namespace, serviceAccount, bucket, after }: ModelIdentityProps) {
    super(scope, id);
    checkProviders(this);
    this.member = CurrentProject.of(this).podsOf(namespace, serviceAccount);
    this.grant = new StorageBucketIamMember(this, 'Bucket', {
      bucket: bucket.name,
      role: 'roles/storage.objectViewer',
      member: this.member,
      dependsOn: [...after],
    });
  }
}
