import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Properties for `nodeRole`. */
export interface NodeRoleProps {
  /**
   * Whether the VPC CNI uses the rights of the node. Set false for a cluster that gives the CNI its rights by Pod Identity, so that no
   * other pod inherits them.
   *
   * @default true
   */
  readonly cniPolicy?: boolean;
}

/** Creates the IAM role of nodes. It can join the cluster and pull images. Pods get their rights from their own roles. */
export function nodeRole(scope: Construct, id: string, { cniPolicy = true }: NodeRoleProps = {}): Role {
  const policies = [
    'AmazonEKSWorkerNodePolicy',
    'AmazonEC2ContainerRegistryPullOnly',
    ...(cniPolicy ? ['AmazonEKS_CNI_Policy'] : []),
  ];
  return new Role(scope, id, {
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: policies.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
  });
}
