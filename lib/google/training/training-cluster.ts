import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
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
import type { ClusterSoftware } from '../../terraform/cluster-software';
import { recordWorkload } from '../../terraform/recorded-workload';
import { installsOn } from '../../terraform/one-cluster';
import { areTwoClusters } from '../cluster/cluster-option-checks';
import { gkeSoftware } from '../cluster/cluster-software';
import { ControlPlane } from '../cluster/control-plane';
import type { ControlPlaneProps } from '../cluster/control-plane-props';
import type { IGkeCluster } from '../cluster/gke-cluster';
import { type INamedBucket, JobIdentity } from '../cluster/job-identity';
import { newClusterOptions } from '../cluster/new-cluster-options';
import { AcceleratorNetworks } from '../network/accelerator-networks';
import type { IMlNetwork } from '../network/network-attributes';
import { NodeServiceAccount } from '../nodes/node-service-account';
import { SystemNodePool } from '../nodes/system-node-pool';
import { regionOf } from '../props/location';
import type { ILustreFileSystem } from '../storage/lustre-attributes';
import { recordJobFindings } from './job-findings';
import { trainJobOn, type TrainJobOptions } from './train-job-options';
import { checkTrainingCluster } from './training-cluster-checks';
import { recordTrainingFindings } from './training-cluster-findings';
import { groupsOf, type SizedProps, TRAINING_CLUSTER, withDefaults } from './training-cluster-options';
import type { TrainingClusterProps } from './training-cluster-props';
import { TrainingGroup, type TrainingGroupOptions } from './training-group';

/**
 * Accelerator nodes that train together: one fabric a group, one file system, one queue, and all that training needs on the cluster.
 *
 * A deployment that installs needs the Helm provider in the stack: see `connection` of its control plane.
 */
export class TrainingCluster extends Construct {
  public readonly cluster: IGkeCluster;
  /** The new control plane. @default - the cluster was brought */
  public readonly controlPlane?: ControlPlane;
  /** The system nodes. @default - the cluster was brought */
  public readonly systemNodes?: SystemNodePool;
  /** The first group. */
  public readonly nodeGroup: TrainingGroup;
  /** All groups by name, the first one as `nodes`. */
  public readonly groups: Readonly<Record<string, TrainingGroup>>;
  /** @default - there is none */
  public readonly fileSystem?: ILustreFileSystem;
  /** @default - none was given */
  public readonly checkpoints?: INamedBucket;
  /** What jobs may do in Google Cloud. @default - nothing, without datasets or checkpoints */
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
    const { storage, installation, zone, datasets, checkpoints } = withDefaults(props);
    this.checkpoints = checkpoints;
    this.images = props.images ?? {};
    const account = new NodeServiceAccount(this, 'NodeAccount').email;
    this.controlPlane = props.cluster
      ? undefined
      : new ControlPlane(this, 'ControlPlane', controlPlaneProps(props, account));
    this.cluster = props.cluster ?? this.controlPlane!;
    this.systemNodes = this.controlPlane && this.createSystem(this.controlPlane, account);
    const networks = this.createNetworks(props);
    this.groups = this.createGroups(props, networks, account);
    this.nodeGroup = this.groups[MAIN_GROUP]!;
    const network = networkOf(props, this.cluster);
    this.fileSystem = storage.provide(this, 'FileSystem', context, network && { network, zone });

    if (datasets || checkpoints) {
      const after = this.controlPlane ? [this.controlPlane.resource] : [];
      this.jobs = new JobIdentity(this, 'Jobs', { namespace: TRAINING_NAMESPACE, datasets, checkpoints, after });
    }
    this.software = gkeSoftware(this, 'Software', {
      installation,
      groups: Object.values(this.groups),
      networks: [...networks.values()],
      systemLabels: props.systemLabels ?? SYSTEM_LABELS,
      fileSystem: this.fileSystem,
      images: this.images,
      admins: props.admins ?? [],
      after: this.standing(),
    });
    installsOn(this.software, this.cluster, areTwoClusters);
    recordTrainingFindings(this, { ...props, storage });
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

  /** A job over the nodes or slices of a group, for `kubectl apply`: it queues until they are free. */
  trainJob(options: TrainJobOptions): KubernetesManifest {
    return trainJobOn(this, options, this.images);
  }

  private createSystem(cluster: ControlPlane, serviceAccount: string): SystemNodePool {
    const { encryptionKey: key } = cluster;
    const after = [key.grantTo('compute')];
    return new SystemNodePool(this, 'System', { cluster, serviceAccount, bootDiskKey: key.keyId, after });
  }

  /** One set of networks for each machine that has further interfaces, or those that a group brings. */
  private createNetworks(props: SizedProps): Map<string, AcceleratorNetworks> {
    const networks = new Map<string, AcceleratorNetworks>();
    const groups = Object.values(groupsOf(props));
    for (const { machine } of groups) {
      if (machine.furtherInterfaces === 0 || networks.has(machine.name)) continue;
      const brought = groups.find((group) => group.machine.name === machine.name && group.networks)?.networks;
      networks.set(
        machine.name,
        brought ?? new AcceleratorNetworks(this, `Networks-${machine.name}`, { machine, zone: props.zone }),
      );
    }
    return networks;
  }

  private createGroups(
    props: SizedProps,
    networks: ReadonlyMap<string, AcceleratorNetworks>,
    serviceAccount: string,
  ): Record<string, TrainingGroup> {
    const key = this.controlPlane?.encryptionKey;
    const create = ([name, options]: [string, TrainingGroupOptions]) => {
      const group = new TrainingGroup(this, name === MAIN_GROUP ? 'Nodes' : `Nodes-${name}`, {
        ...options,
        bootDiskKey: options.bootDiskKey ?? key?.keyId,
        networks: networks.get(options.machine.name),
        cluster: this.cluster,
        zone: props.zone,
        serviceAccount,
        name,
        after: key && [key.grantTo('compute'), ...this.standing()],
      });
      return [name, group] as const;
    };
    return Object.fromEntries(Object.entries(groupsOf(props)).map(create));
  }

  /** GKE keeps other pods off GPU nodes by a taint, but only where the cluster has other nodes when they are made. */
  private standing(): ITerraformDependable[] {
    return this.systemNodes ? [this.systemNodes.resource] : [];
  }
}

function controlPlaneProps(props: SizedProps, serviceAccount: string): ControlPlaneProps {
  const shieldedNodes = Object.values(groupsOf(props)).every(({ machine }) => !machine.isBareMetal);
  return { ...newClusterOptions(props), region: regionOf(props.zone), shieldedNodes, serviceAccount };
}

function networkOf(props: SizedProps, cluster: IGkeCluster): IMlNetwork | undefined {
  return props.network ?? ('network' in cluster ? (cluster.network as IMlNetwork) : undefined);
}
