import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { brand, validated } from '../../core/prop-schema';
import {
  limitsOf,
  type ManifestBundle,
  type ServingCache,
  type ServingScaling,
  type ServingServer,
} from '../../kubernetes';
import type { ServingRulesProps } from '../../kubernetes/serving/serving-rules';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { installsOn } from '../../terraform/one-cluster';
import { recordWorkload } from '../../terraform/recorded-workload';
import {
  isSameCluster,
  isControlPlane,
  networkOfCluster,
  type IGkeCluster,
  type ClusterSource,
} from '../cluster/cluster-source';
import { type ControlPlane, ReleaseChannel } from '../cluster/control-plane';
import type { IMlNetwork } from '../network/network-attributes';
import type { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { SystemNodePool } from '../nodes/system-node-pool';
import { checkInference } from './inference-checks';
import { InferenceLoadBalancer } from './inference-load-balancer';
import { InferenceNodes } from './inference-nodes';
import { InferenceSoftware } from './inference-software';
import { ModelIdentity } from './model-identity';
import type { ResolvedInference } from './resolved-inference';
import { KUBERNETES_INFERENCE_PROPS } from '../prop-schemas';
import type { Prices } from '../../core/catalog/price-override';
import type { ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { Installation } from '../../terraform/installation';
import { type Capacity, recordFlexStartPrice } from '../capacity/capacity';
import type { GoogleMachine } from '../machine/machine';
import type { NodeOptions } from '../nodes/node-pool-options';
import type { ServingIngress, ServingModel } from './serving-model';
import { noFallback } from '../../core/machine-findings';
import {
  fixedNodes,
  plainRequests,
  planFindings,
  servingFindings,
  unenforcedPolicies,
} from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';

/** Properties for `KubernetesInference`. */
export interface KubernetesInferenceProps {
  /** Zone of the machines. A new cluster is created in its region. */
  readonly zone: string;
  /** Machine type of the replicas, for example `GoogleMachine.G2_STANDARD_48`. */
  readonly machine: GoogleMachine;
  /** Source of the model. */
  readonly model: ServingModel;
  /** Server program. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /**
   * Expected load. Sizes the settings you leave out, and validates the ones you set.
   *
   * @default - no load: only the size of the weights is checked
   */
  readonly load?: ServingLoad;
  /** Accelerators of one replica: a part of a machine, or whole machines. @default - the minimum for `load`, or for the weights without a load */
  readonly acceleratorsPerReplica?: number;
  /** Number or range of replicas. @default - derived from `load`, or 1 without a load */
  readonly scaling?: ServingScaling;
  /** Capacity of the machines. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Topology of the TPU slice of one machine. @default - the topology of the machine */
  readonly topology?: string;
  /** Rarely used settings of the nodes. @default - the defaults of the node pool; the boot disk is sized for the model */
  readonly nodeOptions?: NodeOptions;
  /** Existing node pool with this machine type, in this zone, with enough nodes. @default - a new node pool that follows the replicas */
  readonly nodePool?: AcceleratorNodePool;
  /** Ingress of the model. It is always private. @default ServingIngress.clusterOnly() */
  readonly ingress?: ServingIngress;
  /** Cache for the model files between starts. @default ServingCache.pod() */
  readonly cache?: ServingCache;
  /** Name of the Kubernetes objects, of the node pool, and of the model in requests. @default - the ID of the construct, in lowercase */
  readonly name?: string;
  /** Namespace of the model. The construct creates it, so no other construct can create the same one. @default - the name */
  readonly namespace?: string;
  /** New or existing cluster. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /** Network of the cluster, in the region of `zone`. @default - the network of the cluster */
  readonly network?: IMlNetwork;
  /** Resources that must exist before the objects of the model, for example `first.software.objects!.release` of a model that installs shared charts. @default - only the resources that the objects refer to */
  readonly after?: readonly ITerraformDependable[];
  /** Who installs the software on the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/**
 * A model on GKE: the model server, its scaling, a node pool that follows the replicas, and a private ingress.
 *
 * If the deployment installs the software, the stack needs the Helm provider: see `connection` of the control plane.
 *
 * @example
 * ```ts
 * import { GoogleMachine, KubernetesInference, ServingModel } from 'ai-infra-constructs/google';
 * import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
 * import { App, TerraformStack } from 'cdktf';
 *
 * const stack = new TerraformStack(new App(), 'serving');
 * const chat = new KubernetesInference(stack, 'Chat', {
 *   zone: 'us-central1-b',
 *   machine: GoogleMachine.G2_STANDARD_24,
 *   model: ServingModel.huggingFace('Qwen/Qwen3-8B', {
 *     revision: '0123456789abcdef0123456789abcdef01234567',
 *     sizeGiB: 15.3,
 *   }),
 * });
 * new HelmProvider(stack, 'Helm', { kubernetes: chat.controlPlane!.connection });
 * ```
 */
export class KubernetesInference extends Construct {
  /** The cluster, new or existing. */
  public readonly cluster: IGkeCluster;
  /** The new control plane. @default - the cluster exists already */
  public readonly controlPlane?: ControlPlane;
  /** The new system nodes. @default - the cluster exists already */
  public readonly systemNodes?: SystemNodePool;
  /** The new node pools and networks. @default - an existing node pool */
  public readonly nodes?: InferenceNodes;
  /** The node pool of the replicas. */
  public readonly nodePool: AcceleratorNodePool;
  /** The private address of the model. @default - the ingress has no address */
  public readonly loadBalancer?: InferenceLoadBalancer;
  /** The permission of the servers to read the model. @default - the model is not in a bucket */
  public readonly identity?: ModelIdentity;
  /** Charts and Kubernetes objects. */
  public readonly software: InferenceSoftware;
  /** Replicas, memory, latency and cost for the load. @default - no load */
  public readonly plan?: ServingPlan;
  /** Accelerators of one replica. */
  public readonly acceleratorsPerReplica: number;
  /** Name of all Kubernetes objects. */
  public readonly name: string;
  /** Namespace of the model. */
  public readonly namespace: string;
  /** Minimum and maximum number of replicas. */
  public readonly limits: ReplicaLimits;
  /** @internal What its alerts depend on. */
  public readonly observed: Omit<ServingRulesProps, 'labels'>;
  /** Whether Managed Service for Prometheus has the metrics of the servers. */
  public readonly isObserved: boolean;
  /** URL for private clients: of the load balancer, the gateway, or the service in the cluster. @default - requests go through an existing gateway of the cluster */
  public readonly url?: string;

  constructor(scope: Construct, id: string, given: KubernetesInferenceProps) {
    super(scope, id);
    const sized = validated(this, given, KUBERNETES_INFERENCE_PROPS, (problems) =>
      checkInference(problems, given, this),
    );
    const { props } = sized;
    const { zone, network, nodePool } = props;
    this.acceleratorsPerReplica = sized.acceleratorsPerReplica;
    this.name = props.name;
    this.namespace = props.namespace;
    this.limits = limitsOf(sized.scale);
    this.observed = { engine: sized.resolved.engine, limits: this.limits, load: given.load };
    this.isObserved = props.cluster.collectsMetrics;
    const provided = props.cluster.provide(this, {
      ...{ zone, network },
      shielded: !props.machine.isBareMetal,
      createsNodes: nodePool === undefined,
    });
    this.cluster = provided.cluster;
    this.controlPlane = provided.controlPlane;
    this.systemNodes = provided.systemNodes;
    if (!nodePool) this.nodes = this.createNodes(sized, provided.serviceAccount!);
    this.nodePool = nodePool ?? this.nodes!.pool;
    this.loadBalancer = this.createLoadBalancer(sized, network ?? networkOfCluster(this.cluster));
    this.identity = this.createIdentity(sized);
    this.software = this.createSoftware(sized);
    installsOn(this.software, 'google', {
      cluster: this.cluster,
      isSame: isSameCluster,
      contents: () => ({ pools: nodePool ? [] : [props.name], releases: this.bundle.releases }),
    });
    this.url = this.loadBalancer?.url ?? urlInCluster(sized);
    this.plan = sized.plan;
    recordInferenceFindings(this, sized);
    if (this.plan) recordWorkload(this, { plan: this.plan, workload: given.load, prices: given.prices });
  }

  /** Charts and manifests with variables, for GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  private createNodes(sized: ResolvedInference, serviceAccount: string): InferenceNodes {
    return new InferenceNodes(this, 'Nodes', {
      ...{ sized, serviceAccount, cluster: this.cluster },
      bootDiskKey: this.controlPlane?.encryptionKey,
      after: this.systemNodes ? [this.systemNodes.resource] : [],
    });
  }

  private createLoadBalancer(
    { props: { ingress }, resolved }: ResolvedInference,
    network: IMlNetwork | undefined,
  ): InferenceLoadBalancer | undefined {
    if (!network || !ingress.hasAddress) return undefined;
    return new InferenceLoadBalancer(this, 'Entrance', { network, ingress, port: resolved.port });
  }

  private createIdentity({ props: { model, namespace, name } }: ResolvedInference): ModelIdentity | undefined {
    const { bucket } = model;
    if (!bucket) return undefined;
    const after = this.controlPlane ? [this.controlPlane.resource] : [];
    return new ModelIdentity(this, 'Identity', { namespace, serviceAccount: name, bucket, after });
  }

  private createSoftware(sized: ResolvedInference): InferenceSoftware {
    const { nodes, loadBalancer, identity, systemNodes } = this;
    const after: (ITerraformDependable | undefined)[] = [
      systemNodes?.resource,
      ...(nodes ? [nodes.pool.resource, nodes.fallback?.resource] : []),
      loadBalancer?.address,
      loadBalancer?.proxies?.resource,
      identity?.grant,
      ...(sized.props.after ?? []),
    ];
    return new InferenceSoftware(this, 'Software', {
      sized,
      networks: nodes?.networks,
      address: loadBalancer?.addressName,
      proxyCidr: loadBalancer?.proxyCidr,
      pools: nodes?.fallback && [nodes.pool.name, nodes.fallback.name],
      managedPrometheus: this.isObserved,
      after: existingDependencies(
        this,
        after.filter((one) => one !== undefined),
      ),
    });
  }
}

brand(KubernetesInference, 'google.KubernetesInference');

/** The URL of the service in the cluster. A load balancer without a known network has an unknown address. */
function urlInCluster({ props: { ingress, name, namespace }, resolved }: ResolvedInference): string | undefined {
  if (ingress.route || ingress.balancer) return undefined;
  return `http://${name}.${namespace}.svc:${resolved.port}`;
}

/** Records the findings of a model on GKE. */
export function recordInferenceFindings(inference: Construct, sized: ResolvedInference): void {
  const { props, plan } = sized;
  for (const finding of planFindings(plan)) record(inference, finding);
  if (plan) recordFlexStartPrice(inference, props.capacity, plan);
  recordCapacity(inference, sized);
  recordCluster(inference, sized);
  recordIngress(inference, sized);
  const { model, server, load } = props;
  const serving = { ...sized, image: server.image, sizeGiB: model.sizeGiB, load };
  for (const finding of servingFindings(serving)) record(inference, finding);
}

function recordCapacity(inference: Construct, { props, scale }: ResolvedInference): void {
  const { capacity, machine, nodePool } = props;
  if (capacity.market === 'spot' && !capacity.fallback) {
    const evidence = 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms';
    record(inference, noFallback(machine.name, evidence));
  }
  if (capacity.maxRunDays !== undefined) {
    record(inference, {
      id: 'capacity/expires',
      level: 'info',
      message: `A flex-start node and its replicas stop after ${capacity.maxRunDays} days. The next node waits for a free machine.`,
      fix: 'Run at least two replicas, or use another capacity.',
      evidence: 'https://cloud.google.com/kubernetes-engine/docs/concepts/dws',
    });
  }
  if (scale.kind === 'fixed' || (capacity.market !== 'reservation' && !nodePool)) return;
  const evidence = nodePool ? 'nodePool, an existing node pool' : 'the reservation, which is billed at all times';
  record(inference, fixedNodes('capacity that is billed only while it runs', evidence));
}

function recordCluster(inference: Construct, { props: { cluster } }: ResolvedInference): void {
  if (!cluster.existing || isControlPlane(cluster.existing)) return;
  const evidence = 'https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2';
  record(inference, unenforcedPolicies('Create the cluster with Dataplane V2', evidence));
}

function recordIngress(inference: Construct, { props }: ResolvedInference): void {
  const { ingress, cluster, zone } = props;
  if (!ingress.isEncrypted) {
    const evidence = 'https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway';
    record(inference, plainRequests('Set certificate in ServingIngress.inferenceGateway', evidence));
  }
  if (!ingress.gateway) return;
  const { releaseChannel } = cluster.newCluster;
  const recent = releaseChannel !== ReleaseChannel.EXTENDED && releaseChannel !== ReleaseChannel.STABLE;
  if (cluster.planned(zone).kubernetesVersion !== undefined || (!cluster.existing && recent)) return;
  record(inference, {
    id: 'gateway/pool-kind',
    level: 'warning',
    message:
      'GKE includes the InferencePool kind from 1.34.0-gke.1626000 on, but the version of the cluster is unknown here.',
    fix: 'Set kubernetesVersion of the cluster, or install the kind yourself and acknowledge this.',
    evidence: 'https://cloud.google.com/kubernetes-engine/docs/how-to/deploy-gke-inference-gateway',
  });
}
