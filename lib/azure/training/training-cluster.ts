import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { type StorageContext, sizeForJob } from '../../core/planning/layout/cluster-sizing';
import type { TrainingPlan } from '../../core/planning/plan-training';
import { validated } from '../../core/prop-schema';
import {
  type KubernetesManifest,
  type ManifestBundle,
  TRAINING_NAMESPACE,
  type TrainingImages,
} from '../../kubernetes';
import { SYSTEM_LABELS, POOL_LABEL } from '../../kubernetes/pool';
import { MAIN_GROUP } from '../../kubernetes/training-objects';
import type { TrainJobOptions } from '../../kubernetes/train-job';
import type { ClusterSoftware } from '../../terraform/cluster-software';
import { claimQueue } from '../../core/shared-cluster';
import { providerKey } from '../../terraform/chosen-provider';
import { installsOn } from '../../terraform/one-cluster';
import { recordWorkload } from '../../terraform/recorded-workload';
import { isSameCluster, type IAksCluster, checkIssuer, ClusterSource } from '../cluster/cluster-source';
import { aksSoftware } from '../cluster/cluster-software';
import type { ControlPlane } from '../cluster/control-plane';
import { JobIdentity } from '../cluster/job-identity';
import { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { IDataBucket } from '../storage/data-bucket';
import type { ILustreFileSystem } from '../storage/lustre-file-system';
import { networkOf } from './network-of';
import { TRAINING_CLUSTER_PROPS } from '../prop-schemas';
import { ProblemCollector } from '../../core/errors';
import { addNodesMissing, checkCheckpointsKept, checkTwoBuckets } from '../../core/planning/training-checks';
import { checkSystemLabels } from '../../kubernetes/placement';
import { addNetworkMissing, record } from '../../terraform/findings';
import { recordUnproven } from '../../terraform/unproven-fabric';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { checkResourceGroup, type IResourceGroup } from '../props/resource-group';
import { checkGroups } from './training-groups-checks';
import { type FileSystemContext, TrainingStorage } from './training-storage';
import {
  growsOnly,
  checkpointStoreMissing,
  otherZone,
  unknownThroughput,
  withoutAnsweredFindings,
} from '../../core/planning/training-findings';
import { acceptanceImage, ACCEPTANCE_IMAGE } from './training-software';
import { Installation } from '../../terraform/installation';
import type { Prices } from '../../core/catalog/price-override';
import type { TrainingJob } from '../../core/workload/training-job';
import type { IMlNetwork } from '../network/ml-network';
import type { AcceleratorNodeOptions, NodeOptions } from '../nodes/node-pool-options';
import type { IEncryptionKey } from '../operations/encryption-key';
import { trainJobOn } from './training-job';
import { plannedMachine } from '../machine/planned-machine';

/** Options for a group of equal nodes of a training cluster. */
export interface TrainingGroupOptions extends AcceleratorNodeOptions {
  /** Rarely used settings of the nodes. @default - the defaults of `NodeOptions` */
  readonly nodeOptions?: NodeOptions;
}

/** Properties for `TrainingCluster`: the main group of nodes, and what all groups share. */
export interface TrainingClusterProps extends TrainingGroupOptions {
  /** Resource group of all resources. Its region is the region of the cluster. */
  readonly resourceGroup: IResourceGroup;
  /** Network of the nodes and of a new file system. @default - the network of the cluster; a new `MlNetwork` for a new cluster */
  readonly network?: IMlNetwork;
  /** Key for the file system, and for the node disks of a new cluster. @default - a new key */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * Availability zone of all nodes and of the file system: `1`, `2`, or `3`. An InfiniBand fabric never spans zones. Required for a new file system.
   *
   * @default - none
   */
  readonly zone?: string;
  /** Training job of the main group. Sizes the settings you leave out, and validates the ones you set. @default - only the hardware is validated */
  readonly job?: TrainingJob;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
  /**
   * More groups of accelerator nodes, by name. A name has 1 to 12 lower-case letters and digits. A group whose machine needs the same state of the
   * InfiniBand feature as the main group can leave out `infinibandFeature`.
   *
   * @default - none
   */
  readonly groups?: Readonly<Record<string, TrainingGroupOptions>>;
  /** New or existing AKS cluster. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /** Bucket with training data. Jobs can read it. @default - none */
  readonly datasets?: IDataBucket;
  /** Bucket for finished checkpoints. Jobs can read and write it. @default - none */
  readonly checkpoints?: IDataBucket;
  /** Shared file system. @default TrainingStorage.lustre() */
  readonly storage?: TrainingStorage;
  /**
   * Whether AKS repairs NVIDIA nodes with a permanent GPU fault, as reported in the log of the driver. An agent stops the kubelet, the jobs of the node
   * are queued again, and AKS restarts or moves the node. Nobody has tested this on an account. It does not cover AMD GPUs.
   *
   * @default false
   */
  readonly repairFaults?: boolean;
  /** Who installs the software of the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Container images of jobs. @default - public images */
  readonly images?: TrainingImages;
}

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
    claimQueue(this, { cluster: this.cluster, isSame: isSameCluster, account: () => providerKey(this, 'azurerm') });
    this.groups = this.createGroups(props);
    this.nodeGroup = this.groups[MAIN_GROUP]!;
    this.fileSystem = this.createStorage(props, context);
    this.jobs = this.createJobs(props);
    this.software = aksSoftware(this, 'Software', {
      installation,
      groups: Object.values(this.groups),
      systemLabels: cluster.systemLabels ?? SYSTEM_LABELS,
      existingCharts: cluster.existing && (cluster.existingCharts ?? []),
      fileSystem: this.fileSystem,
      jobs: this.jobs,
      datasets: props.datasets,
      checkpoints: props.checkpoints,
      images: this.images,
      configuresMetrics: this.controlPlane !== undefined,
      repairsFaults: props.repairFaults ?? false,
      after: installation.byDeployment ? this.installDependencies() : [],
    });
    installsOn(this.software, 'azurerm', {
      cluster: this.cluster,
      isSame: isSameCluster,
      contents: () => ({
        pools: Object.values(this.groups).map(({ name }) => name),
        releases: this.bundle.releases,
      }),
    });
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

/** Resources that a platform creates next to the cluster. */
export interface PlannedSiblings {
  /** Whether the platform creates buckets for datasets and checkpoints. @default - no */
  readonly data?: boolean;
}

/**
 * Adds each problem of a training cluster before any resource exists, and sizes the open settings for its job. The props must have the right types.
 *
 * @returns undefined if there are neither nodes nor a job
 */
export function checkTrainingCluster(
  problems: ProblemCollector,
  given: TrainingClusterProps,
  siblings: PlannedSiblings = {},
): ResolvedCluster | undefined {
  checkResourceGroup(problems, 'resourceGroup', given.resourceGroup);
  if (!given.job && given.nodes === undefined) {
    addNodesMissing(problems);
    return undefined;
  }
  // Problems of the job come last: invalid hardware is the first thing to fix.
  const ofJob = new ProblemCollector();
  const resolved = sizeCluster(ofJob, given);
  const { props, context } = resolved;
  const { storage, installation, cluster } = withDefaults(props);
  checkGroups(problems, props);
  cluster.check(problems);
  checkExistingCluster(problems, props);
  checkBuckets(problems, props, siblings);
  // The acceptance job is a file in the stack folder, where Terraform resolves no tokens.
  isKnown(problems.within('images'), 'acceptance', props.images?.acceptance);
  storage.check(problems.within('storage'), context, fileSystemContext(props));
  checkStorageZone(problems, props);
  installation.check(problems);
  for (const problem of ofJob.all) problems.add(problem);
  if (props.job && !siblings.data) checkCheckpointsKept(problems, withDefaults(props));
  return resolved;
}

function checkBuckets(problems: ProblemCollector, props: ResolvedProps, { data }: PlannedSiblings): void {
  checkTwoBuckets(problems, props);
  const { datasets, checkpoints, cluster } = props;
  if (data || datasets || checkpoints) checkIssuer(problems, cluster?.existing);
}

/** Location and network of a new file system, with a placeholder for a network that the cluster creates. */
function fileSystemContext({ cluster, network, resourceGroup, zone = '1' }: ResolvedProps): FileSystemContext {
  const existing = cluster?.existing;
  return { resourceGroup, zone, network: network ?? (existing && networkOf(existing)) ?? PLANNED_NETWORK };
}

const PLANNED_NETWORK = {
  virtualNetworkId: 'new',
  nodeSubnetId: 'new',
  endpointSubnetId: 'new',
  podCidr: 'new',
  serviceCidr: 'new',
  privateDnsZoneId: () => 'new',
  addSubnet: () => undefined,
};

/** A Managed Lustre file system is in one zone. */
function checkStorageZone(problems: ProblemCollector, props: ResolvedProps): void {
  if (!withDefaults(props).storage.isNew || props.zone !== undefined) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'zone',
    allowed: 'one of 1, 2, 3 for a new file system',
    got: undefined,
    fix: 'Set the zone of the nodes, or use TrainingStorage.none().',
  });
}

