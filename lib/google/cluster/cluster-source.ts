import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, required, brand } from '../../core/prop-schema';
import type { IMlNetwork } from '../network/network-attributes';
import { NodeServiceAccount } from '../nodes/node-config';
import { SystemNodePool } from '../nodes/system-node-pool';
import { regionOf } from '../props/location';
import { ControlPlane, checkNewCluster, type NewClusterOptions } from './control-plane';
import { EXISTING_CLUSTER_OPTIONS, GKE_CLUSTER, NEW_CLUSTER_OPTIONS, ML_NETWORK } from '../prop-schemas';
import type { KubernetesManifest } from '../../kubernetes';
import type { BundleValue } from '../../terraform/bundle-variables';
import { isUnknown } from '../../terraform/tokens';

/** A GKE cluster: a new `ControlPlane` or an existing cluster. */
export interface IGkeCluster {
  /** Name or ID of the cluster. */
  readonly name: string;
  /** Region or zone of the control plane, known at synthesis. */
  readonly location: string;
  /** GKE version. @default - unknown; versions are not validated */
  readonly kubernetesVersion?: string;
}

/** Attributes of an existing GKE cluster. */
export type ControlPlaneAttributes = IGkeCluster;

/** Software that an existing cluster can run already: a Helm chart, or the CRDs of the endpoint picker. */
export type SharedChart =
  | 'dra-driver-nvidia-gpu'
  | 'jobset'
  | 'keda'
  | 'kube-prometheus-stack'
  | 'kubeflow-trainer'
  | 'kueue'
  | 'lws'
  | 'picker-kinds';

/** Options for an existing GKE cluster. */
export interface ExistingClusterOptions {
  /** Labels of the nodes that run controllers. These nodes must not have a taint. @default - the labels of a `SystemNodePool` */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** Software that the cluster runs already, so that it is not installed again. @default - none */
  readonly existingCharts?: readonly SharedChart[];
  /**
   * Whether managed collection of Managed Service for Prometheus runs in the cluster. Models then get a PodMonitoring for their servers.
   *
   * @default false
   * @see https://cloud.google.com/stackdriver/docs/managed-prometheus/setup-managed
   */
  readonly managedPrometheus?: boolean;
  /**
   * IAM principals that administer the cluster: `user:…`, `serviceAccount:…`, or `group:…` if the cluster has Google Groups for RBAC. They also need `roles/container.clusterViewer` on the project.
   *
   * @default - only principals that IAM gives access to the cluster
   */
  readonly admins?: readonly string[];
}

/** The nodes and the network that a construct adds to its cluster. */
export interface ClusterUse {
  /** Zone of the nodes. A new cluster is created in its region. */
  readonly zone: string;
  /** Network of the nodes. @default - the network of the cluster */
  readonly network?: IMlNetwork;
}

/** The nodes that a construct creates. */
export interface ClusterNodes extends ClusterUse {
  /** Whether all nodes are Shielded VMs. Bare metal machines cannot be. */
  readonly shielded: boolean;
  /** Whether the construct creates nodes besides the system nodes. */
  readonly createsNodes: boolean;
}

/** The cluster of a construct. */
export interface ProvidedCluster {
  /** The new or existing cluster. */
  readonly cluster: IGkeCluster;
  /** The new control plane. @default - the cluster existed already */
  readonly controlPlane?: ControlPlane;
  /** The new system nodes. @default - the cluster existed already */
  readonly systemNodes?: SystemNodePool;
  /** Email of the service account of the nodes. @default - the construct creates no nodes */
  readonly serviceAccount?: string;
}

/**
 * The GKE cluster that a construct runs on: a new one or an existing one.
 *
 * @example
 * ```ts
 * import { ClusterSource, ReleaseChannel } from 'ai-infra-constructs/google';
 *
 * const cluster = ClusterSource.create({
 *   admins: ['user:ada@example.com'],
 *   releaseChannel: ReleaseChannel.STABLE,
 * });
 * ```
 */
