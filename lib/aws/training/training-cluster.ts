import { Connections, type IConnectable, type ISubnet, type IVpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { EndpointAccess, ICluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PriceOverride } from '../../core/catalog/price-override';
import { Problems } from '../../core/errors';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { fits } from '../../core/shapes';
import type { TrainingJob } from '../../core/workload/training-job';
import type { KubernetesManifest, ManifestBundle } from '../../kubernetes';
import { ClusterAddons, type ClusterAddonsProps } from '../cluster/cluster-addons';
import { ClusterSoftware } from '../cluster/cluster-software';
import { ControlPlane, defaultKubernetesVersion, privateSubnets } from '../cluster/control-plane';
import type { DataBucket } from '../storage/data-bucket';
import { EfaNodeGroup } from '../nodes/efa-node-group';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import type { Installation } from '../cluster/installation';
import type { ILustreFileSystem } from '../storage/lustre-attributes';
import { MlVpc } from '../network/ml-vpc';
import { nodeRole } from '../nodes/node-role';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { SystemNodeGroup } from '../nodes/system-node-group';
import { JobIdentity } from '../cluster/job-identity';
import { lustreEfaClient } from '../storage/lustre-efa-client';
import { recordWorkload } from '../report/recorded-workload';
import { checkTemplates } from '../template/template-checks';
import { checkTrainingCluster } from './training-cluster-checks';
import { groupsOf, MAIN_GROUP, TRAINING_CLUSTER, withDefaults } from './training-cluster-options';
import { recordJobFindings } from './job-findings';
import type { SizedCluster } from './job-plan';
import { recordTrainingFindings } from './training-cluster-findings';
import { trainJobOn, type TrainJobOptions } from './train-job-options';
import { TRAINING_NAMESPACE, type TrainingImages } from './training-software';
import type { StorageContext, TrainingStorage } from './training-storage';

/** A bucket of this library, or any other. */
export type DataStore = DataBucket | IBucket;

/** Properties for `TrainingCluster`: the first group of nodes, and what all groups share. */
export interface TrainingClusterProps extends Omit<EfaNodeGroupOptions, 'nodes'> {
  /**
   * Nodes of the first group: at least 1, at most what one fabric takes, 450 by the default quota of a node group or 18 in a GB200
   * UltraServer.
   *
   * @default - the fewest that hold `job` and end it in time; without a job it must be given
   */
  readonly nodes?: number;
  /**
   * What the first group trains. It sizes what is left open, the nodes and the file system, and what is stated is checked against it.
   *
   * @default - the hardware alone is checked
   */
  readonly job?: TrainingJob;
  /** Prices of your own for the plan of `job`, before those of the table. @default - none */
  readonly prices?: readonly PriceOverride[];
  /**
   * The day from which the age of prices counts, e.g. `new Date().toISOString()`.
   *
   * @default - the day of the newest price of the table, so that the same app gives the same plan on every day
   */
  readonly pricesAsOf?: string;
  /** Further groups of accelerator nodes, by name. @default - none */
  readonly groups?: Readonly<Record<string, EfaNodeGroupOptions>>;
  /** @default - that of `cluster`, or a new `MlVpc` */
  readonly vpc?: IVpc;
  /** Zones of a new VPC: at least two, among them that of reserved capacity. @default - up to three of the stack's region */
  readonly availabilityZones?: readonly string[];
  /** Subnets of a new control plane and its system nodes, never in a Local Zone. @default - the private subnets of the VPC */
  readonly controlPlaneSubnets?: SubnetSelection;
  /** A cluster that exists, with its own system nodes and add-ons. @default - a new one */
  readonly cluster?: ICluster;
  /** Labels of the nodes of `cluster` that controllers run on: they carry no taint. @default - those of the new system nodes */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** Versions of EKS add-ons to hold or to upgrade to. @default - what EKS takes when the cluster is made */
  readonly addonVersions?: ClusterAddonsProps['versions'];
  /** What to train on: jobs may read it, and a new file system mirrors it at `/datasets`. @default - none */
  readonly datasets?: DataStore;
  /** Where checkpoints go: jobs may write it, and a new file system exports to it what is written below `/checkpoints`. @default - none */
  readonly checkpoints?: DataStore;
  /** The parallel file system that all nodes mount at `/shared`. @default TrainingStorage.lustre() */
  readonly storage?: TrainingStorage;
  /** Kubernetes of a new cluster; GB200 needs 1.34 or later. @default KubernetesVersion.V1_36 */
  readonly kubernetesVersion?: KubernetesVersion;
  /** Who reaches the Kubernetes API of a new cluster. @default EndpointAccess.PRIVATE */
  readonly endpointAccess?: EndpointAccess;
  /** Roles that administer a new cluster. @default - none */
  readonly admins?: readonly IRole[];
  /** Who installs what runs on the cluster. @default Installation.inCluster() */
  readonly installation?: Installation;
  /** Images that jobs run. @default - AWS's own, where there is one for the machine */
  readonly images?: TrainingImages;
  /** Key of Kubernetes secrets and of the file system. @default - a new key each */
  readonly encryptionKey?: IKey;
}

/**
 * Accelerator nodes that train together: one fabric a group, one file system, one queue, and all that training needs on the cluster.
 *
 * Run the acceptance job that is written beside the template once: it fails unless the fabric is as fast as it should be.
 */
export class TrainingCluster extends Construct implements IConnectable {
  public readonly vpc: IVpc;
  public readonly cluster: ICluster;
  /** The new control plane. @default - the cluster was brought */
  public readonly controlPlane?: ControlPlane;
  /** The system nodes. @default - the cluster was brought */
  public readonly systemNodes?: SystemNodeGroup;
  /** The first group. */
  public readonly nodeGroup: EfaNodeGroup;
  /** Every group by name, without fallbacks. */
  public readonly groups: Readonly<Record<string, EfaNodeGroup>>;
  /** @default - there is none */
  public readonly fileSystem?: ILustreFileSystem;
  /** @default - none was given */
  public readonly checkpoints?: IBucket;
  /** The fabric of every group. */
  public readonly connections: Connections;
  /** What jobs may do in AWS. @default - nothing, without datasets or checkpoints */
  public readonly jobs?: JobIdentity;
  public readonly software: ClusterSoftware;
  /** How long the job takes, what it costs, and what limits it. @default - no job was given */
  public readonly plan?: TrainingPlan;

  constructor(scope: Construct, id: string, given: TrainingClusterProps) {
    super(scope, id);
    const { props, context, plan } = checkAndSize(this, given);
    const { storage, installation } = withDefaults(props);

    this.checkpoints = context.checkpoints;
    const network =
      props.vpc || props.cluster ? undefined : new MlVpc(this, 'Vpc', { availabilityZones: props.availabilityZones });
    this.vpc = props.vpc ?? props.cluster?.vpc ?? network!.vpc;
    const kubectlLayer = props.cluster ? undefined : installation.layer(this, 'Kubectl');
    this.controlPlane = props.cluster
      ? undefined
      : new ControlPlane(this, 'ControlPlane', {
          ...props,
          vpc: this.vpc,
          version: props.kubernetesVersion,
          kubectlLayer,
          serviceCidr: network?.serviceCidr,
          subnets: this.controlPlaneSubnets(props),
        });
    this.cluster = props.cluster ?? this.controlPlane!.cluster;
    const role = nodeRole(this, 'NodeRole', { cniPolicy: props.cluster !== undefined });
    this.groups = this.createGroups(groupsOf(props), role, storage, props);
    this.nodeGroup = this.groups[MAIN_GROUP]!;
    const all = Object.values(this.groups);
    this.connections = new Connections({ securityGroups: all.map(({ securityGroup }) => securityGroup) });
    this.fileSystem = storage.provide(this, 'FileSystem', context, {
      ...props,
      vpc: this.vpc,
      subnet: this.nodeGroup.subnets[0]!,
    });
    all.forEach((group) => this.fileSystem?.allowClients(group));
    // Capacity fails first, if it fails: a file system that came before it would be paid for.
    for (const { reservation } of all) if (reservation) this.fileSystem?.node.addDependency(reservation);

    if (context.datasets || context.checkpoints) this.jobs = this.identifyJobs(context);
    this.software = new ClusterSoftware(this, 'Software', {
      cluster: this.cluster,
      installation,
      groups: all,
      systemLabels: props.systemLabels ?? SYSTEM_LABELS,
      fileSystem: this.fileSystem,
      images: props.images ?? {},
    });
    if (this.controlPlane) this.systemNodes = this.createSystem(props, withFallbacks(all), role);
    recordTrainingFindings(this, { ...props, storage });
    this.plan = plan;
    if (plan) this.recordPlan(plan, props);
    checkTemplates(this);
  }

  /** Charts and manifests with variables, for whoever installs by GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  /** A job over the nodes of a group, for `kubectl apply`: it queues until they are free, and runs the group's runtime. */
  trainJob(options: TrainJobOptions): KubernetesManifest {
    return trainJobOn(this, options);
  }

  private createGroups(
    options: Readonly<Record<string, EfaNodeGroupOptions>>,
    role: IRole,
    storage: TrainingStorage,
    { cluster, kubernetesVersion = defaultKubernetesVersion() }: TrainingClusterProps,
  ): Record<string, EfaNodeGroup> {
    const create = ([name, group]: [string, EfaNodeGroupOptions]) => {
      const id = name === MAIN_GROUP ? 'Nodes' : `Nodes-${name}`;
      return [
        name,
        new EfaNodeGroup(this, id, {
          ...group,
          commands: storage.wantsEfa ? [...lustreEfaClient(group), ...(group.commands ?? [])] : group.commands,
          cluster: this.cluster,
          kubernetesVersion: cluster ? undefined : kubernetesVersion,
          name,
          role,
        }),
      ] as const;
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

  private controlPlaneSubnets({ controlPlaneSubnets: selection }: TrainingClusterProps): ISubnet[] {
    return selection ? this.vpc.selectSubnets(selection).subnets : privateSubnets(this.vpc);
  }

  private createSystem(props: TrainingClusterProps, groups: readonly EfaNodeGroup[], role: IRole): SystemNodeGroup {
    const { cluster } = this;
    const kubernetesVersion = props.kubernetesVersion ?? defaultKubernetesVersion();
    const system = new SystemNodeGroup(this, 'System', {
      cluster,
      subnets: this.controlPlaneSubnets(props),
      role,
      kubernetesVersion,
    });
    const addons = new ClusterAddons(this, 'Addons', {
      cluster,
      gpuPools: groups.filter(({ machine }) => !machine.isNeuron).map(({ name }) => name),
      versions: props.addonVersions,
    });
    addons.orderAround(
      system.resource,
      groups.map(({ resource }) => resource),
    );
    for (const installed of this.software.installed) installed.node.addDependency(...addons.onSystemNodes);
    return system;
  }
}

function checkAndSize(scope: Construct, props: TrainingClusterProps): SizedCluster {
  const problems = new Problems();
  const sized = fits(problems, props, TRAINING_CLUSTER) ? checkTrainingCluster(problems, props, scope) : undefined;
  problems.throwIfAny(scope);
  return sized!;
}

function withFallbacks(groups: readonly EfaNodeGroup[]): EfaNodeGroup[] {
  return groups.flatMap((group) => (group.fallback ? [group, group.fallback] : [group]));
}
