import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import { ManagedPolicy, type Role } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { podIdentityRole } from './pod-identity-role';

/** Properties for `JobIdentity`. */
export interface JobIdentityProps {
  /** Name of the EKS cluster. */
  readonly clusterName: string;
  /** Namespace of the jobs. The identity belongs to its default service account. */
  readonly namespace: string;
  /** Bucket that jobs can read. @default - none */
  readonly datasets?: IBucket;
  /** Bucket that jobs can read and write. @default - none */
  readonly checkpoints?: IBucket;
}

/** The AWS rights of training jobs: read datasets, and read and write checkpoints. To grant more, use its role. */
export class JobIdentity extends Construct {
  /** IAM role of the jobs. */
  public readonly role: Role;

  constructor(scope: Construct, id: string, props: JobIdentityProps) {
    super(scope, id);
    const { clusterName, namespace, datasets, checkpoints } = props;
    this.role = podIdentityRole(this, 'Role');
    const policy = new ManagedPolicy(this, 'Policy', { roles: [this.role] });
    datasets?.grantRead(policy);
    checkpoints?.grantReadWrite(policy);
    new CfnPodIdentityAssociation(this, 'Association', {
      clusterName,
      namespace,
      serviceAccount: 'default',
      roleArn: this.role.roleArn,
    });
  }
}
