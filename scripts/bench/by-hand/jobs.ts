import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import type { Cluster } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role, ServicePrincipal, SessionTagsPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** Allows jobs to read the datasets, and to read and write the checkpoints. */
export function jobIdentity(
  stack: Construct,
  cluster: Cluster,
  { datasets, checkpoints }: { datasets: Bucket; checkpoints: Bucket },
): void {
  const role = new Role(stack, 'JobsRole', {
    assumedBy: new SessionTagsPrincipal(new ServicePrincipal('pods.eks.amazonaws.com')),
  });
  const policy = new ManagedPolicy(stack, 'JobsPolicy', { roles: [role] });
  datasets.grantRead(policy);
  checkpoints.grantReadWrite(policy);
  new CfnPodIdentityAssociation(stack, 'JobsIdentity', {
    clusterName: cluster.clusterName,
    namespace: 'training',
    serviceAccount: 'default',
    roleArn: role.roleArn,
  });
}
