import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, required, brand } from '../../core/prop-schema';
import type { ManagedPrometheus } from './managed-prometheus';
import { ControlPlane, checkNewCluster, type ControlPlaneProps, type NewClusterOptions } from './control-plane';
import { AKS_CLUSTER } from '../props/prop-types';
import { EXISTING_CLUSTER_OPTIONS, NEW_CLUSTER_OPTIONS } from '../prop-schemas';
import { isUnknown } from '../../terraform/tokens';
import { checkResourceGroup, type IResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';

/** A chart that an existing cluster can run already. */
export type SharedChart =
  | 'dcgm-exporter'
  | 'dra-driver-nvidia-gpu'
  | 'gpu-operator'
  | 'jobset'
  | 'keda'
  | 'kube-prometheus-stack'
  | 'kubeflow-trainer'
  | 'kueue'
  | 'network-operator'
  | 'nvidia-device-plugin';

/** Options for an existing AKS cluster. */
export interface ExistingClusterOptions {
  /**
   * Labels of the nodes that run controllers. These nodes must not have a taint.
   *
   * @default - the labels of a `SystemNodePool`; `KubernetesInference` requires a value
   */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** Charts that the cluster runs already, so that they are not installed again. @default - none */
  readonly existingCharts?: readonly SharedChart[];
  /**
   * Resource id of the Azure Monitor workspace to which the metrics add-on of the cluster sends metrics. Models then get a PodMonitor for their servers.
   *
   * @default - the workspace of a cluster of this library; others have none
   */
  readonly metricsWorkspaceId?: string;
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

  /** @internal Whether the metrics add-on of the cluster collects what a PodMonitor selects. */
  get collectsMetrics(): boolean {
    return !this.existing || this.workspaceOf(this.existing) !== undefined;
  }

  /** @internal Resource id of the Azure Monitor workspace with the metrics of a cluster of this source. @default - unknown */
  workspaceOf(cluster: IAksCluster): string | undefined {
    return this.options.metricsWorkspaceId ?? managedPrometheusOf(cluster)?.workspace.id;
  }

  /** @internal Adds each problem of the cluster, with paths that start with `cluster.`. */
  check(problems: ProblemCollector): void {
    const { metricsWorkspaceId: workspace } = this.options;
    if (workspace !== undefined)
      checkResourceId(problems, 'cluster.metricsWorkspaceId', workspace, 'Microsoft.Monitor/accounts');
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

/** Returns the managed Prometheus of a cluster of this library. By members, because two copies of the package share no class. */
function managedPrometheusOf(cluster: IAksCluster): ManagedPrometheus | undefined {
  return 'metrics' in cluster ? (cluster.metrics as ManagedPrometheus) : undefined;
}

/** An AKS cluster. */
export interface IAksCluster {
  /** Resource id of the cluster. */
  readonly id: string;
  /** Resource group of the cluster. Its region is the region of the cluster. */
  readonly resourceGroup: IResourceGroup;
  /** Resource id of the node subnet. */
  readonly nodeSubnetId: string;
  /** Kubernetes version. @default - unknown */
  readonly kubernetesVersion?: string;
  /** Object id of the identity of the control plane. Nodes in a capacity reservation need it. @default - unknown */
  readonly principalId?: string;
  /** Issuer URL of the tokens of its pods. Jobs that access data need it. @default - unknown */
  readonly oidcIssuerUrl?: string;
}

/** Attributes of an existing AKS cluster. */
export interface ControlPlaneAttributes {
  /** Resource id of the cluster. */
  readonly clusterId: string;
  /** Resource group of the cluster. Its region is the region of the cluster. */
  readonly resourceGroup: IResourceGroup;
  /** Resource id of the node subnet. */
  readonly nodeSubnetId: string;
  /** Kubernetes version. @default - unknown */
  readonly kubernetesVersion?: string;
  /** Object id of the identity of the control plane. Nodes in a capacity reservation need it. @default - unknown */
  readonly principalId?: string;
  /** Issuer URL of the tokens of its pods. Jobs that access data need it. @default - unknown */
  readonly oidcIssuerUrl?: string;
}

/** Adds each problem of a cluster. The cluster must have the right type. */
export function checkCluster(
  problems: ProblemCollector,
  prop: string,
  { id, nodeSubnetId, resourceGroup }: IAksCluster,
): void {
  checkResourceId(problems, `${prop}.id`, id, 'Microsoft.ContainerService/managedClusters');
  checkResourceId(problems, `${prop}.nodeSubnetId`, nodeSubnetId, 'Microsoft.Network/virtualNetworks/subnets');
  checkResourceGroup(problems, `${prop}.resourceGroup`, resourceGroup);
}

/** Adds a problem if pods access a bucket, but the issuer of their tokens is unknown. */
export function checkIssuer(problems: ProblemCollector, cluster: IAksCluster | undefined): void {
  if (!cluster || cluster.oidcIssuerUrl !== undefined) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'cluster.oidcIssuerUrl',
    allowed: 'the issuer URL of the cluster, because pods access the bucket with its tokens',
    got: undefined,
    fix: 'Copy it from `az aks show --query oidcIssuerProfile.issuerUrl`.',
  });
}

/** Whether two clusters are the same. Undefined if that is unknown, as with IDs that are set at deployment. */
export function isSameCluster(one: IAksCluster, other: IAksCluster): boolean | undefined {
  if (one === other) return true;
  if (!isUnknown([one.id, other.id])) return one.id.toLowerCase() === other.id.toLowerCase();
  return isResource(one) && isResource(other) ? false : undefined;
}

const isResource = (cluster: IAksCluster) => 'resource' in cluster;
