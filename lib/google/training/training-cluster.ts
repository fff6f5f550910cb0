import { noFallback } from '../../core/machine-findings';
import { Construct } from 'constructs';
import type { TrainingPlan } from '../../core/planning/plan-training';
import { validated } from '../../core/prop-schema';
import {
  type KubernetesManifest,
  type ManifestBundle,
  TRAINING_NAMESPACE,
  type TrainingImages,
} from '../../kubernetes';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { MAIN_GROUP } from '../../kubernetes/training-objects';
import type { ClusterSoftware } from '../../terraform/cluster-software';
import { recordWorkload } from '../../terraform/recorded-workload';
import { claimQueue } from '../../core/shared-cluster';
import { providerKey } from '../../terraform/chosen-provider';
import { installsOn } from '../../terraform/one-cluster';
import { isSameCluster, networkOfCluster, type IGkeCluster, ClusterSource } from '../cluster/cluster-source';
import { gkeSoftware, recordUnproven } from '../cluster/cluster-software';
import type { ControlPlane } from '../cluster/control-plane';
import { JobIdentity } from '../cluster/job-identity';
import { AcceleratorNetworks } from '../network/accelerator-networks';
import type { SystemNodePool } from '../nodes/system-node-pool';
import type { IDataBucket } from '../storage/data-bucket';
import type { ILustreFileSystem } from '../storage/lustre-file-system';
import { trainJobOn, type TrainJobOptions } from './training-software';
import { TrainingGroup, type TrainingGroupOptions, checkGroups, TrainingStorage } from './training-group';
import { TRAINING_CLUSTER_PROPS } from '../prop-schemas';
import { ProblemCollector } from '../../core/errors';
import { addNodesMissing, checkCheckpointsKept, checkTwoBuckets } from '../../core/planning/training-checks';
import { checkSystemLabels } from '../../kubernetes/placement';
import { addNetworkMissing, record } from '../../terraform/findings';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { tpuSlice, type TpuSlice } from '../machine/tpu-topology';
import { checkZone, regionOf } from '../props/location';
import { checkPeering } from '../storage/service-peering';
import { groupLabels } from '../nodes/accelerator-pool';
import {
  growsOnly,
  checkpointStoreMissing,
  otherZone,
  unknownThroughput,
  withoutAnsweredFindings,
} from '../../core/planning/training-findings';
import { type StorageContext, sizeForJob } from '../../core/planning/layout/cluster-sizing';
import { Installation } from '../../terraform/installation';
import type { Prices } from '../../core/catalog/price-override';
import type { TrainingJob } from '../../core/workload/training-job';
import type { IMlNetwork } from '../network/network-attributes';
import { recordFlexStartPrice } from '../capacity/capacity';
import { checkFurtherRanges, clusterRanges } from '../network/range-checks';
import { plannedMachine, priceMarket } from '../machine/planned-machine';

/** Properties for `TrainingCluster`: the first group of nodes, and the settings that all groups share. */
export interface TrainingClusterProps extends TrainingGroupOptions {
  /** Zone of all nodes and of their file system. An accelerator network never spans zones. A new cluster is created in its region. */
  readonly zone: string;
  /**
   * Number of nodes: 1 to 1,000, or 18 in an NVL72 domain.
   *
   * @default - the nodes of the topology for TPUs; the smallest number that completes `job` for GPUs, which have no default without a job
   */
  readonly nodes?: number;
  /** Network of the nodes, in the region of `zone`. @default - the network of the cluster */
  readonly network?: IMlNetwork;
  /** New or existing cluster. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /**
   * Expected job of the first group. Sizes the settings you leave out, the number of GPU nodes and the file system, and validates the ones you set.
   *
   * @default - only the hardware is validated
   */
  readonly job?: TrainingJob;
  /** Your own prices, and the date from which the age of prices counts. @default - the prices of the catalog */
  readonly prices?: Prices;
  /** More groups of accelerator nodes, by name, in the same zone. @default - none */
  readonly groups?: Readonly<Record<string, TrainingGroupOptions>>;
  /** Bucket with the training data. Jobs can read it. @default - none */
  readonly datasets?: IDataBucket;
  /** Bucket for checkpoints. Jobs can read and write it. @default - none */
  readonly checkpoints?: IDataBucket;
  /** Parallel file system that all nodes mount at `/shared`. @default TrainingStorage.lustre() */
  readonly storage?: TrainingStorage;
  /** Who installs the software of the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Container images of jobs. @default - PyTorch from NVIDIA, or JAX from Google for TPUs */
  readonly images?: TrainingImages;
}

