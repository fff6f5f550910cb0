import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { validated } from '../../core/prop-schema';
import type { ManifestBundle } from '../../kubernetes';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { installsOn } from '../../terraform/one-cluster';
import { recordWorkload } from '../../terraform/recorded-workload';
import { areDifferentClusters, isControlPlane, networkOfCluster } from '../cluster/cluster-network';
import type { ControlPlane } from '../cluster/control-plane';
import type { IGkeCluster } from '../cluster/gke-cluster';
import type { IMlNetwork } from '../network/network-attributes';
import type { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { SystemNodePool } from '../nodes/system-node-pool';
import { checkInference } from './inference-checks';
import { recordInferenceFindings } from './inference-findings';
import { InferenceLoadBalancer } from './inference-load-balancer';
import { InferenceNodes } from './inference-nodes';
import { InferenceSoftware } from './inference-software';
import type { KubernetesInferenceProps } from './kubernetes-inference-props';
import { ModelIdentity } from './model-identity';
import type { ResolvedInference } from './resolved-inference';
import { KUBERNETES_INFERENCE_PROPS } from '../prop-schemas';

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
    installsOn(this.software, this.cluster, areDifferentClusters);
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
      managedPrometheus: isControlPlane(this.cluster),
      after: existingDependencies(
        this,
        after.filter((one) => one !== undefined),
      ),
    });
  }
}

/** The URL of the service in the cluster. A load balancer without a known network has an unknown address. */
function urlInCluster({ props: { ingress, name, namespace }, resolved }: ResolvedInference): string | undefined {
  if (ingress.route || ingress.balancer) return undefined;
  return `http://${name}.${namespace}.svc:${resolved.port}`;
}
