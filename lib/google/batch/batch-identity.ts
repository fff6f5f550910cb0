import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { INamedBucket } from '../cluster/job-identity';
import { CurrentProject } from '../operations/current-project';
import { StorageBucketIamMember } from '../provider/google';

/** Properties for `BatchIdentity`. */
export interface BatchIdentityProps {
  readonly namespace: string;
  /** Service account of the pods. */
  readonly serviceAccount: string;
  readonly input: INamedBucket;
  readonly results: INamedBucket;
  /** The bucket of the model. @default - it is in no bucket */
  readonly model?: INamedBucket;
  /** The cluster: the first one of a project with workload identity makes the pool of identities. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * What the pods of a run may do in Google Cloud, by workload identity without a key: read shards and the model, read and write results.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 */
export class BatchIdentity extends Construct {
  /** `principal://…`: the pods of the service account, of every cluster of the project. */
  public readonly member: string;
  public readonly grants: readonly StorageBucketIamMember[];

  constructor(scope: Construct, id: string, props: BatchIdentityProps) {
    super(scope, id);
    const { namespace, serviceAccount, input, results, model, after } = props;
    this.member = CurrentProject.of(this).podsOf(namespace, serviceAccount);
    const grant = (name: string, role: string, bucket: INamedBucket) =>
      new StorageBucketIamMember(this, name, { bucket: bucket.name, role, member: this.member, dependsOn: [...after] });
    this.grants = [
      grant('Input', 'roles/storage.objectViewer', input),
      grant('Results', 'roles/storage.objectUser', results),
      ...(model ? [grant('Model', 'roles/storage.objectViewer', model)] : []),
    ];
  }
}