/**
 * Accelerator nodes that train together: one accelerator network for each group, one file system, one queue, and the software for training.
 *
 * With `Installation.byDeployment()`, the stack needs a Helm provider: see `connection` of the control plane.
 *
 * @example
 * ```ts
 * import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
 * import { Capacity, GoogleMachine, TrainingCluster } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const training = new TrainingCluster(stack, 'Training', {
 *   zone: 'us-central1-b',
 *   machine: GoogleMachine.A3_ULTRAGPU_8G,
 *   nodes: 16,
 *   capacity: Capacity.reservation('h200-pretraining'),
 * });
 * new HelmProvider(stack, 'Helm', { kubernetes: training.controlPlane!.connection });
 * ```
 */
export class TrainingCluster extends Construct {
  /** The new or existing cluster. */
  public readonly cluster: IGkeCluster;
  /** The new control plane. @default - the cluster existed already */
  public readonly controlPlane?: ControlPlane;
  /** The new system nodes. @default - the cluster existed already */
  public readonly systemNodes?: SystemNodePool;
  /** The main group of accelerator nodes. */
  public readonly nodeGroup: TrainingGroup;
  /** All groups by name. The main group is `nodes`. */
  public readonly groups: Readonly<Record<string, TrainingGroup>>;
  /** File system that all nodes mount. @default - none */
  public readonly fileSystem?: ILustreFileSystem;
  /** Bucket for checkpoints. @default - none */
  public readonly checkpoints?: IDataBucket;
  /** Identity of the jobs in Google Cloud. @default - none, without datasets and checkpoints */
  public readonly jobs?: JobIdentity;
  /** The software of the cluster: charts and manifests. */
  public readonly software: ClusterSoftware;
  /** Duration, cost and bottleneck of the job. @default - no job */
  public readonly plan?: TrainingPlan;

  private readonly images: TrainingImages;

