import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import { ManagedPolicy, Role, type IManagedPolicy, ServicePrincipal, SessionTagsPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

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

/**
 * Creates a role that pods assume with EKS Pod Identity.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export function podIdentityRole(scope: Construct, id: string, managedPolicies: IManagedPolicy[] = []): Role {
  return new Role(scope, id, {
    assumedBy: new SessionTagsPrincipal(new ServicePrincipal('pods.eks.amazonaws.com')),
    managedPolicies,
  });
}
