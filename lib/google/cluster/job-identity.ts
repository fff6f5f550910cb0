import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { checkProviders } from '../../terraform/provider-checks';
import { CurrentProject } from '../operations/current-project';
import { StorageBucketIamMember } from '../provider/google';
import type { IDataBucket } from '../storage/data-bucket';

/** Properties for `JobIdentity`. */
export interface JobIdentityProps {
  /** Kubernetes namespace of the jobs, which run as its default service account. */
  readonly namespace: string;
  /** Bucket that jobs can read. @default - none */
  readonly datasets?: IDataBucket;
  /** Bucket that jobs can read and write. @default - none */
  readonly checkpoints?: IDataBucket;
  /** Resources that must exist first. The first cluster with Workload Identity Federation creates the workload identity pool of the project. @default - none */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * The Google Cloud permissions of jobs through Workload Identity Federation: read datasets, and read and write checkpoints. Grant other roles to
 * `member`.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity
 */
export class JobIdentity extends Construct {
  /** IAM principal of the pods in the namespace, in every cluster of the project: `principal://…`. */
  public readonly member: string;

  constructor(scope: Construct, id: string, { namespace, datasets, checkpoints, after = [] }: JobIdentityProps) {
    super(scope, id);
    checkProviders(this);
    this.member = CurrentProject.of(this).podsOf(namespace, 'default');
    const grant = (name: string, role: string, bucket: IDataBucket | undefined) => {
      if (!bucket) return;
      new StorageBucketIamMember(this, name, { bucket: bucket.name, role, member: this.member, dependsOn: [...after] });
    };
    grant('Datasets', 'roles/storage.objectViewer', datasets);
    grant('Checkpoints', 'roles/storage.objectUser', checkpoints);
  }
}
