import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { StorageContext } from '../../core/planning/cluster-sizing';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { validated } from '../../core/prop-schema';
import {
  type KubernetesManifest,
  type ManifestBundle,
  TRAINING_NAMESPACE,
  type TrainingImages,
} from '../../kubernetes';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import type { TrainJobOptions } from '../../kubernetes/train-job-options';
import type { ClusterSoftware } from '../../terraform/cluster-software';
import { installsOn } from '../../terraform/one-cluster';
import { recordWorkload } from '../../terraform/recorded-workload';
import { areTwoClusters, type IAksCluster } from '../cluster/aks-cluster';
import { aksSoftware } from '../cluster/cluster-software';
import type { ControlPlane } from '../cluster/control-plane';
import { JobIdentity } from '../cluster/job-identity';
import { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { IDataBucket } from '../storage/bucket-attributes';
import type { ILustreFileSystem } from '../storage/lustre-attributes';
import { networkOf } from './network-of';
import { trainJobOn } from './train-job-options';
import { checkTrainingCluster } from './training-cluster-checks';
import { recordJobFindings, recordTrainingFindings } from './training-cluster-findings';
import { groupsOf, type ResolvedProps, withDefaults } from './training-cluster-options';
import type { TrainingClusterProps } from './training-cluster-props';
import { TRAINING_CLUSTER_PROPS } from '../prop-schemas';

/**
 * A training cluster on AKS: a private control plane, groups of accelerator nodes with InfiniBand, a Lustre file system, and a job queue. Jobs mount the file system at `/shared`. `trainJob` creates their manifests.
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import {
 *   AzureMachine,
 *   InfinibandFeature,
 *   Installation,
 *   ResourceGroup,
 *   TrainingCluster,
 * } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'training');
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * new TrainingCluster(stack, 'Cluster', {
 *   resourceGroup,
 *   zone: '1',
 *   machine: AzureMachine.ND96ISR_H100_V5,
 *   nodes: 4,
 *   infinibandFeature: InfinibandFeature.REGISTERED,
 *   installation: Installation.gitOps(),
 * });
 * ```
 */
export class TrainingCluster extends Construct {
  /** The new control plane. @default - the cluster existed already */
  public readonly controlPlane?: ControlPlane;
  /** The AKS cluster. */
  public readonly cluster: IAksCluster;
  /** The main group of nodes. */
  public readonly nodeGroup: AcceleratorNodePool;
  /** All groups, by name. */
  public readonly groups: Readonly<Record<string, AcceleratorNodePool>>;
  /** The shared file system. @default - none */
  public readonly fileSystem?: ILustreFileSystem;
  /** Bucket for finished checkpoints. @default - none */
  public readonly checkpoints?: IDataBucket;
  /** Azure identity of jobs. @default - none: there are neither datasets nor checkpoints */
  public readonly jobs?: JobIdentity;
  /** The software on the cluster. */
  public readonly software: ClusterSoftware;
  /** Duration, cost, and limits of the job. @default - `job` is not set */
  public readonly plan?: TrainingPlan;

  private readonly images: TrainingImages;

  constructor(scope: Construct, id: string, given: TrainingClusterProps) {
    super(scope, id);
    const { props, context, plan } = validated(this, given, TRAINING_CLUSTER_PROPS, (problems) =>
      checkTrainingCluster(problems, given),
    );
    const { storage, installation, cluster } = withDefaults(props);
    this.checkpoints = props.checkpoints;
    this.images = props.images ?? {};
    const provided = cluster.provide(this, props);
    this.controlPlane = provided.controlPlane;
    this.cluster = provided.cluster;
    this.groups = this.createGroups(props);
    this.nodeGroup = this.groups[MAIN_GROUP]!;
    this.fileSystem = this.createStorage(props, context);
    this.jobs = this.createJobs(props);
    this.software = aksSoftware(this, 'Software', {
      installation,
      groups: Object.values(this.groups),
      systemLabels: cluster.systemLabels ?? SYSTEM_LABELS,
      fileSystem: this.fileSystem,
      jobs: this.jobs,
      images: this.images,
      configuresMetrics: this.controlPlane !== undefined,
      repairsFaults: props.repairFaults ?? false,
      after: installation.byDeployment ? this.installDependencies() : [],
    });
    installsOn(this.software, this.cluster, areTwoClusters);
    recordTrainingFindings(this, { ...props, storage, installation, cluster });
    this.plan = plan;
    if (plan) {
      recordJobFindings(this, plan);
      recordWorkload(this, { plan, workload: props.job, prices: props.prices });
    }
  }

  /** Charts and manifests with variables, for GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  /** Returns the manifest of a job on the nodes of a group, for `kubectl apply`. The job is queued until the nodes are free. */
  trainJob(options: TrainJobOptions): KubernetesManifest {
    return trainJobOn(this, options);
  }

  private createGroups(props: ResolvedProps): Record<string, AcceleratorNodePool> {
    const { cluster } = this;
    const created = Object.entries(groupsOf(props)).map(([name, options]) => {
      const id = name === MAIN_GROUP ? 'Nodes' : `Nodes-${name}`;
      const { machine, nodes = props.nodes, capacity, infinibandFeature, compactPlacement, nodeOptions } = options;
      const pool = { machine, nodes, capacity, infinibandFeature, compactPlacement, ...nodeOptions };
      return [name, new AcceleratorNodePool(this, id, { ...pool, cluster, zone: props.zone, name })] as const;
    });
    return Object.fromEntries(created);
  }

  private createStorage(props: ResolvedProps, context: StorageContext): ILustreFileSystem | undefined {
    const { storage, resourceGroup, zone } = withDefaults(props);
    const encryptionKey = props.encryptionKey ?? this.controlPlane?.encryptionKey;
    return storage.provide(this, 'FileSystem', context, {
      resourceGroup,
      network: props.network ?? networkOf(this.cluster)!,
      zone: zone!,
      encryptionKey,
    });
  }

  private createJobs({ resourceGroup, datasets, checkpoints }: ResolvedProps): JobIdentity | undefined {
    if (!datasets && !checkpoints) return undefined;
    const { oidcIssuerUrl = '' } = this.cluster;
    const namespace = TRAINING_NAMESPACE;
    return new JobIdentity(this, 'Jobs', { resourceGroup, oidcIssuerUrl, namespace, datasets, checkpoints });
  }

  /** Permission of the principal that runs Terraform to install in the cluster. */
  private installDependencies(): ITerraformDependable[] {
    if (!this.controlPlane) return [];
    return this.controlPlane.grantDeployer();
  }
}
