import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { judged } from '../../core/shapes';
import type { ManifestBundle } from '../../kubernetes';
import { recordWorkload } from '../../terraform/recorded-workload';
import { areTwoClusters, networkOf, ofControlPlane } from '../cluster/cluster-option-checks';
import type { ControlPlane } from '../cluster/control-plane';
import type { IGkeCluster } from '../cluster/gke-cluster';
import { standingCluster } from '../cluster/standing-cluster';
import type { IMlNetwork } from '../network/network-attributes';
import type { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { SystemNodePool } from '../nodes/system-node-pool';
import { standingBefore } from '../../terraform/standing-before';
import { installsOn } from '../../terraform/one-cluster';
import { checkInference } from './inference-checks';
import { InferenceEntrance } from './inference-entrance';
import { recordInferenceFindings } from './inference-findings';
import { InferenceNodes } from './inference-nodes';
import { InferenceSoftware } from './inference-software';
import type { KubernetesInferenceProps } from './kubernetes-inference-props';
import { KUBERNETES_INFERENCE } from './kubernetes-inference-shape';
import { ModelIdentity } from './model-identity';
import type { SizedInference } from './sized-inference';

/**
 * A model on GKE: machines that come when replicas need them, a server that fills them, replicas that follow the requests, and a private
 * way in.
 *
 * A deployment that installs needs the Helm provider in the stack: see `connection` of its control plane.
 */
export class KubernetesInference extends Construct {
  public readonly cluster: IGkeCluster;
  /** The new control plane. @default - the cluster was brought */
  public readonly controlPlane?: ControlPlane;
  /** The system nodes. @default - the cluster was brought */
  public readonly systemNodes?: SystemNodePool;
  /** What was made for the machines. @default - the pool was brought */
  public readonly nodes?: InferenceNodes;
  /** The machines. */
  public readonly nodePool: AcceleratorNodePool;
  /** The address of the way in. @default - it has none of its own */
  public readonly entrance?: InferenceEntrance;
  /** What the servers may do in Google Cloud. @default - nothing: the model is in no bucket */
  public readonly identity?: ModelIdentity;
  public readonly software: InferenceSoftware;
  /** What a replica takes, how many there are, what users wait for and what it costs. @default - no load was given */
  public readonly plan?: ServingPlan;
  /** Accelerators of one replica. */
  public readonly acceleratorsPerReplica: number;
  /** What clients inside call: the load balancer, the gateway, or the service of the cluster. @default - a gateway that the cluster has takes the requests */
  public readonly url?: string;

  constructor(scope: Construct, id: string, given: KubernetesInferenceProps) {
    super(scope, id);
    const sized = judged(this, given, KUBERNETES_INFERENCE, (problems) => checkInference(problems, given, this));
    const { props } = sized;
    this.acceleratorsPerReplica = sized.acceleratorsPerReplica;
    const standing = standingCluster(this, props, {
      shielded: !props.machine.isBareMetal,
      further: props.nodePool === undefined,
    });
    this.cluster = standing.cluster;
    this.controlPlane = standing.controlPlane;
    this.systemNodes = standing.systemNodes;
    if (!props.nodePool) this.nodes = this.createNodes(sized, standing.serviceAccount!);
    this.nodePool = props.nodePool ?? this.nodes!.pool;
    this.entrance = this.createEntrance(sized, networkOf(props.network, this.cluster));
    this.identity = this.identify(sized);
    this.software = this.createSoftware(sized);
    installsOn(this.software, this.cluster, areTwoClusters);
    this.url = this.entrance?.url ?? urlInCluster(sized);
    this.plan = sized.plan;
    recordInferenceFindings(this, sized);
    if (this.plan) recordWorkload(this, { plan: this.plan, workload: given.load, prices: given.prices });
  }

  /** Charts and manifests with variables, for whoever installs by GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  private createNodes(sized: SizedInference, serviceAccount: string): InferenceNodes {
    const key = this.controlPlane?.encryptionKey;
    return new InferenceNodes(this, 'Nodes', {
      ...{ sized, serviceAccount, cluster: this.cluster, bootDiskKey: key?.keyId },
      after: key && this.systemNodes ? [key.grantTo('compute'), this.systemNodes.resource] : [],
    });
  }

  private createEntrance(
    { props, resolved }: SizedInference,
    network: IMlNetwork | undefined,
  ): InferenceEntrance | undefined {
    const { ingress } = props;
    if (!network || (ingress.kind !== 'load-balancer' && ingress.kind !== 'inference-gateway')) return undefined;
    return new InferenceEntrance(this, 'Entrance', { network, ingress, port: resolved.port });
  }

  private identify({ props: { model, namespace, name } }: SizedInference): ModelIdentity | undefined {
    const bucket = model.inBucket;
    if (!bucket) return undefined;
    const after = this.controlPlane ? [this.controlPlane.resource] : [];
    return new ModelIdentity(this, 'Identity', { namespace, serviceAccount: name, bucket, after });
  }

  private createSoftware(sized: SizedInference): InferenceSoftware {
    const { nodes, entrance, identity, systemNodes } = this;
    const after: (ITerraformDependable | undefined)[] = [
      systemNodes?.resource,
      ...(nodes ? [nodes.pool.resource, nodes.fallback?.resource] : []),
      entrance?.address,
      entrance?.proxies?.resource,
      identity?.grant,
      ...(sized.props.after ?? []),
    ];
    return new InferenceSoftware(this, 'Software', {
      sized,
      networks: nodes?.networks,
      address: entrance?.addressName,
      proxyCidr: entrance?.proxyCidr,
      pools: nodes?.fallback && [nodes.pool.name, nodes.fallback.name],
      managedPrometheus: ofControlPlane(this.cluster),
      after: standingBefore(
        this,
        after.filter((one) => one !== undefined),
      ),
    });
  }
}

function urlInCluster({ props: { ingress, name, namespace }, resolved }: SizedInference): string | undefined {
  if (ingress.kind === 'gateway' || ingress.kind === 'load-balancer') return undefined;
  return `http://${name}.${namespace}.svc:${resolved.port}`;
}
