import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { INamedBucket } from '../cluster/job-identity';
import { CurrentProject } from '../operations/current-project';
import { StorageBucketIamMember } from '../provider/google';

/** Properties for `ModelIdentity`. */
export interface ModelIdentityProps {
  readonly namespace: string;
  /** Service account of the servers. */
  readonly serviceAccount: string;
  /** The bucket of the model. */
  readonly bucket: INamedBucket;
  /** The cluster: the first one of a project with workload identity makes the pool of identities. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * What the servers of a model may do in Google Cloud, by workload identity without a key: read the bucket of the model, and nothing else.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 */
export class ModelIdentity extends Construct {
  /** `principal://…`: the pods of the service account, of every cluster of the project. */
  public readonly member: string;
  public readonly grant: StorageBucketIamMember;

  constructor(scope: Construct, id: string, { namespace, serviceAccount, bucket, after }: ModelIdentityProps) {
    super(scope, id);
    this.member = CurrentProject.of(this).podsOf(namespace, serviceAccount);
    this.grant = new StorageBucketIamMember(this, 'Bucket', {
      bucket: bucket.name,
      role: 'roles/storage.objectViewer',
      member: this.member,
      dependsOn: [...after],
    });
  }
}
