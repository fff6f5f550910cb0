import { Stack } from 'aws-cdk-lib';
import { CfnAddon } from 'aws-cdk-lib/aws-eks';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { POOL_LABEL } from '../../kubernetes/pool';
import { podIdentityRole } from './job-identity';

/** Name of an EKS add-on that each new cluster has. Passed to EKS unchanged. */
export type AddonName =
  | 'eks-pod-identity-agent'
  | 'vpc-cni'
  | 'kube-proxy'
  | 'coredns'
  | 'metrics-server'
  | 'eks-node-monitoring-agent'
  | 'aws-fsx-csi-driver'
  | 'amazon-cloudwatch-observability';

/** An EKS managed add-on. */
interface Addon {
  /** Name of the add-on in EKS. */
  readonly name: AddonName;
  /** Whether nodes wait for the add-on. If not, the add-on waits for the system nodes, because it runs on them. */
  readonly beforeNodes: boolean;
  /** Service account and AWS managed policies for EKS Pod Identity. @default - the add-on calls no AWS API */
  readonly identity?: { readonly serviceAccount: string; readonly policies: readonly string[] };
  /** Configuration values. @default - the defaults of the add-on */
  readonly values?: Readonly<Record<string, unknown>>;
}

const EVERY_NODE = [{ operator: 'Exists' }];

// Names, service accounts, and policies: EKS user guide, "AWS add-ons" (workloads-add-ons-available-eks); read 2026-11-25.
const ADDONS: readonly Addon[] = [
  { name: 'eks-pod-identity-agent', beforeNodes: true },
  { name: 'vpc-cni', beforeNodes: true, identity: { serviceAccount: 'aws-node', policies: ['AmazonEKS_CNI_Policy'] } },
  { name: 'kube-proxy', beforeNodes: true },
  { name: 'coredns', beforeNodes: false },
  { name: 'metrics-server', beforeNodes: false },
  // By default its DCGM server has no tolerations: it never starts on tainted GPU nodes, and the agent reports these nodes as broken.
  { name: 'eks-node-monitoring-agent', beforeNodes: false, values: { dcgmAgent: { tolerations: EVERY_NODE } } },
  // It needs no rights: the driver only mounts declared volumes, and creates none.
  { name: 'aws-fsx-csi-driver', beforeNodes: false },
  {
    name: 'amazon-cloudwatch-observability',
    beforeNodes: false,
    identity: { serviceAccount: 'cloudwatch-agent', policies: ['CloudWatchAgentServerPolicy'] },
  },
];

/** Versions of EKS add-ons, by add-on name. */
export type AddonVersions = Readonly<Partial<Record<AddonName, string>>>;

/** Properties for `ClusterAddons`. */
export interface ClusterAddonsProps {
  readonly cluster: ICluster;
  /** Pools with NVIDIA GPUs. The GPU metrics exporter runs only there. */
  readonly gpuPools: readonly string[];
  /** Versions of add-ons. @default - EKS chooses a version for the Kubernetes version when it creates the add-on, and keeps it */
  readonly versions?: AddonVersions;
  /** Whether network policies are enforced. @default false */
  readonly networkPolicies?: boolean;
  /** Add-ons to install. @default - all */
  readonly names?: readonly AddonName[];
}

/** EKS managed add-ons of a cluster, each with its own rights. */
export class ClusterAddons extends Construct {
  /** Add-ons that nodes wait for. */
  public readonly beforeNodes: readonly CfnAddon[];
  /** Add-ons that run on the system nodes. */
  public readonly onSystemNodes: readonly CfnAddon[];

  constructor(scope: Construct, id: string, props: ClusterAddonsProps) {
    super(scope, id);
    const { names } = props;
    const [early, late] = [true, false].map((beforeNodes) =>
      ADDONS.filter(({ name, ...addon }) => addon.beforeNodes === beforeNodes && (names?.includes(name) ?? true)).map(
        (addon) => this.install(props, addon),
      ),
    ) as [CfnAddon[], CfnAddon[]];
    this.beforeNodes = early;
    this.onSystemNodes = late;
  }

  /** Makes all nodes wait for the first add-ons, and the other add-ons wait for the system nodes. */
  orderAround(systemNodes: Construct, acceleratorNodes: readonly Construct[]): void {
    for (const group of [systemNodes, ...acceleratorNodes]) group.node.addDependency(...this.beforeNodes);
    for (const addon of this.onSystemNodes) addon.node.addDependency(systemNodes);
  }

  private install(props: ClusterAddonsProps, addon: Addon): CfnAddon {
    const { cluster, versions = {} } = props;
    const { name, identity } = addon;
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

// The exporter's own list of instance types does not include the newest machines.
function exporterOn(gpuPools: readonly string[]): Addon['values'] {
  if (gpuPools.length === 0) return { dcgmExporter: { enabled: false } };
  const nodeSelectorTerms = [{ matchExpressions: [{ key: POOL_LABEL, operator: 'In', values: gpuPools }] }];
  return {
    dcgmExporter: {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    },
  };
}
