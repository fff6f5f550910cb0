import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { CurrentProject } from '../operations/current-project';
import { StorageBucketIamMember } from '../provider/google';

/** A bucket that exists, by its name. */
export interface INamedBucket {
  readonly name: string;
}

/** Properties for `JobIdentity`. */
export interface JobIdentityProps {
  /** Namespace of the jobs, whose default service account the identity is. */
  readonly namespace: string;
  /** What jobs read. @default - nothing */
  readonly datasets?: INamedBucket;
  /** What jobs read and write. @default - nothing */
  readonly checkpoints?: INamedBucket;
  /** The cluster: the first one of a project with workload identity makes the pool of identities. @default - it stands */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * What jobs may do in Google Cloud, by workload identity without a key: read datasets, read and write checkpoints. Grant more to its member.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity
 */
export class JobIdentity extends Construct {
  /** `principal://…`: the pods of the namespace, of every cluster of the project. */
  public readonly member: string;

  constructor(scope: Construct, id: string, { namespace, datasets, checkpoints, after = [] }: JobIdentityProps) {
    super(scope, id);
    this.member = CurrentProject.of(this).podsOf(namespace, 'default');
    const grant = (name: string, role: string, bucket: INamedBucket | undefined) => {
      if (!bucket) return;
      new StorageBucketIamMember(this, name, { bucket: bucket.name, role, member: this.member, dependsOn: [...after] });
    };
    grant('Datasets', 'roles/storage.objectViewer', datasets);
    grant('Checkpoints', 'roles/storage.objectUser', checkpoints);
  }
}
