import { Stack } from 'aws-cdk-lib';
import { CfnAddon } from 'aws-cdk-lib/aws-eks';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { POOL_LABEL } from '../../kubernetes/pool';
import { podIdentityRole } from './pod-identity-role';

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
const ADDONS = [
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
  },
] as const satisfies readonly Addon[];

/** An add-on that every training cluster has. */
export type AddonName = (typeof ADDONS)[number]['name'];

/** Properties for `ClusterAddons`. */
export interface ClusterAddonsProps {
  readonly cluster: ICluster;
  /** Pools whose nodes have NVIDIA GPUs: the exporter of their metrics runs there and nowhere else. */
  readonly gpuPools: readonly string[];
  /** Versions to hold or to upgrade to. @default - what EKS takes for the cluster's Kubernetes when the add-on is made, and then no other */
  readonly versions?: Readonly<Partial<Record<AddonName, string>>>;
  /** Whether network policies are enforced. @default false */
  readonly networkPolicies?: boolean;
}

/** The EKS managed add-ons of a training cluster, each with rights of its own. */
export class ClusterAddons extends Construct {
  /** What must be there before a node joins. */
  public readonly beforeNodes: readonly CfnAddon[];
  /** What runs on the system nodes. */
  public readonly onSystemNodes: readonly CfnAddon[];

  constructor(scope: Construct, id: string, props: ClusterAddonsProps) {
    super(scope, id);
    const [early, late] = [true, false].map((beforeNodes) =>
      ADDONS.filter((addon) => addon.beforeNodes === beforeNodes).map((addon) => this.install(props, addon)),
    ) as [CfnAddon[], CfnAddon[]];
    this.beforeNodes = early;
    this.onSystemNodes = late;
  }

  /** Makes all nodes wait for what they need, and the other add-ons for the system nodes, which they run on. */
  orderAround(systemNodes: Construct, acceleratorNodes: readonly Construct[]): void {
    for (const group of [systemNodes, ...acceleratorNodes]) group.node.addDependency(...this.beforeNodes);
    for (const addon of this.onSystemNodes) addon.node.addDependency(systemNodes);
  }

  private install(props: ClusterAddonsProps, addon: (typeof ADDONS)[number]): CfnAddon {
    const { cluster, versions = {} } = props;
    const { name, identity }: Addon & { name: AddonName } = addon;
    const values = valuesOf(props, addon);
    return new CfnAddon(this, name, {
      clusterName: cluster.clusterName,
      addonName: name,
      addonVersion: versions[name],
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

function valuesOf({ gpuPools, networkPolicies }: ClusterAddonsProps, addon: Addon): Addon['values'] {
  if (addon.name === 'amazon-cloudwatch-observability') return exporterOn(gpuPools);
  // https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
  if (addon.name === 'vpc-cni' && networkPolicies) return { enableNetworkPolicy: 'true' };
  return addon.values;
}

// The exporter's own list of instance types ends before the newest machines.
function exporterOn(gpuPools: readonly string[]): Addon['values'] {
  if (gpuPools.length === 0) return { dcgmExporter: { enabled: false } };
  const nodeSelectorTerms = [{ matchExpressions: [{ key: POOL_LABEL, operator: 'In', values: gpuPools }] }];
  return {
    dcgmExporter: {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    },
  };
}
