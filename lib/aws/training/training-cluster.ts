import { Connections, type IConnectable, type ISubnet, type IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { judged } from '../../core/shapes';
import type { KubernetesManifest, ManifestBundle } from '../../kubernetes';
import { ClusterAddons } from '../cluster/cluster-addons';
import { ClusterSoftware } from '../cluster/cluster-software';
import { ControlPlane, defaultKubernetesVersion, privateSubnets } from '../cluster/control-plane';
import { EfaNodeGroup } from '../nodes/efa-node-group';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import type { ILustreFileSystem } from '../storage/lustre-attributes';
import { MlVpc } from '../network/ml-vpc';
import { nodeRole } from '../nodes/node-role';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import type { TrainJobOptions } from '../../kubernetes/train-job-options';
import { SystemNodeGroup } from '../nodes/system-node-group';
import { JobIdentity } from '../cluster/job-identity';
import { lustreEfaClient } from '../storage/lustre-efa-client';
import { recordWorkload } from '../report/recorded-workload';
import { checkTemplates } from '../template/template-checks';
import { checkTrainingCluster } from './training-cluster-checks';
import { groupsOf, TRAINING_CLUSTER, withDefaults } from './training-cluster-options';
import { recordJobFindings } from './job-findings';
import type { TrainingClusterProps } from './training-cluster-props';
import { recordTrainingFindings } from './training-cluster-findings';
import { trainJobOn } from './train-job-options';
import { TRAINING_NAMESPACE } from '../../kubernetes/training-software';
import type { StorageContext, TrainingStorage } from './training-storage';

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
    const { props, context, plan } = judged(this, given, TRAINING_CLUSTER, (problems) =>
      checkTrainingCluster(problems, given, this),
    );
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

function withFallbacks(groups: readonly EfaNodeGroup[]): EfaNodeGroup[] {
  return groups.flatMap((group) => (group.fallback ? [group, group.fallback] : [group]));
}
