import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { StorageContext } from '../../core/planning/cluster-sizing';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { judged } from '../../core/shapes';
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
import { ControlPlane } from '../cluster/control-plane';
import { JobIdentity } from '../cluster/job-identity';
import { newClusterOptions } from '../cluster/new-cluster-options';
import { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { IDataBucket } from '../storage/bucket-attributes';
import type { ILustreFileSystem } from '../storage/lustre-attributes';
import { networkOf } from './network-of';
import { trainJobOn } from './train-job-options';
import { checkTrainingCluster } from './training-cluster-checks';
import { recordJobFindings, recordTrainingFindings } from './training-cluster-findings';
import { groupsOf, type SizedProps, TRAINING_CLUSTER, withDefaults } from './training-cluster-options';
import type { TrainingClusterProps } from './training-cluster-props';

/**
 * Accelerator nodes on AKS that train models together: a private control plane, one or more groups of nodes with all of their InfiniBand, a
 * Lustre file system, and the software that queues jobs and runs them.
 *
 * Jobs find the file system at `/shared`, and are made by `trainJob`.
 */
export class TrainingCluster extends Construct {
  /** The control plane that was made. @default - you brought the cluster */
  public readonly controlPlane?: ControlPlane;
  public readonly cluster: IAksCluster;
  /** The first group of nodes. */
  public readonly nodeGroup: AcceleratorNodePool;
  /** All groups, by name. */
  public readonly groups: Readonly<Record<string, AcceleratorNodePool>>;
  /** @default - none */
  public readonly fileSystem?: ILustreFileSystem;
  /** Where finished checkpoints go. @default - none was given */
  public readonly checkpoints?: IDataBucket;
  /** What jobs may do in Azure. @default - nothing, without datasets or checkpoints */
  public readonly jobs?: JobIdentity;
  public readonly software: ClusterSoftware;
  /** How long the job takes, what it costs, and what limits it. @default - no job was given */
  public readonly plan?: TrainingPlan;

  private readonly images: TrainingImages;

  constructor(scope: Construct, id: string, given: TrainingClusterProps) {
    super(scope, id);
    const { props, context, plan } = judged(this, given, TRAINING_CLUSTER, (problems) =>
      checkTrainingCluster(problems, given),
    );
    const { storage, installation } = withDefaults(props);
    this.checkpoints = props.checkpoints;
    this.images = props.images ?? {};
    this.controlPlane = props.cluster ? undefined : new ControlPlane(this, 'ControlPlane', newClusterOptions(props));
    this.cluster = props.cluster ?? this.controlPlane!;
    this.groups = this.createGroups(props);
    this.nodeGroup = this.groups[MAIN_GROUP]!;
    this.fileSystem = this.createStorage(props, context);
    this.jobs = this.createJobs(props);
    this.software = aksSoftware(this, 'Software', {
      installation,
      groups: Object.values(this.groups),
      systemLabels: props.systemLabels ?? SYSTEM_LABELS,
      fileSystem: this.fileSystem,
      jobs: this.jobs,
      images: this.images,
      ownMetrics: this.controlPlane !== undefined,
      repairsFaults: props.repairFaults ?? false,
      after: installation.byDeployment ? this.installable() : [],
    });
    installsOn(this.software, this.cluster, areTwoClusters);
    recordTrainingFindings(this, { ...props, storage, installation });
    this.plan = plan;
    if (plan) {
      recordJobFindings(this, plan);
      recordWorkload(this, { plan, workload: props.job, prices: props.prices });
    }
  }

  /** Charts and manifests with variables, for whoever installs by GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  /** A job over the nodes of a group, for `kubectl apply`: it queues until they are free. */
  trainJob(options: TrainJobOptions): KubernetesManifest {
    return trainJobOn(this, options);
  }

  private createGroups(props: SizedProps): Record<string, AcceleratorNodePool> {
    const { cluster } = this;
    const created = Object.entries(groupsOf(props)).map(([name, options]) => {
      const id = name === MAIN_GROUP ? 'Nodes' : `Nodes-${name}`;
      return [name, new AcceleratorNodePool(this, id, { ...options, cluster, zone: props.zone, name })] as const;
    });
    return Object.fromEntries(created);
  }

  private createStorage(props: SizedProps, context: StorageContext): ILustreFileSystem | undefined {
    const { storage, resourceGroup, zone } = withDefaults(props);
    const encryptionKey = props.encryptionKey ?? this.controlPlane?.encryptionKey;
    return storage.provide(this, 'FileSystem', context, {
      resourceGroup,
      network: props.network ?? networkOf(this.cluster)!,
      zone: zone!,
      encryptionKey,
    });
  }

  private createJobs({ resourceGroup, datasets, checkpoints }: SizedProps): JobIdentity | undefined {
    if (!datasets && !checkpoints) return undefined;
    const { oidcIssuerUrl = '' } = this.cluster;
    const namespace = TRAINING_NAMESPACE;
    return new JobIdentity(this, 'Jobs', { resourceGroup, oidcIssuerUrl, namespace, datasets, checkpoints });
  }

  /** The cluster, and the right of whoever applies to install in it. */
  private installable(): ITerraformDependable[] {
    if (!this.controlPlane) return [];
    return this.controlPlane.grantDeployer();
  }
}
