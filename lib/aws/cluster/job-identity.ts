import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import { ManagedPolicy, type Role } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { podIdentityRole } from './pod-identity-role';

/** Properties for `JobIdentity`. */
export interface JobIdentityProps {
  readonly clusterName: string;
  /** Namespace of the jobs, whose default service account the identity is. */
  readonly namespace: string;
  /** What jobs read. @default - nothing */
  readonly datasets?: IBucket;
  /** What jobs read and write. @default - nothing */
  readonly checkpoints?: IBucket;
}

/** What jobs may do in AWS: read datasets, read and write checkpoints, whether or not a file system mirrors them. Grant more to its role. */
export class JobIdentity extends Construct {
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
