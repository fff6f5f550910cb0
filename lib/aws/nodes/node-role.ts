import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Properties for `nodeRole`. */
export interface NodeRoleProps {
  /**
   * Whether the VPC CNI takes its rights from the node. A cluster that gives them to the CNI by Pod Identity needs this off, so that
   * no other pod inherits them.
   *
   * @default true
   */
  readonly cniPolicy?: boolean;
}

/** What a node may do: join its cluster and pull images, and nothing of what its pods do. */
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
