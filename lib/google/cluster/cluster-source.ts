import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, required, brand } from '../../core/prop-schema';
import type { IMlNetwork } from '../network/network-attributes';
import { NodeServiceAccount } from '../nodes/node-service-account';
import { SystemNodePool } from '../nodes/system-node-pool';
import { regionOf } from '../props/location';
import { checkAdmins } from './cluster-admins';
import { addNetworkRegion, checkRangeNames, networkOfCluster } from './cluster-network';
import { ControlPlane } from './control-plane';
import { checkNewCluster } from './control-plane-checks';
import type { NewClusterOptions } from './control-plane-props';
import type { IGkeCluster } from './gke-cluster';
import { EXISTING_CLUSTER_OPTIONS, GKE_CLUSTER, NEW_CLUSTER_OPTIONS } from '../prop-schemas';

/** Software that an existing cluster can run already: a Helm chart, or the CRDs of the endpoint picker. */
export type SharedChart = 'keda' | 'kube-prometheus-stack' | 'lws' | 'picker-kinds';

/** Options for an existing GKE cluster. */
export interface ExistingClusterOptions {
  /** Labels of the nodes that run controllers. These nodes must not have a taint. @default - the labels of a `SystemNodePool` */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** Software that the cluster runs already. `KubernetesInference` does not install it again. @default - none */
  readonly existingCharts?: readonly SharedChart[];
  /**
   * IAM principals that administer the cluster: `user:…` or `serviceAccount:…`. They also need `roles/container.clusterViewer` on the project.
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
    checkAdmins(within, this.admins);
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
