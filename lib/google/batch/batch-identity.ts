import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { checkProviders } from '../../terraform/provider-checks';
import type { IDataBucket } from '../storage/data-bucket';
import { CurrentProject } from '../operations/current-project';
import { StorageBucketIamMember } from '../provider/google';

/** Properties for `BatchIdentity`. */
export interface BatchIdentityProps {
  /** Namespace of the pods. */
  readonly namespace: string;
  /** Kubernetes service account of the pods. */
  readonly serviceAccount: string;
  /** Bucket of the shards. */
  readonly input: IDataBucket;
  /** Bucket of the results. */
  readonly results: IDataBucket;
  /** Bucket of the model. @default - the model is not in a bucket */
  readonly model?: IDataBucket;
  /** The new cluster: the first cluster with workload identity creates the identity pool of the project. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The permissions of the pods of a run: read shards and the model, read and write results. They use Workload Identity Federation for GKE, without
 * a key.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 */
export class BatchIdentity extends Construct {
  /** IAM principal of the pods of the service account, in all clusters of the project: `principal://…`. */
  public readonly member: string;
  /** The permissions on the buckets. */
  public readonly grants: readonly StorageBucketIamMember[];

  /** @internal */
  constructor(scope: Construct, id: string, props: BatchIdentityProps) {
    super(scope, id);
    checkProviders(this);
    const { namespace, serviceAccount, input, results, model, after } = props;
    this.member = CurrentProject.of(this).podsOf(namespace, serviceAccount);
    const grant = (name: string, role: string, bucket: IDataBucket) =>
      new StorageBucketIamMember(this, name, { bucket: bucket.name, role, member: this.member, dependsOn: [...after] });
    this.grants = [
      grant('Input', 'roles/storage.objectViewer', input),
      grant('Results', 'roles/storage.objectUser', results),
      ...(model ? [grant('Model', 'roles/storage.objectViewer', model)] : []),
    ];
  }
}