  constructor(scope: Construct, id: string, given: TrainingClusterProps) {
    super(scope, id);
    const { props, context, plan } = validated(this, given, TRAINING_CLUSTER_PROPS, (problems) =>
      checkTrainingCluster(problems, given),
    );
    const { cluster: source, storage, installation, network, zone, datasets, checkpoints } = withDefaults(props);
    const groups = groupsOf(props);
    this.checkpoints = checkpoints;
    this.images = props.images ?? {};
    const shielded = Object.values(groups).every(({ machine }) => !machine.isBareMetal);
    const provided = source.provide(this, { zone, network, shielded, createsNodes: true });
    this.cluster = provided.cluster;
    claimQueue(this, { cluster: this.cluster, isSame: isSameCluster, account: () => providerKey(this, 'google') });
    this.controlPlane = provided.controlPlane;
    this.systemNodes = provided.systemNodes;
    const networks = this.createNetworks(props);
    this.groups = this.createGroups(props, networks, provided.serviceAccount!);
    this.nodeGroup = this.groups[MAIN_GROUP]!;
    const storageNetwork = network ?? networkOfCluster(this.cluster);
    this.fileSystem = storage.provide(this, 'FileSystem', context, storageNetwork && { network: storageNetwork, zone });

    if (datasets || checkpoints) {
      const after = this.controlPlane ? [this.controlPlane.resource] : [];
      this.jobs = new JobIdentity(this, 'Jobs', { namespace: TRAINING_NAMESPACE, datasets, checkpoints, after });
    }
    this.software = gkeSoftware(this, 'Software', {
      installation,
      groups: Object.values(this.groups),
      networks: [...networks.values()],
      systemLabels: source.systemLabels ?? SYSTEM_LABELS,
      existingCharts: source.existing && (source.existingCharts ?? []),
      fileSystem: this.fileSystem,
      images: this.images,
      admins: source.admins,
      after: this.systemNodes ? [this.systemNodes.resource] : [],
    });
    installsOn(this.software, 'google', {
      cluster: this.cluster,
      isSame: isSameCluster,
      contents: () => ({ pools: Object.keys(this.groups), releases: this.bundle.releases }),
    });
    recordTrainingFindings(this, { ...props, storage });
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

  /** A job on the nodes or slices of a group, for `kubectl apply`. It waits in the queue until they are free. */
  trainJob(options: TrainJobOptions): KubernetesManifest {
    return trainJobOn(this, options, this.images);
  }

  /** One set of networks for each machine type with additional network interfaces. A group can pass its own set. */
  private createNetworks(props: ResolvedProps): Map<string, AcceleratorNetworks> {
    const networks = new Map<string, AcceleratorNetworks>();
    const groups = Object.values(groupsOf(props));
    for (const { machine } of groups) {
      if (machine.furtherInterfaces === 0 || networks.has(machine.name)) continue;
      const given = groups
        .filter((group) => group.machine.name === machine.name)
        .find(({ nodeOptions }) => nodeOptions?.networks)?.nodeOptions?.networks;
      networks.set(
        machine.name,
        given ?? new AcceleratorNetworks(this, `Networks-${machine.name}`, { machine, zone: props.zone }),
      );
    }
    return networks;
  }

  private createGroups(
    props: ResolvedProps,
    networks: ReadonlyMap<string, AcceleratorNetworks>,
    serviceAccount: string,
  ): Record<string, TrainingGroup> {
    const create = ([name, options]: [string, TrainingGroupOptions]) => {
      const { bootDiskKey = this.controlPlane?.encryptionKey } = options.nodeOptions ?? {};
      const group = new TrainingGroup(this, name === MAIN_GROUP ? 'Nodes' : `Nodes-${name}`, {
        ...options,
        nodeOptions: { ...options.nodeOptions, bootDiskKey, networks: networks.get(options.machine.name) },
        cluster: this.cluster,
        zone: props.zone,
        serviceAccount,
        name,
        // GKE keeps other pods off GPU nodes with a taint, but only if the cluster has other nodes when the GPU nodes are created.
        after: this.systemNodes && [this.systemNodes.resource],
      });
      return [name, group] as const;
    };
    return Object.fromEntries(Object.entries(groupsOf(props)).map(create));
  }
}

/** What a platform creates next to its cluster. */
export interface PlannedSiblings {
  /** Whether it creates a bucket for checkpoints. @default - the props decide */
  readonly checkpoints?: boolean;
}

/**
 * Adds each problem in the props of a training cluster before any resource is created, and sizes the settings that its job leaves open.
 *
 * @returns nothing if the cluster has neither nodes nor a job
 */
export function checkTrainingCluster(
  problems: ProblemCollector,
  given: TrainingClusterProps,
  planned: PlannedSiblings = {},
): ResolvedCluster | undefined {
  checkZone(problems, 'zone', given.zone);
  if (isUnknown(given.zone)) return undefined;
  if (!given.job && !given.machine.isTpu && given.nodes === undefined) {
    addNodesMissing(problems);
    return undefined;
  }
  // Problems of the job come last: impossible hardware must be fixed first.
  const jobProblems = new ProblemCollector();
  const resolved = sizeCluster(jobProblems, given);
  const { props, context } = resolved;
  const { cluster, storage, installation } = withDefaults(props);
  checkGroups(problems, props);
  checkRanges(problems, props, cluster.networkFor(props.network));
  checkCluster(problems, props);
  checkLabels(problems, props);
  checkTwoBuckets(problems, props);
  // The acceptance job is written to a file next to the stack, so tokens in it are never resolved.
  isKnown(problems.within('images'), 'acceptance', props.images?.acceptance);
  storage.check(problems.within('storage'), context);
  installation.check(problems);
  for (const problem of jobProblems.all) problems.add(problem);
  if (props.job && !planned.checkpoints) checkCheckpointsKept(problems, withDefaults(props));
  return resolved;
}

function checkCluster(problems: ProblemCollector, props: ResolvedProps): void {
  const { cluster, zone, network, storage } = withDefaults(props);
  cluster.check(problems, { zone, network });
  if (!storage.isNew) return;
  const knownNetwork = cluster.networkFor(network);
  if (knownNetwork) checkPeering(problems, knownNetwork);
  else if (cluster.existing) addNetworkMissing(problems);
}

/** The labels of existing system nodes must not select the new accelerator nodes. */
function checkLabels(problems: ProblemCollector, props: ResolvedProps): void {
  const { cluster } = props;
  if (cluster?.systemLabels === undefined) return;
  const pools = Object.entries(groupsOf(props)).map(([name, group]) => ({ name, nodeLabels: labelsOf(name, group) }));
  checkSystemLabels(problems.within('cluster'), cluster.systemLabels, pools);
}

function labelsOf(name: string, group: TrainingGroupOptions): Readonly<Record<string, string>> {
  const { machine, topology, nodeOptions } = group;
  const slice = machine.isTpu ? tpuSlice(new ProblemCollector(), machine, topology) : undefined;
  return { ...nodeOptions?.labels, ...groupLabels({ name, machine, slice }) };
}

/** Records the findings of a training cluster. */
export function recordTrainingFindings(
  cluster: TrainingCluster,
  { storage, job, images = {} }: TrainingClusterProps,
): void {
  if (storage?.followsNodes) {
    const evidence = 'https://cloud.google.com/managed-lustre/docs/create-instance';
    record(cluster, growsOnly(job ? 'job' : 'nodes', 'Managed Lustre', evidence));
  }
  if (isUnkept(cluster)) {
    const evidence = 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms';
    record(cluster, checkpointStoreMissing('30 seconds’', evidence));
  }
  for (const group of Object.values(cluster.groups)) {
    recordNoFallback(group);
    recordUnwired(group);
    recordClaimed(group, images);
    recordUnproven(group, images);
    recordZone(cluster, group);
  }
}

function isUnkept(cluster: TrainingCluster): boolean {
  return !cluster.checkpoints && Object.values(cluster.groups).some(({ capacity }) => capacity.isElastic);
}

function recordNoFallback(group: TrainingGroup): void {
  const { machine, capacity, fallback } = group;
  const isSold = !machine.markets || machine.markets.includes('on-demand');
  if (capacity.market !== 'spot' || fallback || machine.isTpu || !isSold) return;
  record(group, noFallback(machine.name, 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms'));
}

function recordUnwired(group: TrainingGroup): void {
  const { machine, networks } = group;
  const { transport, deviceClaim } = machine.spec;
  if (transport === undefined || deviceClaim || networks.some(({ deviceMode }) => deviceMode !== undefined)) return;
  record(group, {
    id: 'fabric/unwired',
    level: 'warning',
    message: `Nodes of ${machine.name} have RDMA interfaces, but its row has neither a device mode nor a device class for pods.`,
    fix: 'Set networks[].deviceMode or deviceClaim in GoogleMachine.of, or acknowledge this finding.',
    evidence: 'https://cloud.google.com/kubernetes-engine/docs/how-to/allocate-network-resources-dra',
  });
}

/** If pods claim interfaces, the wiring of this library is untested, and nodes have only the driver libraries. */
function recordClaimed(group: TrainingGroup, { training }: TrainingImages): void {
  const { machine } = group;
  const { deviceClaim } = machine.spec;
  if (!deviceClaim) return;
  record(group, {
    id: 'fabric/claimed',
    level: 'warning',
    message: `Pods on ${machine.name} claim ${deviceClaim.count} interfaces of ${deviceClaim.deviceClass}. They need an image with the DOCA user space libraries and gIB${training === undefined ? ', and no source says that the default image contains them' : ''}.`,
    fix: 'Set an image with both in `images.training`, test the fabric with nccl-tests, and acknowledge this finding.',
    evidence: 'https://docs.nvidia.com/aicr/integrator-guide/gke-a-4-x-max-networking',
  });
}

function recordZone({ fileSystem }: TrainingCluster, group: TrainingGroup): void {
  if (!fileSystem || fileSystem.zone === group.zone) return;
  const evidence = 'https://cloud.google.com/managed-lustre/docs/performance';
  record(group, otherZone(group.zone, fileSystem.zone, 'traffic between zones is slower and billed', evidence));
}

/** The props of a cluster with a resolved number of nodes. */
export type ResolvedProps = TrainingClusterProps & { readonly nodes: number };

/** All groups by name, starting with the main group. */
export function groupsOf(props: TrainingClusterProps): Readonly<Record<string, TrainingGroupOptions>> {
  const { machine, nodes, topology, capacity, slices, nodeOptions } = props;
  return { [MAIN_GROUP]: { machine, nodes, topology, capacity, slices, nodeOptions }, ...props.groups };
}

/** Number of nodes in all slices of a group. */
export function nodesOfGroup({ machine, topology, nodes = 0, slices = 1 }: TrainingGroupOptions): number {
  const slice = machine.isTpu ? tpuSlice(new ProblemCollector(), machine, topology) : undefined;
  return (slice && slice.nodes > 1 ? slice.nodes : nodes) * slices;
}

/** The input for the size of the file system. */
export function storageContext(props: ResolvedProps): StorageContext {
  return { nodes: Object.values(groupsOf(props)).reduce((sum, group) => sum + nodesOfGroup(group), 0) };
}

/** Fills in the defaults that later checks and constructs depend on. */
export function withDefaults<P extends TrainingClusterProps>(
  props: P,
): P & Required<Pick<P, 'cluster' | 'storage' | 'installation'>> {
  const { cluster = ClusterSource.create(), storage = TrainingStorage.lustre() } = props;
  return { ...props, cluster, storage, installation: props.installation ?? Installation.byDeployment() };
}

/** Records the findings of the job of a cluster. */
export function recordJobFindings(cluster: TrainingCluster, plan: TrainingPlan): void {
  for (const finding of plan.findings) record(cluster, finding);
  recordFlexStartPrice(cluster, cluster.nodeGroup.capacity, plan);
  const { fileSystem } = cluster;
  if (fileSystem && fileSystem.throughputMBps === undefined) record(cluster, unknownThroughput());
}

/**
 * Adds a problem if the additional networks of a group overlap with the network of the cluster.
 *
 * @param network network of the nodes, if it is known
 */
export function checkRanges(problems: ProblemCollector, props: ResolvedProps, network: IMlNetwork | undefined): void {
  const known = clusterRanges(network, props.cluster?.existing);
  for (const [name, group] of Object.entries(groupsOf(props))) {
    const { machine, nodeOptions } = group;
    const within = name === MAIN_GROUP ? problems : problems.within(`groups.${name}`);
    checkFurtherRanges(within.within('nodeOptions'), { machine, networks: nodeOptions?.networks }, known);
  }
}

/** A training cluster with resolved sizes. */
export interface ResolvedCluster {
  readonly props: ResolvedProps;
  /** The input for the size of its file system. */
  readonly context: StorageContext;
  /** The plan of the job. @default - there is no job, or it cannot be planned */
  readonly plan?: TrainingPlan;
}

/** Sizes the settings that a job leaves open, and adds each problem of the job. Without a job, the props stay unchanged. */
export function sizeCluster(problems: ProblemCollector, props: TrainingClusterProps): ResolvedCluster {
  const { job, machine, capacity, zone, prices } = props;
  const slice = sliceOf(props);
  if (!job || (machine.isTpu && !slice)) return withoutSizing(props);
  const { storage } = withDefaults(props);
  const sized = sizeForJob(problems, {
    job,
    // ICI connects the chips of a slice. The data center network connects the slices.
    machine: { ...plannedMachine(machine), ...(slice && { scaleUpDomain: slice.chips, domainNodes: [slice.nodes] }) },
    market: priceMarket(capacity),
    region: regionOf(zone),
    prices,
    nodes: machine.isTpu ? nodesOfGroup({ ...props, nodes: props.nodes ?? 1 }) : props.nodes,
    storage,
    contextOf: (nodes) => storageContext({ ...props, nodes }),
  });
  if (!sized) return withoutSizing(props);
  const plan = withoutAnsweredFindings(sized.plan, storage);
  return {
    plan,
    context: sized.context,
    props: machine.isTpu ? withoutSizing(props).props : { ...props, nodes: sized.nodes },
  };
}

function withoutSizing(props: TrainingClusterProps): ResolvedCluster {
  const whole = { ...props, nodes: props.nodes ?? sliceOf(props)?.nodes ?? 1 };
  return { props: whole, context: storageContext(whole) };
}

/** The slice of the main group. @default - it has GPUs, or its machine does not support the topology */
function sliceOf({ machine, topology }: TrainingClusterProps): TpuSlice | undefined {
  return machine.isTpu ? tpuSlice(new ProblemCollector(), machine, topology) : undefined;
}