export class ClusterSource {
  /** A new cluster with system nodes, in the region and the network of the construct. */
  static create(options: NewClusterOptions = {}): ClusterSource {
    assertProps(options, NEW_CLUSTER_OPTIONS, { name: 'options' });
    const { admins, ...newCluster } = options;
    return new ClusterSource(newCluster, admins);
  }

  /** An existing cluster with Dataplane V2, multi-networking, workload identity, and its own system nodes. */
  static fromCluster(cluster: IGkeCluster, options: ExistingClusterOptions = {}): ClusterSource {
    assertProps({ cluster }, { cluster: required(GKE_CLUSTER) });
    assertProps(options, EXISTING_CLUSTER_OPTIONS, { name: 'options' });
    return new ClusterSource({}, options.admins, cluster, options);
  }

  private constructor(
    /** @internal Options for the new cluster. Empty for an existing cluster. */
    readonly newCluster: Omit<NewClusterOptions, 'admins'>,
    /** IAM principals that administer the cluster. */
    readonly admins: readonly string[] = [],
    /** @internal The existing cluster. @default - the construct creates one */
    readonly existing?: IGkeCluster,
    private readonly options: ExistingClusterOptions = {},
  ) {}

  /** Labels of the nodes that run controllers. @default - none are set: the labels of a `SystemNodePool` apply */
  get systemLabels(): Readonly<Record<string, string>> | undefined {
    return this.options.systemLabels;
  }

  /** Software that the existing cluster runs already. @default - none */
  get existingCharts(): readonly SharedChart[] | undefined {
    return this.options.existingCharts;
  }

  /** @internal Whether Managed Service for Prometheus collects the metrics that a PodMonitoring selects. */
  get collectsMetrics(): boolean {
    return !this.existing || isControlPlane(this.existing) || this.options.managedPrometheus === true;
  }

  /** @internal The cluster as far as it is known before it is created. */
  planned(zone: string): IGkeCluster {
    const { kubernetesVersion } = this.newCluster;
    return this.existing ?? { name: 'new', location: regionOf(zone), kubernetesVersion };
  }

  /** @internal The network of the construct, or of the existing cluster if it is a `ControlPlane`. @default - unknown */
  networkFor(network: IMlNetwork | undefined): IMlNetwork | undefined {
    return network ?? (this.existing && networkOfCluster(this.existing));
  }

  /** @internal Adds each problem of the cluster, with paths that start with `cluster.`, and of its network. */
  check(problems: ProblemCollector, { zone, network }: ClusterUse): void {
    const within = problems.within('cluster');
    const region = regionOf(zone);
    if (network && network.region !== region) addNetworkRegion(problems, network, `${region}, the region of ${zone}`);
    checkAdmins(within, this.admins, this.existing !== undefined || this.newCluster.securityGroup !== undefined);
    if (this.existing) return;
    checkNewCluster(within, this.newCluster, region);
    checkRangeNames(problems, network);
  }

  /** @internal The existing cluster, or a new control plane with system nodes, as children of `scope`. */
  provide(scope: Construct, { zone, network, shielded, createsNodes }: ClusterNodes): ProvidedCluster {
    const needsAccount = !this.existing || createsNodes;
    const serviceAccount = needsAccount ? new NodeServiceAccount(scope, 'NodeAccount').email : undefined;
    if (this.existing) return { cluster: this.existing, serviceAccount };
    const { systemNodes, ...options } = this.newCluster;
    const controlPlane = new ControlPlane(scope, 'ControlPlane', {
      ...options,
      network,
      region: regionOf(zone),
      shieldedNodes: shielded,
      serviceAccount,
    });
    const { encryptionKey: bootDiskKey } = controlPlane;
    const props = { ...systemNodes, cluster: controlPlane, serviceAccount, bootDiskKey };
    return {
      cluster: controlPlane,
      controlPlane,
      systemNodes: new SystemNodePool(scope, 'System', props),
      serviceAccount,
    };
  }
}

brand(ClusterSource, 'google.ClusterSource');

const MEMBER = /^(user|serviceAccount|group):\S+@\S+$/;
// RBAC identifies a principal by its email only. The type is removed at synthesis, so it cannot be part of a token.
const TYPE = /^(user|serviceAccount|group):/;

