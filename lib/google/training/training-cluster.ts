import { Construct } from 'constructs';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { validated } from '../../core/prop-schema';
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
import { areDifferentClusters, networkOfCluster } from '../cluster/cluster-network';
import { gkeSoftware } from '../cluster/cluster-software';
import type { ControlPlane } from '../cluster/control-plane';
import type { IGkeCluster } from '../cluster/gke-cluster';
import { JobIdentity } from '../cluster/job-identity';
import { AcceleratorNetworks } from '../network/accelerator-networks';
import type { SystemNodePool } from '../nodes/system-node-pool';
import type { IDataBucket } from '../storage/bucket-attributes';
import type { ILustreFileSystem } from '../storage/lustre-attributes';
import { recordJobFindings } from './job-findings';
import { trainJobOn, type TrainJobOptions } from './train-job-options';
import { checkTrainingCluster } from './training-cluster-checks';
import { recordTrainingFindings } from './training-cluster-findings';
import { groupsOf, type ResolvedProps, withDefaults } from './training-cluster-options';
import type { TrainingClusterProps } from './training-cluster-props';
import { TrainingGroup, type TrainingGroupOptions } from './training-group';
import { TRAINING_CLUSTER_PROPS } from '../prop-schemas';

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
      fileSystem: this.fileSystem,
      images: this.images,
      admins: source.admins,
      after: this.systemNodes ? [this.systemNodes.resource] : [],
    });
    installsOn(this.software, this.cluster, areDifferentClusters);
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
