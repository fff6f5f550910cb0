import { Stack } from 'aws-cdk-lib';
import { CfnAddon } from 'aws-cdk-lib/aws-eks';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { type IManagedPolicy, ManagedPolicy, Role, ServicePrincipal, SessionTagsPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { POOL_LABEL } from '../kubernetes/pool';

/** An EKS managed add-on. */
interface Addon {
  /** The name that EKS knows it by. */
  readonly name: string;
  /** Whether it must be there before a node joins; else it waits for the system nodes, which it runs on. */
  readonly beforeNodes: boolean;
  /** Service account and AWS managed policies that it gets by Pod Identity. @default - it needs no AWS API */
  readonly identity?: { readonly serviceAccount: string; readonly policies: readonly string[] };
  /** What departs from its defaults. @default - nothing */
  readonly values?: Readonly<Record<string, unknown>>;
}

const EVERY_NODE = [{ operator: 'Exists' }];

// Names, service accounts and policies: EKS user guide, "AWS add-ons" (workloads-add-ons-available-eks); read 2026-11-25.
const ADDONS: readonly Addon[] = [
  { name: 'eks-pod-identity-agent', beforeNodes: true },
  { name: 'vpc-cni', beforeNodes: true, identity: { serviceAccount: 'aws-node', policies: ['AmazonEKS_CNI_Policy'] } },
  { name: 'kube-proxy', beforeNodes: true },
  { name: 'coredns', beforeNodes: false },
  { name: 'metrics-server', beforeNodes: false },
  // Its DCGM server tolerates nothing by default, so it would never start on tainted GPU nodes, and the agent would call them broken.
  { name: 'eks-node-monitoring-agent', beforeNodes: false, values: { dcgmAgent: { tolerations: EVERY_NODE } } },
  // No rights: volumes are declared, so the driver mounts them and makes none.
  { name: 'aws-fsx-csi-driver', beforeNodes: false },
  {
    name: 'amazon-cloudwatch-observability',
    beforeNodes: false,
    identity: { serviceAccount: 'cloudwatch-agent', policies: ['CloudWatchAgentServerPolicy'] },
    // The exporter's own list of instance types ends before the newest machines: every accelerator node of this cluster carries the label.
    values: { dcgmExporter: { affinity: nodesWithLabel(POOL_LABEL) } },
  },
];

/** Properties for `ClusterAddons`. */
export interface ClusterAddonsProps {
  readonly cluster: ICluster;
}

/** The EKS managed add-ons of a training cluster, each with rights of its own. They follow the cluster's version. */
export class ClusterAddons extends Construct {
  /** What must be there before a node joins. */
  public readonly beforeNodes: readonly CfnAddon[];
  /** What runs on the system nodes. */
  public readonly onSystemNodes: readonly CfnAddon[];

  constructor(scope: Construct, id: string, { cluster }: ClusterAddonsProps) {
    super(scope, id);
    const [early, late] = [true, false].map((beforeNodes) =>
      ADDONS.filter((addon) => addon.beforeNodes === beforeNodes).map((addon) => this.install(cluster, addon)),
    ) as [CfnAddon[], CfnAddon[]];
    this.beforeNodes = early;
    this.onSystemNodes = late;
  }

  /** Makes all nodes wait for what they need, and the other add-ons for the system nodes, which they run on. */
  orderAround(systemNodes: Construct, acceleratorNodes: readonly Construct[]): void {
    for (const group of [systemNodes, ...acceleratorNodes]) group.node.addDependency(...this.beforeNodes);
    for (const addon of this.onSystemNodes) addon.node.addDependency(systemNodes);
  }

  private install(cluster: ICluster, { name, identity, values }: Addon): CfnAddon {
    return new CfnAddon(this, name, {
      clusterName: cluster.clusterName,
      addonName: name,
      resolveConflicts: 'OVERWRITE',
      configurationValues: values && Stack.of(this).toJsonString(values),
      podIdentityAssociations: identity && [
        { serviceAccount: identity.serviceAccount, roleArn: this.podRole(name, identity.policies).roleArn },
      ],
    });
  }

  private podRole(addon: string, policies: readonly string[]): Role {
    return podIdentityRole(
      this,
      `${addon}-role`,
      policies.map((policy) => ManagedPolicy.fromAwsManagedPolicyName(policy)),
    );
  }
}

/**
 * A role that pods take on through EKS Pod Identity.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export function podIdentityRole(scope: Construct, id: string, managedPolicies: IManagedPolicy[] = []): Role {
  return new Role(scope, id, {
    assumedBy: new SessionTagsPrincipal(new ServicePrincipal('pods.eks.amazonaws.com')),
    managedPolicies,
  });
}

function nodesWithLabel(key: string) {
  const nodeSelectorTerms = [{ matchExpressions: [{ key, operator: 'Exists' }] }];
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}