function checkExistingCluster(problems: ProblemCollector, props: ResolvedProps): void {
  const { cluster, network, storage } = withDefaults(props);
  const { existing, systemLabels } = cluster;
  if (!existing) return;
  if (storage.isNew && !network && !networkOf(existing)) addNetworkMissing(problems);
  if (systemLabels === undefined) return;
  const pools = Object.entries(groupsOf(props)).map(([name, { nodeOptions }]) => ({
    name,
    nodeLabels: { ...nodeOptions?.labels, [POOL_LABEL]: name },
  }));
  checkSystemLabels(problems.within('cluster'), systemLabels, pools);
}

/** Records the findings of a training cluster. */
export function recordTrainingFindings(
  cluster: TrainingCluster,
  { storage, job, installation, images = {}, cluster: source }: TrainingClusterProps,
): void {
  const admins = source?.newCluster.admins ?? [];
  if (storage?.followsNodes) {
    const evidence = 'https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-faq';
    record(cluster, growsOnly(job ? 'job' : 'nodes', 'Managed Lustre', evidence));
  }
  const groups = Object.values(cluster.groups);
  if (!cluster.checkpoints && groups.some(({ capacity }) => capacity.isElastic)) {
    record(
      cluster,
      checkpointStoreMissing('30 seconds’', 'https://learn.microsoft.com/en-us/azure/aks/spot-node-pool'),
    );
  }
  if (cluster.controlPlane && admins.length === 0 && !installation?.byDeployment) recordNoAdmins(cluster);
  for (const group of groups) {
    recordProof(group, images);
    recordZone(cluster, group);
  }
}

