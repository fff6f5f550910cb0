import { Connections, type IConnectable, type ISubnet, type IVpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ICluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { TrainingPlan } from '../../core/planning/plan-training';
import { validated, required } from '../../core/prop-schema';
import type { KubernetesManifest, ManifestBundle } from '../../kubernetes';
import { ClusterSoftware, checkSystemLabels } from '../cluster/cluster-software';
import { type ControlPlane, privateSubnets } from '../cluster/control-plane';
import { EfaNodeGroup } from '../nodes/efa-node-group';
import type { EfaNodeGroupOptions, NodeOptions } from '../nodes/node-group-options';
import { type ILustreFileSystem, lustreEfaClient } from '../storage/lustre-file-system';
import { MlVpc, newVpc } from '../network/ml-vpc';
import { nodeRole } from '../nodes/node-launch-template';
import { MAIN_GROUP, checkAdditionalGroups } from '../../kubernetes/training-objects';
import type { TrainJobOptions } from '../../kubernetes/train-job';
import type { SystemNodeGroup } from '../nodes/system-node-group';
import { JobIdentity } from '../cluster/job-identity';
import { recordWorkload } from '../report/recorded-workload';
import { checkTemplates } from '../template/template-checks';
import { recordJobFindings } from './job-findings';
import { trainJobOn } from './train-job-options';
import { TRAINING_NAMESPACE } from '../../kubernetes/training-runtime';
import { type StorageContext, TrainingStorage } from './training-storage';
import { TRAINING_CLUSTER_PROPS } from '../prop-schemas';
import { ProblemCollector } from '../../core/errors';
import { checkCheckpointsKept, checkTwoBuckets } from '../../core/planning/training-checks';
import { Capacity, SPOT } from '../capacity/capacity';
import { chooseNodeSubnets, isKnownZone } from '../network/node-subnets';
import { checkDraVersion, checkGroupName, checkNodeGroup } from '../nodes/node-group-checks';
import { sizeCluster, type ResolvedCluster } from './job-plan';
import { WHOLE_NODES } from '../props/prop-types';
import { growsOnly, checkpointStoreMissing, otherZone } from '../../core/planning/training-findings';
import { record } from '../template/findings';
import { ClusterSource, TRAINING_ADDONS } from '../cluster/cluster-source';
import { Installation } from '../cluster/installation';
import { bucketOf, type IDataBucket } from '../storage/data-bucket';
import type { Prices } from '../../core/catalog/price-override';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { TrainingJob } from '../../core/workload/training-job';
import type { TrainingImages } from './training-software';

/** Properties for `TrainingCluster`: the first group of nodes, and what all groups share. */
export interface TrainingClusterProps extends Omit<EfaNodeGroupOptions, 'nodes'> {
  /**
   * Number of nodes in the first group, from 1 to the limit of one fabric. The limit is 450, the default quota of a managed node group, or
   * 18 in a GB200 UltraServer.
   *
   * @default - the minimum number for `job`; required without a job
   * @schema WHOLE_NODES
   */
  readonly nodes?: number;
  /**
   * Training job of the first group. Sizes the nodes and the file system if you leave them out, and validates them if you set them.
   *
   * @default - the library validates only the hardware
   */
  readonly job?: TrainingJob;
  /** Your own prices, and the day that the age of a price is counted from. @default - the prices of the catalog */
  readonly prices?: Prices;
  /** More groups of accelerator nodes, by name. @default - none */
  readonly groups?: Readonly<Record<string, EfaNodeGroupOptions>>;
  /** VPC of the nodes and of a new cluster. @default - the VPC of an existing cluster, or a new `MlVpc` */
  readonly vpc?: IVpc;
  /** Zones of a new VPC, at least two. Include the zone of reserved capacity. @default - up to three zones of the region */
  readonly availabilityZones?: readonly string[];
  /** The EKS cluster: a new one or an existing one. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /** Bucket with training data. Jobs can read it, and a new file system mirrors it at `/datasets`. @default - none */
  readonly datasets?: IDataBucket;
  /** Bucket for checkpoints. Jobs can write to it, and a new file system exports files in `/checkpoints` to it. @default - none */
  readonly checkpoints?: IDataBucket;
  /** Parallel file system that all jobs mount at `/shared`. @default TrainingStorage.lustre() */
  readonly storage?: TrainingStorage;
  /** How charts and manifests get onto the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Images of the jobs. @default - the AWS images, if AWS has one for the machine */
  readonly images?: TrainingImages;
  /** KMS key of the file system, and of Kubernetes secrets if `cluster` names none. @default - a new key for each */
  readonly encryptionKey?: IKey;
}

/**
 * An EKS cluster for distributed training. It has groups of accelerator nodes with one fabric each, a file system, a job queue, and the
 * software that training needs.
 *
 * Run the acceptance job next to the template once. It fails if the fabric is slower than expected.
 *
 * @example
 * ```ts
 * import { AwsMachine, TrainingCluster } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Training');
 * new TrainingCluster(stack, 'Cluster', { machine: AwsMachine.P5_48XLARGE, nodes: 4 });
 * ```
 */
export class TrainingCluster extends Construct implements IConnectable {
  /** VPC of the nodes. */
  public readonly vpc: IVpc;
  /** The EKS cluster. */
  public readonly cluster: ICluster;
  /** The new control plane. @default - the cluster existed already */
  public readonly controlPlane?: ControlPlane;
  /** The new system nodes. @default - the cluster existed already */
  public readonly systemNodes?: SystemNodeGroup;
  /** The first group of accelerator nodes. */
  public readonly nodeGroup: EfaNodeGroup;
  /** All groups by name, without fallbacks. */
  public readonly groups: Readonly<Record<string, EfaNodeGroup>>;
  /** The file system. @default - `TrainingStorage.none()` */
  public readonly fileSystem?: ILustreFileSystem;
  /** Bucket for checkpoints. @default - the cluster has none */
  public readonly checkpoints?: IBucket;
  /** Connections of the security groups of all groups. */
  public readonly connections: Connections;
  /** AWS rights of the jobs. @default - none, without datasets and checkpoints */
  public readonly jobs?: JobIdentity;
  /** Charts and manifests of the cluster. */
  public readonly software: ClusterSoftware;
  /** Estimated duration, cost, and limits of the job. @default - the cluster has no job */
  public readonly plan?: TrainingPlan;

  constructor(scope: Construct, id: string, given: TrainingClusterProps) {
    super(scope, id);
    const { props, context, plan } = validated(this, given, TRAINING_CLUSTER_PROPS, (problems) =>
      checkTrainingCluster(problems, given, this),
    );
    const { cluster: source, storage, installation } = withDefaults(props);

    this.checkpoints = context.checkpoints;
    const givenVpc = props.vpc ?? source.existing?.vpc;
    const network = givenVpc ? undefined : new MlVpc(this, 'Vpc', { availabilityZones: props.availabilityZones });
    this.vpc = givenVpc ?? network!.vpc;
    const { cluster, controlPlane } = source.provide(this, {
      ...{ vpc: this.vpc, installation, encryptionKey: props.encryptionKey },
      serviceCidr: network?.serviceCidr,
    });
    this.controlPlane = controlPlane;
    this.cluster = cluster;
    const role = nodeRole(this, 'NodeRole', { cniPolicy: source.existing !== undefined });
    this.groups = this.createGroups(groupsOf(props), role, storage, source.kubernetesVersion);
    this.nodeGroup = this.groups[MAIN_GROUP]!;
    const all = Object.values(this.groups);
    this.connections = new Connections({ securityGroups: all.map(({ securityGroup }) => securityGroup) });
    this.fileSystem = storage.provide(this, 'FileSystem', context, {
      vpc: this.vpc,
      subnet: this.nodeGroup.subnets[0]!,
      encryptionKey: props.encryptionKey,
    });
    all.forEach((group) => this.fileSystem?.allowClients(group));
    // A reservation is the resource that most often fails. A file system that came before it would be billed.
    for (const { reservation } of all) if (reservation) this.fileSystem?.node.addDependency(reservation);

    if (context.datasets || context.checkpoints) this.jobs = this.identifyJobs(context);
    this.software = new ClusterSoftware(this, 'Software', {
      cluster,
      installation,
      groups: all,
      systemLabels: source.systemLabels,
      existingCharts: source.existing && source.existingCharts,
      fileSystem: this.fileSystem,
      images: props.images ?? {},
    });
    this.systemNodes = source.provideSystem(this, {
      ...{ vpc: this.vpc, cluster, role, installed: this.software.installed },
      groups: withFallbacks(all),
      gpuPools: withFallbacks(all)
        .filter(({ machine }) => !machine.isNeuron)
        .map(({ name }) => name),
    });
    recordTrainingFindings(this, { ...props, cluster: source, storage });
    this.plan = plan;
    if (plan) this.recordPlan(plan, props);
    checkTemplates(this);
  }

  /** Charts and manifests, with variables for values that are known only at deployment. For GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  /** Creates a training job on the nodes of a group, as an object for `kubectl apply`. The job waits in the queue until the nodes are free. */
  trainJob(options: TrainJobOptions): KubernetesManifest {
    return trainJobOn(this, options);
  }

  private createGroups(
    options: Readonly<Record<string, EfaNodeGroupOptions>>,
    role: IRole,
    storage: TrainingStorage,
    kubernetesVersion: KubernetesVersion | undefined,
  ): Record<string, EfaNodeGroup> {
    const { cluster } = this;
    let { zone } = storage;
    const create = ([name, group]: [string, EfaNodeGroupOptions]) => {
      const id = name === MAIN_GROUP ? 'Nodes' : `Nodes-${name}`;
      const nodeOptions = storage.wantsEfa ? withEfaClient(group) : group.nodeOptions;
      const subnets = group.subnets ?? subnetsInZone(cluster.vpc, group, zone);
      const props = { ...group, subnets, nodeOptions, cluster, kubernetesVersion, name, role };
      const created = new EfaNodeGroup(this, id, props);
      // A new file system is in the zone of the first group, so the other groups join it there.
      zone ??= created.subnets[0]?.availabilityZone;
      return [name, created] as const;
    };
    return Object.fromEntries(Object.entries(options).map(create));
  }

  private recordPlan(plan: TrainingPlan, { job, prices }: TrainingClusterProps): void {
    recordJobFindings(this, plan);
    recordWorkload(this, { plan, workload: job, prices });
  }

  private identifyJobs({ datasets, checkpoints }: StorageContext): JobIdentity {
    const { clusterName } = this.cluster;
    return new JobIdentity(this, 'Jobs', { clusterName, namespace: TRAINING_NAMESPACE, datasets, checkpoints });
  }
}

/** The node options with the commands that set up Lustre over EFA. */
function withEfaClient(group: EfaNodeGroupOptions): NodeOptions {
  const { nodeOptions = {} } = group;
  return { ...nodeOptions, commands: [...lustreEfaClient(group), ...(nodeOptions.commands ?? [])] };
}

/** The subnet of a group in the zone of the file system. Undefined if the capacity decides the zone, or the zone has no such subnet. */
function subnetsInZone(
  vpc: IVpc,
  { capacity }: EfaNodeGroupOptions,
  zone: string | undefined,
): SubnetSelection | undefined {
  if (zone === undefined || capacity?.availabilityZone !== undefined || capacity?.usesReservation) return undefined;
  const subnet = privateSubnets<ISubnet>(vpc).find(({ availabilityZone }) => availabilityZone === zone);
  return subnet && { subnets: [subnet] };
}

function withFallbacks(groups: readonly EfaNodeGroup[]): EfaNodeGroup[] {
  return groups.flatMap((group) => (group.fallback ? [group, group.fallback] : [group]));
}

/** What a composite creates in addition to the cluster. */
export interface PlannedSiblings {
  /** Whether the composite creates a bucket for checkpoints. @default - as in the props */
  readonly checkpoints?: boolean;
}

/**
 * Adds each problem with a training cluster before any resource is created, and sizes what its job leaves open. The types of the props must
 * be valid already. Returns undefined if there are neither nodes nor a job.
 */
export function checkTrainingCluster(
  problems: ProblemCollector,
  given: TrainingClusterProps,
  scope: Construct,
  planned: PlannedSiblings = {},
): ResolvedCluster | undefined {
  if (!given.job && !required(WHOLE_NODES).validate(problems, 'nodes', given.nodes)) return undefined;
  // Problems with the job come last: invalid hardware must be fixed first.
  const ofJob = new ProblemCollector();
  const sized = sizeCluster(ofJob, given, scope);
  const { props, context } = sized;
  const { cluster, storage, installation } = withDefaults(props);
  checkGroups(problems, props, cluster.kubernetesVersion);
  checkDraVersion(problems, groupsOf(props), cluster.kubernetesVersion);
  cluster.check(problems, { vpc: props.vpc, installation });
  if (cluster.existing) checkSystemLabels(problems.within('cluster'), cluster.systemLabels, groupsOf(props));
  checkTwoBuckets(problems, context);
  storage.check(problems.within('storage'), context);
  checkNetwork(problems, props, scope);
  for (const problem of ofJob.all) problems.add(problem);
  if (props.job && !planned.checkpoints) checkKept(problems, props, context);
  return sized;
}

/** Adds each problem with the groups and their names. */
function checkGroups(problems: ProblemCollector, props: ResolvedProps, version?: KubernetesVersion): void {
  const { groups = {} } = props;
  checkNodeGroup(problems, props, version);
  for (const [name, group] of Object.entries(groups)) {
    checkGroupName(problems, name, `groups.${name}`);
    checkNodeGroup(problems.within(`groups.${name}`), group, version);
  }
  checkAdditionalGroups(problems, groups);
}

/** Adds each problem with zones and subnets. */
function checkNetwork(problems: ProblemCollector, props: ResolvedProps, scope: Construct): void {
  const { cluster } = withDefaults(props);
  const vpc = props.vpc ?? cluster.existing?.vpc ?? newVpc(problems, props, scope);
  if (!vpc) return;
  for (const [name, { subnets, capacity = Capacity.onDemand() }] of Object.entries({ ...props.groups, '': props })) {
    chooseNodeSubnets(name ? problems.within(`groups.${name}`) : problems, vpc, subnets, capacity);
  }
  cluster.checkSubnets(problems, vpc);
}

/** A job with an end needs a place for its checkpoints if its nodes can be interrupted. */
function checkKept(problems: ProblemCollector, props: ResolvedProps, { checkpoints }: StorageContext): void {
  const { capacity, storage } = withDefaults(props);
  const elastic = capacity && { market: capacity.market, isElastic: capacity.market === 'spot' };
  checkCheckpointsKept(problems, { capacity: elastic, storage, checkpoints });
}

// FSx for Lustre guide, "Working with EFA-enabled file systems". Eight connections for each client: the client set-up script of AWS.
const EFA_CONNECTIONS = 1024;
const EFA_CONNECTIONS_PER_NODE = 8;

/** Records the findings of a training cluster as a whole. */
export function recordTrainingFindings(
  cluster: TrainingCluster,
  { cluster: source, storage, job }: TrainingClusterProps & { readonly cluster: ClusterSource },
): void {
  if (!source.existing && !source.newCluster.admins?.length) recordNoAdmins(cluster);
  if (storage?.followsNodes) {
    const evidence = 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/increase-storage-capacity.html';
    const fix = 'Set size in TrainingStorage.lustre() after the first deployment.';
    record(cluster, { ...growsOnly(job ? 'job' : 'nodes', 'FSx', evidence), fix });
  }
  if (source.existing) recordAddons(cluster, source);
  recordNetwork(cluster);
  recordSpot(cluster);
  recordStorage(cluster);
}

function recordNetwork({ vpc, software }: TrainingCluster): void {
  if (vpc.privateSubnets.length > 0 || software.installed.length === 0) return;
  record(software, {
    id: 'network/no-egress',
    level: 'warning',
    message:
      'The VPC has no private subnet with egress, but the deployment downloads charts and images from public registries.',
    fix: 'Use a VPC with egress, or Installation.gitOps() with mirrors.',
    evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html',
  });
}

function recordAddons(cluster: TrainingCluster, source: ClusterSource): void {
  const needed = TRAINING_ADDONS.filter((name) => name !== 'aws-fsx-csi-driver' || cluster.fileSystem);
  const missing = needed.filter((name) => !source.addons.includes(name));
  if (missing.length === 0) return;
  record(cluster, {
    id: 'cluster/add-ons',
    level: 'info',
    message: `The existing cluster must have the add-ons ${missing.join(', ')}. The library cannot see whether it has them.`,
    fix: 'Look at `aws eks list-addons`. Name the missing ones in ClusterSource.fromCluster(cluster, { addons }).',
    evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html',
  });
}

function recordNoAdmins(cluster: TrainingCluster): void {
  record(cluster, {
    id: 'access/no-admins',
    level: 'info',
    message: 'The cluster has no admins: nobody can use kubectl or see the job queue.',
    fix: 'Pass the roles of your operators to ClusterSource.create({ admins }).',
    evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html',
  });
}

function recordSpot(cluster: TrainingCluster): void {
  const spot = Object.values(cluster.groups).filter(({ capacity }) => capacity.market === 'spot');
  if (spot.length > 0 && !cluster.checkpoints) {
    record(cluster, checkpointStoreMissing('two minutes’', SPOT));
  }
}

function recordStorage(cluster: TrainingCluster): void {
  const groups = Object.values(cluster.groups);
  for (const group of groups) recordZone(cluster, group);
  if (!cluster.fileSystem?.efa) return;
  const unlisted = groups.filter(
    ({ machine, efaInterfacesPerNode }) => !machine.spec.lustreEfa || efaInterfacesPerNode === 0,
  );
  for (const group of unlisted) {
    record(group, {
      id: 'storage/efa-clients',
      level: 'warning',
      message: `FSx does not list ${group.machine.name} as a client with GPUDirect Storage, or its EFA is off. It can mount over TCP.`,
      fix: 'Use TrainingStorage.lustre({ efa: false }), or test the mount and acknowledge this finding.',
      evidence: 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/efa-file-systems.html',
    });
  }
  const connections = groups.reduce((sum, { nodes }) => sum + nodes * EFA_CONNECTIONS_PER_NODE, 0);
  if (connections > EFA_CONNECTIONS) {
    record(cluster, {
      id: 'storage/efa-connections',
      level: 'warning',
      message: `The nodes can open ${connections} EFA connections, but a file system supports ${EFA_CONNECTIONS}.`,
      fix: 'Spread the groups over several file systems, or mount over TCP.',
      evidence: 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/efa-file-systems.html',
    });
  }
}

function recordZone({ fileSystem }: TrainingCluster, group: EfaNodeGroup): void {
  const [expected, actual] = [group.subnets[0]?.availabilityZone, fileSystem?.availabilityZone];
  if (!isKnownZone(expected) || !isKnownZone(actual) || expected === actual) return;
  const evidence = 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/efa-file-systems.html';
  record(group, otherZone(expected, actual, 'EFA falls back to TCP, and traffic between zones is billed', evidence));
}

/** The props of a cluster with a known number of nodes. */
export type ResolvedProps = TrainingClusterProps & { readonly nodes: number };

/** All groups by name, the first one first. */
export function groupsOf({
  machine,
  nodes,
  capacity,
  subnets,
  interconnect,
  nodeOptions,
  groups,
}: ResolvedProps): Readonly<Record<string, EfaNodeGroupOptions>> {
  return { [MAIN_GROUP]: { machine, nodes, capacity, subnets, interconnect, nodeOptions }, ...groups };
}

/** What the file system is used for. */
export function storageContext(props: ResolvedProps): StorageContext {
  const groups = Object.values(groupsOf(props));
  return {
    machines: groups.map(({ machine }) => machine),
    nodes: groups.reduce((sum, { nodes }) => sum + nodes, 0),
    datasets: props.datasets && bucketOf(props.datasets),
    checkpoints: props.checkpoints && bucketOf(props.checkpoints),
  };
}

/** The props with the defaults that other checks and constructs depend on. */
export function withDefaults<P extends TrainingClusterProps>(
  props: P,
): P & Required<Pick<P, 'cluster' | 'storage' | 'installation'>> {
  const {
    cluster = ClusterSource.create(),
    storage = TrainingStorage.lustre(),
    installation = Installation.byDeployment(),
  } = props;
  return { ...props, cluster, storage, installation };
}