/** Adds a problem for each administrator that Kubernetes RBAC cannot identify. @param knowsGroups whether Google Groups for RBAC is set up */
export function checkAdmins(problems: ProblemCollector, admins: readonly string[], knowsGroups: boolean): void {
  admins.forEach((member, index) => {
    const isMember = isUnknown(member) ? TYPE.test(member) : MEMBER.test(member);
    if (isMember && (knowsGroups || !member.startsWith('group:'))) return;
    problems.add({
      code: 'AdminInvalid',
      prop: `admins[${index}]`,
      allowed: 'user:<email> or serviceAccount:<email>, or group:<email> with `securityGroup`',
      got: member,
      fix: isUnknown(member)
        ? 'Put the type before the token, for example `serviceAccount:${account.email}`.'
        : 'List each principal. For a group of a new cluster, set `securityGroup`.',
    });
  });
}

/**
 * The binding that makes IAM principals administrators of a cluster.
 *
 * @param name name of the `ClusterRoleBinding`
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control
 */
export function adminBinding(name: string, admins: readonly string[]): KubernetesManifest[] {
  if (admins.length === 0) return [];
  const subjects = admins.map((member) => ({
    apiGroup: 'rbac.authorization.k8s.io',
    kind: member.startsWith('group:') ? 'Group' : 'User',
    name: member.slice(member.indexOf(':') + 1),
  }));
  return [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects,
    },
  ];
}

/** Values of a cluster that can be tokens, for the variables of a GitOps bundle. */
export function clusterValues({ admins, systemLabels = {} }: Pick<ClusterSource, 'admins' | 'systemLabels'>) {
  const principals = admins.map((member, index): [string, BundleValue] => [
    `ADMIN_${index + 1}`,
    { meaning: `Email of administrator ${index + 1}`, value: member.slice(member.indexOf(':') + 1) },
  ]);
  const labels = Object.entries(systemLabels).map(([key, value], index): [string, BundleValue] => [
    `SYSTEM_LABEL_${index + 1}`,
    { meaning: `Value of the label ${key} of the system nodes`, value },
  ]);
  return Object.fromEntries([...principals, ...labels]);
}

/** A cluster that exposes its network, as a `ControlPlane` does. */
type ClusterWithNetwork = IGkeCluster & { readonly network: IMlNetwork };

/** Adds a problem if a new cluster has no secondary ranges for its pods and services. */
export function checkRangeNames(problems: ProblemCollector, network: IMlNetwork | undefined): void {
  if (!network || network.rangeNames) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'network.rangeNames',
    allowed: 'the names of the secondary ranges { pods, services } for a new cluster',
    got: undefined,
    fix: 'Set `rangeNames` in MlNetwork.fromMlNetworkAttributes.',
  });
}

/** Adds the problem that a network is in another region than the cluster. */
export function addNetworkRegion(problems: ProblemCollector, { region }: IMlNetwork, allowed: string): void {
  problems.add({
    code: 'LocationInvalid',
    prop: 'network',
    allowed: `a network with a subnetwork in ${allowed}`,
    got: region,
    fix: 'Use one region for the network and the cluster.',
  });
}

/** The network of a cluster that is a `ControlPlane`. @default - unknown */
export function networkOfCluster(cluster: object): IMlNetwork | undefined {
  return isControlPlane(cluster) ? cluster.network : undefined;
}

/** Whether a cluster is a `ControlPlane`, from any copy of the package. */
export function isControlPlane(cluster: object): cluster is ClusterWithNetwork {
  return 'network' in cluster && ML_NETWORK.validate(new ProblemCollector(), 'network', cluster.network);
}

/** Whether two clusters are the same. Undefined if that is unknown, as with names that are set at deployment. */
export function isSameCluster(one: IGkeCluster, other: IGkeCluster): boolean | undefined {
  if (one === other) return true;
  const [first, second] = [isControlPlane(one), isControlPlane(other)];
  if (first || second) return first === second ? false : undefined;
  if (isUnknown([one.name, other.name, one.location, other.location])) return undefined;
  return one.name === other.name && one.location === other.location;
}