/** Records the findings of the job of a cluster. */
export function recordJobFindings(cluster: TrainingCluster, plan: TrainingPlan): void {
  for (const finding of plan.findings) record(cluster, finding);
  const { fileSystem } = cluster;
  if (fileSystem && fileSystem.throughputMBps === undefined) record(cluster, unknownThroughput());
}

function recordNoAdmins(cluster: TrainingCluster): void {
  record(cluster, {
    id: 'access/no-admins',
    level: 'warning',
    message: 'The cluster has no administrators and no local accounts, so nobody can use kubectl.',
    fix: 'Set admins to the object ids of Entra principals.',
    evidence: 'https://learn.microsoft.com/en-us/azure/aks/manage-azure-rbac',
  });
}

function recordProof(group: AcceleratorNodePool, images: TrainingImages): void {
  const { machine, nodes } = group;
  if (!machine.infiniband || nodes < 2) return;
  const image = acceptanceImage(machine, images);
  if (image === undefined) recordUnproven(group, group, `InfiniBand of ${machine.name}`);
  if (image !== ACCEPTANCE_IMAGE) return;
  record(group, {
    id: 'image/mutable',
    level: 'info',
    message: 'The acceptance job uses an image that Azure publishes under a single, mutable tag.',
    fix: 'Set images.acceptance to an image digest.',
    evidence: ACCEPTANCE_IMAGE,
  });
}

