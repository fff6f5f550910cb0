import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Prices } from '../../core/catalog/price-override';
import type { StorageContext } from '../../core/planning/layout/cluster-sizing';
import type { TrainingPlan } from '../../core/planning/plan-training';
import { validated } from '../../core/prop-schema';
import { claimQueue } from '../../core/shared-cluster';
import type { TrainingJob } from '../../core/workload/training-job';
import {
  type KubernetesManifest,
  type ManifestBundle,
  TRAINING_NAMESPACE,
  type TrainingImages,
} from '../../kubernetes';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import type { TrainJobOptions } from '../../kubernetes/train-job';
import { MAIN_GROUP } from '../../kubernetes/training-objects';
import { providerKey } from '../../terraform/chosen-provider';
import type { ClusterSoftware } from '../../terraform/cluster-software';
import type { Installation } from '../../terraform/installation';
import { installsOn } from '../../terraform/one-cluster';
import { recordWorkload } from '../../terraform/recorded-workload';
import { type ClusterSource, type IAckCluster, isSameCluster } from '../cluster/cluster-source';
import { ackSoftware } from '../cluster/cluster-software';
import type { ControlPlane } from '../cluster/control-plane';
import { IDENTITY_ADD_ON, JobIdentity } from '../cluster/job-identity';
import type { IMlNetwork } from '../network/network-attributes';
import { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import { ErdmaController, terwayFilter } from '../nodes/erdma-controller';
import type { AcceleratorNodeOptions, NodeOptions } from '../nodes/node-pool-options';
import type { SystemNodePool } from '../nodes/system-node-pool';
import type { IEncryptionKey } from '../operations/encryption-key';
import { TRAINING_CLUSTER_PROPS } from '../prop-schemas';
import type { ICpfsFileSystem } from '../storage/cpfs-file-system';
import { CPFS_ADD_ON } from '../storage/cpfs-volume';
import type { IDataBucket } from '../storage/data-bucket';
import { checkTrainingCluster, groupsOf, type ResolvedProps, usesErdma, withDefaults } from './training-checks';
import { recordJobFindings, recordTrainingFindings } from './training-findings';
import { trainJobOn } from './train-job';
import type { TrainingStorage } from './training-storage';

/** Options for a group of equal nodes of a training cluster. */
export interface TrainingGroupOptions extends AcceleratorNodeOptions {
  /** Rarely used settings of the nodes. @default - the defaults of `NodeOptions`; boot disks have the key of a new cluster */
  readonly nodeOptions?: NodeOptions;
}

/** Properties for `TrainingCluster`: the main group of nodes, and what all groups share. */
export interface TrainingClusterProps extends TrainingGroupOptions {
  /** Zone of all nodes and of their file system. Traffic of eRDMA never leaves it. */
  readonly zone: string;
  /** Network of the nodes and of a new file system. @default - the network of the cluster; a new `MlNetwork` for a new cluster */
  readonly network?: IMlNetwork;
  /** New or existing cluster. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /** Key for a new file system, and for the secrets and disks of a new cluster. @default - the key of `cluster`, or a new key */
  readonly encryptionKey?: IEncryptionKey;
  /** Training job of the main group. Sizes the settings you leave out, and validates the ones you set. @default - only the hardware is validated */
  readonly job?: TrainingJob;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
  /** More groups of accelerator nodes, by name, in the same zone. @default - none */
  readonly groups?: Readonly<Record<string, TrainingGroupOptions>>;
  /** Bucket with training data. Jobs can read it. @default - none */
  readonly datasets?: IDataBucket;
  /** Bucket for checkpoints. Jobs can read and write it. @default - none */
  readonly checkpoints?: IDataBucket;
  /** File system that all nodes mount at `/shared`. @default TrainingStorage.cpfs() */
  readonly storage?: TrainingStorage;
  /** Who installs the software of the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Container images of jobs. @default - PyTorch from NVIDIA; no acceptance job, because no public image has the libraries of eRDMA */
  readonly images?: TrainingImages;
}

/**
 * A training cluster on ACK: a private control plane, groups of accelerator nodes with eRDMA, a CPFS file system, and a job queue. `trainJob` creates
 * the manifests of jobs.
 *
 * With `Installation.byDeployment()`, the stack needs a Helm provider: see `connection` of the control plane.
 *
 * @example
 * ```ts
 * import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
 * import { AlicloudMachine, Capacity, TrainingCluster } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const training = new TrainingCluster(stack, 'Training', {
 *   zone: 'cn-hangzhou-i',
 *   machine: AlicloudMachine.ECS_EBMGN8V_48XLARGE,
 *   nodes: 16,
 *   capacity: Capacity.reservation('eap-bp67acfmxazb4wxyz'),
 * });
 * new HelmProvider(stack, 'Helm', { kubernetes: training.controlPlane!.connection });
 * ```
 */
export class TrainingCluster extends Construct {
  /** The new or existing cluster. */
  public readonly cluster: IAckCluster;
  /** The new control plane. @default - the cluster existed already */
  public readonly controlPlane?: ControlPlane;
  /** The new system nodes. @default - the cluster existed already */
  public readonly systemNodes?: SystemNodePool;
  /** eRDMA on the nodes of a new cluster. @default - the machines have no eRDMA, or the cluster existed already */
  public readonly erdma?: ErdmaController;
  /** The main group of nodes. */
  public readonly nodeGroup: AcceleratorNodePool;
  /** All groups, by name. The main group is `nodes`. */
  public readonly groups: Readonly<Record<string, AcceleratorNodePool>>;
  /** File system that all nodes mount. @default - none */
  public readonly fileSystem?: ICpfsFileSystem;
  /** Bucket for checkpoints. @default - none */
  public readonly checkpoints?: IDataBucket;
  /** RAM role of jobs. @default - none, without datasets and checkpoints */
  public readonly jobs?: JobIdentity;
  /** The software of the cluster: charts and manifests. */
  public readonly software: ClusterSoftware;
  /** Duration, cost, and limits of the job. @default - no job */
  public readonly plan?: TrainingPlan;

  constructor(scope: Construct, id: string, given: TrainingClusterProps) {
    super(scope, id);
    const { props, context, plan } = validated(this, given, TRAINING_CLUSTER_PROPS, (problems) =>
      checkTrainingCluster(problems, given),
    );
    const { cluster: source, installation, zone, network, encryptionKey } = withDefaults(props);
    const { byDeployment } = installation;
    this.checkpoints = props.checkpoints;
    const provided = source.provide(this, { zone, network, encryptionKey });
    this.cluster = provided.cluster;
    this.controlPlane = provided.controlPlane;
    this.systemNodes = provided.systemNodes;
    claimQueue(this, { cluster: this.cluster, isSame: isSameCluster, account: () => providerKey(this, 'alicloud') });
    const system = this.systemNodes ? [this.systemNodes.resource] : [];
    if (this.controlPlane && usesErdma(props)) {
      const { controlPlane } = this;
      this.erdma = new ErdmaController(this, 'Erdma', { controlPlane, byDeployment, after: system });
    }
    this.groups = this.createGroups(props, system);
    this.nodeGroup = this.groups[MAIN_GROUP]!;
    this.fileSystem = this.createStorage(props, context);
    this.jobs = this.createJobs(props);
    this.software = ackSoftware(this, 'Software', {
      installation,
      groups: Object.values(this.groups),
      systemLabels: source.systemLabels ?? SYSTEM_LABELS,
      existingCharts: source.existing && (source.existingCharts ?? []),
      fileSystem: this.fileSystem,
      jobs: this.jobs,
      images: props.images ?? {},
      nodeManifests: this.erdma && !byDeployment ? terwayFilter(this.cluster.network.region) : [],
      after: [...system, ...this.installAddOns(system)],
    });
    installsOn(this.software, 'alicloud', {
      cluster: this.cluster,
      isSame: isSameCluster,
      contents: () => ({ pools: Object.keys(this.groups), releases: this.bundle.releases }),
    });
    recordTrainingFindings(this, withDefaults(props));
    this.plan = plan;
    if (plan) {
      recordJobFindings(this, plan);
      recordWorkload(this, { plan, workload: props.job, prices: props.prices });
    }
  }

  /** Charts and manifests with variables, for installation by GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  /** Returns the manifest of a job on the nodes of a group, for `kubectl apply`. The job waits in the queue until the nodes are free. */
  trainJob(options: TrainJobOptions): KubernetesManifest {
    return trainJobOn(this, options);
  }

  private createGroups(
    props: ResolvedProps,
    system: readonly ITerraformDependable[],
  ): Record<string, AcceleratorNodePool> {
    const { cluster, controlPlane, erdma } = this;
    const created = Object.entries(groupsOf(props)).map(([name, options]) => {
      const { machine, nodes, capacity, compactPlacement, nodeOptions } = options;
      // Lingjun nodes have the disks of their node group.
      const key = capacity?.lingjunNodes ? undefined : (controlPlane?.encryptionKey ?? props.encryptionKey);
      const pool = new AcceleratorNodePool(this, name === MAIN_GROUP ? 'Nodes' : `Nodes-${name}`, {
        ...{ machine, nodes, capacity, compactPlacement },
        ...{ bootDiskKey: key, ...nodeOptions },
        ...{ cluster, zone: props.zone, name },
        after: [...system, ...(machine.hasErdma && !capacity?.lingjunNodes ? (erdma?.ready ?? []) : [])],
      });
      return [name, pool] as const;
    });
    return Object.fromEntries(created);
  }

  private createStorage(props: ResolvedProps, context: StorageContext): ICpfsFileSystem | undefined {
    const { storage, zone } = withDefaults(props);
    const encryptionKey = this.controlPlane?.encryptionKey ?? props.encryptionKey;
    const network = props.network ?? this.cluster.network;
    return storage.provide(this, 'FileSystem', context, { network, zone, encryptionKey });
  }

  private createJobs({ datasets, checkpoints }: ResolvedProps): JobIdentity | undefined {
    if (!datasets && !checkpoints) return undefined;
    const { oidcProviderArn = '', oidcIssuerUrl = '' } = this.cluster;
    const namespace = TRAINING_NAMESPACE;
    return new JobIdentity(this, 'Jobs', { oidcProviderArn, oidcIssuerUrl, namespace, datasets, checkpoints });
  }

  /** Add-ons of a new cluster for roles and for the file system. */
  private installAddOns(after: readonly ITerraformDependable[]): ITerraformDependable[] {
    const { controlPlane } = this;
    if (!controlPlane) return [];
    const { name, config } = IDENTITY_ADD_ON;
    return [
      ...(this.jobs ? [controlPlane.addAddOn(name, { config, after })] : []),
      ...(this.fileSystem ? [controlPlane.addAddOn(CPFS_ADD_ON, { after })] : []),
      ...(this.jobs?.grants ?? []),
    ];
  }
}
