import type { Connections, IConnectable, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { EndpointAccess, ICluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Problems } from '../core/errors';
import type { ManifestBundle } from '../kubernetes';
import { ClusterAddons } from './cluster-addons';
import { ClusterSoftware } from './cluster-software';
import { ControlPlane, privateSubnets } from './control-plane';
import type { DataBucket } from './data-bucket';
import { EfaNodeGroup, type EfaNodeGroupOptions } from './efa-node-group';
import { Installation } from './installation';
import type { ILustreFileSystem } from './lustre-attributes';
import { MlVpc } from './ml-vpc';
import { NodeRole } from './node-role';
import { SystemNodeGroup } from './system-node-group';
import { checkTemplates } from './template-checks';
import { checkTrainingCluster } from './training-cluster-checks';
import { recordTrainingFindings } from './training-cluster-findings';
import type { TrainingImages } from './training-software';
import { type StorageContext, TrainingStorage } from './training-storage';

/** A bucket of this library, or any other. */
export type DataStore = DataBucket | IBucket;

/** Properties for `TrainingCluster`: the first group of nodes, and what all groups share. */
export interface TrainingClusterProps extends EfaNodeGroupOptions {
  /** Further groups of accelerator nodes, by name. @default - none */
  readonly groups?: Readonly<Record<string, EfaNodeGroupOptions>>;
  /** @default - that of `cluster`, or a new `MlVpc` */
  readonly vpc?: IVpc;
  /** A cluster that exists, with its own system nodes and add-ons. @default - a new one */
  readonly cluster?: ICluster;
  /** What to train on: mirrored at `/datasets` of the file system. @default - nothing is mirrored */
  readonly datasets?: DataStore;
  /** Where checkpoints go: what is written below `/checkpoints` of the file system is exported there. @default - none */
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

/** The name of the first group. */
const MAIN_GROUP = 'nodes';

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
  public readonly connections: Connections;
  public readonly software: ClusterSoftware;

  constructor(scope: Construct, id: string, props: TrainingClusterProps) {
    super(scope, id);
    const { storage = TrainingStorage.lustre(), installation = Installation.inCluster() } = props;
    const options = { [MAIN_GROUP]: props, ...props.groups };
    const context = storageContext(props);
    const problems = new Problems();
    checkTrainingCluster(problems, props, context);
    problems.throwIfAny(this);

    this.checkpoints = context.checkpoints;
    const network = props.vpc || props.cluster ? undefined : new MlVpc(this, 'Vpc');
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
        });
    this.cluster = props.cluster ?? this.controlPlane!.cluster;
    const role = new NodeRole(this, 'NodeRole', { cniPolicy: props.cluster !== undefined });
    this.groups = this.createGroups(options, role);
    this.nodeGroup = this.groups[MAIN_GROUP]!;
    this.connections = this.nodeGroup.connections;
    this.fileSystem = storage.provide(this, 'FileSystem', context, {
      ...props,
      vpc: this.vpc,
      subnet: this.nodeGroup.subnets[0]!,
    });
    Object.values(this.groups).forEach((group) => this.fileSystem?.allowClients(group));

    const groups = withFallbacks(Object.values(this.groups));
    this.software = new ClusterSoftware(this, 'Software', {
      cluster: this.cluster,
      installation,
      groups,
      fileSystem: this.fileSystem,
      images: props.images ?? {},
    });
    if (this.controlPlane) this.systemNodes = this.createSystem(groups, role);
    recordTrainingFindings(this);
    checkTemplates(this);
  }

  /** Charts and manifests with variables, for whoever installs by GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  private createGroups(
    options: Readonly<Record<string, EfaNodeGroupOptions>>,
    role: IRole,
  ): Record<string, EfaNodeGroup> {
    const create = ([name, group]: [string, EfaNodeGroupOptions]) => {
      const {
        machine,
        nodes,
        capacity,
        subnets,
        interconnect,
        os,
        scratch,
        rootVolumeGiB,
        volumeKey,
        commands,
        labels,
        ignoredXids,
        nodeQuota,
      } = group;
      const chosen = {
        machine,
        nodes,
        capacity,
        subnets,
        interconnect,
        os,
        scratch,
        rootVolumeGiB,
        volumeKey,
        commands,
        labels,
        ignoredXids,
        nodeQuota,
      };
      const id = name === MAIN_GROUP ? 'Nodes' : `Nodes-${name}`;
      return [name, new EfaNodeGroup(this, id, { ...chosen, cluster: this.cluster, name, role })] as const;
    };
    return Object.fromEntries(Object.entries(options).map(create));
  }

  private createSystem(groups: readonly EfaNodeGroup[], role: IRole): SystemNodeGroup {
    const { cluster } = this;
    const system = new SystemNodeGroup(this, 'System', { cluster, subnets: privateSubnets(this.vpc), role });
    const addons = new ClusterAddons(this, 'Addons', { cluster });
    addons.orderAround(
      system.nodeGroup,
      groups.map(({ nodeGroup }) => nodeGroup),
    );
    for (const installed of this.software.installed) installed.node.addDependency(...addons.onSystemNodes);
    return system;
  }
}

/** What the file system is made for. */
export function storageContext(props: TrainingClusterProps): StorageContext {
  const nodes = Object.values(props.groups ?? {}).reduce((sum, group) => sum + group.nodes, props.nodes);
  return {
    machine: props.machine,
    nodes,
    datasets: bucketOf(props.datasets),
    checkpoints: bucketOf(props.checkpoints),
  };
}

function bucketOf(store: DataStore | undefined): IBucket | undefined {
  return store && 'bucket' in store ? store.bucket : store;
}

function withFallbacks(groups: readonly EfaNodeGroup[]): EfaNodeGroup[] {
  return groups.flatMap((group) => (group.fallback ? [group, group.fallback] : [group]));
}