function recordZone({ fileSystem }: TrainingCluster, group: AcceleratorNodePool): void {
  if (fileSystem?.zone === undefined || group.zone === undefined || fileSystem.zone === group.zone) return;
  const evidence = 'https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-prerequisites';
  record(group, otherZone(group.zone, fileSystem.zone, 'traffic between zones is slower, and billed', evidence));
}

/** Props of a cluster with a known number of nodes. */
export type ResolvedProps = TrainingClusterProps & { readonly nodes: number };

/** All groups by name, the main group first. A group with InfiniBand uses the state of the main group, because a subscription has one state. */
export function groupsOf(props: TrainingClusterProps): Readonly<Record<string, TrainingGroupOptions>> {
  const { machine, infinibandFeature } = props;
  const inherits = (group: TrainingGroupOptions) =>
    group.infinibandFeature === undefined &&
    group.machine.spec.aksInfinibandFeature === machine.spec.aksInfinibandFeature;
  const groups = Object.entries(props.groups ?? {}).map(([name, group]) => [
    name,
    inherits(group) ? { ...group, infinibandFeature } : group,
  ]);
  return { [MAIN_GROUP]: props, ...(Object.fromEntries(groups) as Record<string, TrainingGroupOptions>) };
}

/** What the file system is sized for. */
export function storageContext(props: ResolvedProps): StorageContext {
  return { nodes: Object.values(groupsOf(props)).reduce((sum, { nodes = 0 }) => sum + nodes, 0) };
}

/** Adds the defaults that other checks depend on. */
export function withDefaults<P extends TrainingClusterProps>(
  props: P,
): P & Required<Pick<P, 'storage' | 'installation' | 'cluster'>> {
  const { storage = TrainingStorage.lustre(), installation = Installation.byDeployment() } = props;
  const { cluster = ClusterSource.create() } = props;
  return { ...props, storage, installation, cluster };
}

/** A training cluster with resolved sizes. */
export interface ResolvedCluster {
  /** Props with a known number of nodes. */
  readonly props: ResolvedProps;
  /** What its file system is sized for. */
  readonly context: StorageContext;
  /** Plan of the job. @default - there is no job, or it is too contradictory to plan */
  readonly plan?: TrainingPlan;
}

/** Sizes the open settings for the job, and adds each contradiction. Returns the props unchanged without a job. */
export function sizeCluster(problems: ProblemCollector, props: TrainingClusterProps): ResolvedCluster {
  const { job, machine, capacity, resourceGroup, prices } = props;
  if (!job) return withoutSizing(props);
  const { storage } = withDefaults(props);
  const { location } = resourceGroup;
  const resolved = sizeForJob(problems, {
    job,
    machine: plannedMachine(machine),
    // A reservation is billed at the on-demand price, used or not.
    market: capacity?.isElastic ? 'spot' : 'on-demand',
    region: isUnknown(location) ? undefined : location,
    prices,
    nodes: props.nodes,
    storage,
    contextOf: (nodes) => storageContext({ ...props, nodes }),
  });
  if (!resolved) return withoutSizing(props);
  const plan = withoutAnsweredFindings(resolved.plan, storage);
  return { plan, context: resolved.context, props: { ...props, nodes: resolved.nodes } };
}

function withoutSizing(props: TrainingClusterProps): ResolvedCluster {
  const resolved = { ...props, nodes: props.nodes ?? 1 };
  return { props: resolved, context: storageContext(resolved) };
}
