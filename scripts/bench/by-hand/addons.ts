import { CfnAddon } from 'aws-cdk-lib/aws-eks';
import type { Cluster } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role, ServicePrincipal, SessionTagsPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** The add-ons that nodes need, and the add-ons that need nodes. */
export interface Addons {
  readonly early: CfnAddon[];
  readonly late: CfnAddon[];
}

const POOL_NODES = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'ai-infra/pool', operator: 'Exists' }] }],
    },
  },
};

export function addons(stack: Construct, cluster: Cluster): Addons {
  const add = (addonName: string, more: { values?: object; identity?: [account: string, policy: string] } = {}) =>
    new CfnAddon(stack, addonName, {
      clusterName: cluster.clusterName,
      addonName,
      resolveConflicts: 'OVERWRITE',
      configurationValues: more.values && JSON.stringify(more.values),
      podIdentityAssociations: more.identity && [
        { serviceAccount: more.identity[0], roleArn: podRole(stack, addonName, more.identity[1]) },
      ],
    });
  return {
    early: [
      add('eks-pod-identity-agent'),
      add('vpc-cni', { identity: ['aws-node', 'AmazonEKS_CNI_Policy'] }),
      add('kube-proxy'),
    ],
    late: [
      add('coredns'),
      add('metrics-server'),
      add('eks-node-monitoring-agent', { values: { dcgmAgent: { tolerations: [{ operator: 'Exists' }] } } }),
      add('aws-fsx-csi-driver'),
      add('amazon-cloudwatch-observability', {
        identity: ['cloudwatch-agent', 'CloudWatchAgentServerPolicy'],
        values: { dcgmExporter: { affinity: POOL_NODES } },
      }),
    ],
  };
}

function podRole(stack: Construct, addon: string, policy: string): string {
  const role = new Role(stack, `${addon}-role`, {
    assumedBy: new SessionTagsPrincipal(new ServicePrincipal('pods.eks.amazonaws.com')),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(policy)],
  });
  return role.roleArn;
}
