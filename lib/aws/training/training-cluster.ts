import { Connections, type IConnectable, type IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ICluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { validated } from '../../core/prop-schema';
import type { KubernetesManifest, ManifestBundle } from '../../kubernetes';
import { ClusterSoftware } from '../cluster/cluster-software';
import type { ControlPlane } from '../cluster/control-plane';
import { EfaNodeGroup } from '../nodes/efa-node-group';
import type { EfaNodeGroupOptions, NodeOptions } from '../nodes/node-group-options';
import type { ILustreFileSystem } from '../storage/lustre-attributes';
import { MlVpc } from '../network/ml-vpc';
import { nodeRole } from '../nodes/node-role';
import { MAIN_GROUP } from '../../kubernetes/training-groups';
import type { TrainJobOptions } from '../../kubernetes/train-job-options';
import type { SystemNodeGroup } from '../nodes/system-node-group';
import { JobIdentity } from '../cluster/job-identity';
import { lustreEfaClient } from '../storage/lustre-efa-client';
import { recordWorkload } from '../report/recorded-workload';
import { checkTemplates } from '../template/template-checks';
import { checkTrainingCluster } from './training-cluster-checks';
import { groupsOf, withDefaults } from './training-cluster-options';
import { recordJobFindings } from './job-findings';
import type { TrainingClusterProps } from './training-cluster-props';
import { recordTrainingFindings } from './training-cluster-findings';
import { trainJobOn } from './train-job-options';
import { TRAINING_NAMESPACE } from '../../kubernetes/training-software';
import type { StorageContext, TrainingStorage } from './training-storage';
import { TRAINING_CLUSTER_PROPS } from '../prop-schemas';

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
    const create = ([name, group]: [string, EfaNodeGroupOptions]) => {
      const id = name === MAIN_GROUP ? 'Nodes' : `Nodes-${name}`;
      const nodeOptions = storage.wantsEfa ? withEfaClient(group) : group.nodeOptions;
      return [
        name,
        new EfaNodeGroup(this, id, { ...group, nodeOptions, cluster, kubernetesVersion, name, role }),
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
}

/** The node options with the commands that set up Lustre over EFA. */
function withEfaClient(group: EfaNodeGroupOptions): NodeOptions {
  const { nodeOptions = {} } = group;
  return { ...nodeOptions, commands: [...lustreEfaClient(group), ...(nodeOptions.commands ?? [])] };
}

function withFallbacks(groups: readonly EfaNodeGroup[]): EfaNodeGroup[] {
  return groups.flatMap((group) => (group.fallback ? [group, group.fallback] : [group]));
}
