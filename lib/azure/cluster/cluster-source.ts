import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, required, brand } from '../../core/prop-schema';
import { checkCluster, type IAksCluster } from './aks-cluster';
import { ControlPlane } from './control-plane';
import { checkNewCluster } from './control-plane-checks';
import type { ControlPlaneProps, NewClusterOptions } from './control-plane-props';
import { AKS_CLUSTER } from '../props/prop-types';
import { EXISTING_CLUSTER_OPTIONS, NEW_CLUSTER_OPTIONS } from '../prop-schemas';

/** A chart that an existing cluster can run already. */
export type SharedChart = 'keda' | 'kube-prometheus-stack' | 'gpu-operator';

/** Options for an existing AKS cluster. */
export interface ExistingClusterOptions {
  /**
   * Labels of the nodes that run controllers. These nodes must not have a taint.
   *
   * @default - the labels of a `SystemNodePool`; `KubernetesInference` requires a value
   */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** Charts that the cluster runs already. `KubernetesInference` does not install them again. @default - none */
  readonly existingCharts?: readonly SharedChart[];
}

/** Props of a construct that its new cluster uses too. */
export type SharedClusterProps = Pick<ControlPlaneProps, 'resourceGroup' | 'network' | 'encryptionKey'>;

/** The cluster of a construct. */
export interface ProvidedCluster {
  /** The existing or new cluster. */
  readonly cluster: IAksCluster;
  /** The new control plane. @default - the cluster existed already */
  readonly controlPlane?: ControlPlane;
}

/**
 * The AKS cluster that a construct runs on: a new one or an existing one.
 *
 * @example
 * ```ts
 * import { ClusterSource, UpgradeChannel } from 'ai-infra-constructs/azure';
 *
 * const cluster = ClusterSource.create({
 *   admins: ['2f1c7d9e-3b4a-4c5d-8e6f-7a8b9c0d1e2f'],
 *   upgradeChannel: UpgradeChannel.STABLE,
 * });
 * ```
 */
export class ClusterSource {
  /** A new cluster, in the resource group and the network of the construct. */
  static create(options: NewClusterOptions = {}): ClusterSource {
    assertProps(options, NEW_CLUSTER_OPTIONS, { name: 'options' });
    return new ClusterSource(options);
  }

  /** An existing cluster with workload identity and its own system nodes. */
  static fromCluster(cluster: IAksCluster, options: ExistingClusterOptions = {}): ClusterSource {
    assertProps({ cluster }, { cluster: required(AKS_CLUSTER) });
    assertProps(options, EXISTING_CLUSTER_OPTIONS, { name: 'options' });
    return new ClusterSource({}, cluster, options);
  }

  private constructor(
    /** @internal Options for the new cluster. Empty for an existing cluster. */
    readonly newCluster: NewClusterOptions,
    /** @internal The existing cluster. @default - the construct creates one */
    readonly existing?: IAksCluster,
    private readonly options: ExistingClusterOptions = {},
  ) {}

  /** Labels of the nodes that run controllers. @default - none are set: the labels of the new system nodes apply */
  get systemLabels(): Readonly<Record<string, string>> | undefined {
    return this.options.systemLabels;
  }

  /** Charts that the existing cluster runs already. @default - none */
  get existingCharts(): readonly SharedChart[] | undefined {
    return this.options.existingCharts;
  }

  /** @internal Adds each problem of the cluster, with paths that start with `cluster.`. */
  check(problems: ProblemCollector): void {
    if (this.existing) checkCluster(problems, 'cluster', this.existing);
    else checkNewCluster(problems.within('cluster'), this.newCluster);
  }

  /** @internal The existing cluster, or a new control plane below `scope`. */
  provide(scope: Construct, { resourceGroup, network, encryptionKey }: SharedClusterProps): ProvidedCluster {
    if (this.existing) return { cluster: this.existing };
    const props = { resourceGroup, network, encryptionKey, ...this.newCluster };
    const controlPlane = new ControlPlane(scope, 'ControlPlane', props);
    return { cluster: controlPlane, controlPlane };
  }
}

brand(ClusterSource, 'azure.ClusterSource');
