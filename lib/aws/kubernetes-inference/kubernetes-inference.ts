import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { brand, validated } from '../../core/prop-schema';
import { arrivalSeconds, type ManifestBundle, startupSeconds } from '../../kubernetes';
import { type ControlPlane, privateSubnets } from '../cluster/control-plane';
import { MlVpc } from '../network/ml-vpc';
import { EfaNodeGroup } from '../nodes/efa-node-group';
import { nodeRole } from '../nodes/node-launch-template';
import type { SystemNodeGroup } from '../nodes/system-node-group';
import { recordWorkload, recordPriceFindings } from '../report/recorded-workload';
import { checkTemplates } from '../template/template-checks';
import { checkInference, type ResolvedInference, type ResolvedInferenceProps } from './resolved-inference';
import { karpenterSubnets, InternalLoadBalancer, type ServingIngress } from './serving-ingress';
import { InferenceSoftware } from './inference-software';
import { KarpenterNodes, type ServingNodes } from './serving-nodes';
import { ModelIdentity } from './model-identity';
import { KUBERNETES_INFERENCE_PROPS } from '../prop-schemas';
import type { ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import type { Prices } from '../../core/catalog/price-override';
import type { ServingLoad } from '../../core/workload/serving-load';
import { limitsOf, type ServingCache, type ServingScaling } from '../../kubernetes/serving/scale';
import type { ServingServer } from '../../kubernetes/serving/serving-server';
import { type Capacity, recordForeignAutoscaler, recordScarce, SPOT } from '../capacity/capacity';
import type { ClusterSource } from '../cluster/cluster-source';
import type { Installation } from '../cluster/installation';
import { type AwsMachine, recordMachineFindings } from '../machine/machine';
import type { NodeOptions } from '../nodes/node-group-options';
import type { ServingModel } from './serving-model';
import {
  planFindings,
  plainRequests,
  servingFindings,
  fixedNodes,
  unenforcedPolicies,
} from '../../kubernetes/serving/inference-findings';
import { record } from '../template/findings';
import { noFallback, reservationEnds } from '../../core/machine-findings';

/** Boot disk settings of inference nodes. */
export type InferenceNodeOptions = Pick<NodeOptions, 'bootDisk' | 'bootDiskKey'>;

/** Properties for `KubernetesInference`. */
export interface KubernetesInferenceProps {
  /** Machine type of the replicas, for example `AwsMachine.G6E_12XLARGE`. */
  readonly machine: AwsMachine;
  /** The model to serve. */
  readonly model: ServingModel;
  /** The inference server. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /**
   * Expected load. Sizes the replica and the number of replicas that you leave out, and validates the ones you set.
   *
   * @default - the library validates only that the weights fit
   */
  readonly load?: ServingLoad;
  /** Number of accelerators of one replica: a part of a machine, or whole machines. @default - the smallest number for `load` or the weights */
  readonly acceleratorsPerReplica?: number;
  /** Number of replicas. @default - the number that `load` needs, or one */
  readonly scaling?: ServingScaling;
  /** How nodes are created. @default - Karpenter if one machine holds a replica, otherwise a managed node group */
  readonly nodes?: ServingNodes;
  /** Purchase model of the nodes. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Subnets of the nodes. A managed node group needs subnets in one zone. @default - the private subnets of the VPC */
  readonly subnets?: SubnetSelection;
  /** How requests reach the model. Access is always private. @default ServingIngress.clusterOnly() */
  readonly ingress?: ServingIngress;
  /** Storage of the model files between restarts. @default ServingCache.pod() */
  readonly cache?: ServingCache;
  /** Name of all Kubernetes objects, and of the model in requests. @default - the construct id in lower case */
  readonly name?: string;
  /** Namespace of the model, which this construct creates. No other construct can create it. @default - the name */
  readonly namespace?: string;
  /**
   * Boot disk of the nodes, and its key.
   *
   * @default - a boot disk of 100 GiB with the default EBS key. It is larger by the model if the machine has no local NVMe.
   */
  readonly nodeOptions?: InferenceNodeOptions;
  /** VPC of the nodes and of a new cluster. @default - the VPC of an existing cluster, or a new `MlVpc` */
  readonly vpc?: IVpc;
  /** Zones of a new VPC, at least two. Include the zone of reserved capacity. @default - up to three zones of the region */
  readonly availabilityZones?: readonly string[];
  /** The EKS cluster: a new one or an existing one. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /** How charts and manifests get onto the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/**
 * A model on EKS: nodes that follow the replicas, an inference server, replicas that follow the requests, and a private endpoint.
 *
 * @example
 * ```ts
 * import { AwsMachine, KubernetesInference, ServingModel, ServingScaling } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Inference');
 * new KubernetesInference(stack, 'Chat', {
 *   machine: AwsMachine.G6E_12XLARGE,
 *   model: ServingModel.huggingFace('Qwen/Qwen3-8B', {
 *     revision: '0123456789abcdef0123456789abcdef01234567',
 *     sizeGiB: 15.3,
 *   }),
 *   scaling: ServingScaling.fixed(2),
 * });
 * ```
 */
export class KubernetesInference extends Construct {
  /** VPC of the nodes. */
  public readonly vpc: IVpc;
  /** The EKS cluster. */
  public readonly cluster: ICluster;
  /** The new control plane. @default - the cluster existed already */
  public readonly controlPlane?: ControlPlane;
  /** The system nodes of a new cluster. @default - the cluster existed already */
  public readonly systemNodes?: SystemNodeGroup;
  /** AWS resources of the nodes that Karpenter creates. @default - a managed node group creates the nodes */
  public readonly karpenter?: KarpenterNodes;
  /** The managed node group. @default - Karpenter creates the nodes */
  public readonly nodeGroup?: EfaNodeGroup;
  /** The load balancer. @default - `ingress` is not an internal load balancer */
  public readonly loadBalancer?: InternalLoadBalancer;
  /** Permissions of the servers in AWS. @default - the model is not in a bucket, so the servers have no permissions */
  public readonly identity?: ModelIdentity;
  /** Charts and manifests of the model. */
  public readonly software: InferenceSoftware;
  /** Replicas, latency and cost that the load needs. @default - there is no load */
  public readonly plan?: ServingPlan;
  /** Number of accelerators of one replica. */
  public readonly acceleratorsPerReplica: number;
  /** Minimum and maximum number of replicas. */
  public readonly limits: ReplicaLimits;
  /** Machine type of the nodes. */
  public readonly machine: AwsMachine;
  /** Whether a replica uses several machines. */
  public readonly spansMachines: boolean;
  /** Maximum minutes from a new replica to its first response: 30, and more for a large model. */
  public readonly startMinutes: number;
  /** Name of all Kubernetes objects. */
  public readonly name: string;
  /** Namespace of the model. */
  public readonly namespace: string;
  /** URL for clients: the load balancer, or the service in the cluster. @default - a gateway of the cluster receives the requests */
  public readonly url?: string;

  constructor(scope: Construct, id: string, props: KubernetesInferenceProps) {
    super(scope, id);
    const sized = validated(this, props, KUBERNETES_INFERENCE_PROPS, (problems) =>
      checkInference(problems, props, this),
    );
    const { vpc, source, installation, availabilityZones, nodes, model } = sized.props;
    this.acceleratorsPerReplica = sized.acceleratorsPerReplica;
    const { name, namespace, machine } = sized.props;
    this.limits = limitsOf(sized.scale);
    this.machine = machine;
    this.spansMachines = sized.spansMachines;
    this.startMinutes = startMinutes(model.sizeGiB);
    this.name = name;
    this.namespace = namespace;

    const network = vpc || source.existing ? undefined : new MlVpc(this, 'Vpc', { availabilityZones });
    this.vpc = vpc ?? source.existing?.vpc ?? network!.vpc;
    const { serviceCidr } = network ?? {};
    const { cluster, controlPlane } = source.provide(this, { vpc: this.vpc, installation, serviceCidr });
    this.cluster = cluster;
    this.controlPlane = controlPlane;
    const managed = nodes.kind === 'managed';
    const role = managed || controlPlane ? this.createRole() : undefined;
    if (managed) this.nodeGroup = this.createGroup(sized, role!);
    else this.karpenter = this.createKarpenter(sized);
    this.loadBalancer = this.createBalancer(sized);
    if (model.bucketArtifact) this.identity = this.createIdentity(sized.props);
    this.software = new InferenceSoftware(this, 'Software', {
      ...{ sized, cluster, vpc: this.vpc, group: this.nodeGroup, karpenter: this.karpenter },
      subnetIds: this.karpenter ? karpenterSubnets(this.vpc, sized.props).map(({ subnetId }) => subnetId) : [],
      balancer: this.loadBalancer,
    });
    if (controlPlane || source.addons.length > 0) this.systemNodes = this.createSystem(sized.props, role!);
    this.orderSoftware();
    this.url = this.loadBalancer?.url ?? urlInCluster(sized);
    this.plan = sized.plan;
    recordInferenceFindings(this, sized);
    if (this.plan) recordWorkload(this, { plan: this.plan, workload: props.load, prices: props.prices });
    checkTemplates(this);
  }

  /** Charts and manifests with variables, for an installation with GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  /** Role of the nodes that EKS creates. In a new cluster, the VPC CNI add-on has its own role. */
  private createRole(): IRole {
    return nodeRole(this, 'NodeRole', { cniPolicy: this.controlPlane === undefined });
  }

  private createGroup({ props, machines }: ResolvedInference, role: IRole): EfaNodeGroup {
    const { machine, name, capacity, subnets, source, bootDisk, bootDiskKey } = props;
    return new EfaNodeGroup(this, 'Nodes', {
      ...{ cluster: this.cluster, role, machine, name, capacity, subnets },
      kubernetesVersion: source.kubernetesVersion,
      nodes: machines,
      // No autoscaler adds nodes to the group, so all of them run.
      minNodes: capacity.market === 'capacity-block' ? capacity.desiredNodes : machines,
      nodeOptions: { bootDisk, bootDiskKey },
    });
  }

  private createKarpenter({ props, machines }: ResolvedInference): KarpenterNodes {
    const { machine, capacity, bootDiskKey, nodes, source } = props;
    return new KarpenterNodes(this, 'Nodes', {
      ...{ cluster: this.cluster, machine, machines, capacity, bootDiskKey },
      subnets: karpenterSubnets(this.vpc, props),
      install: !nodes.options.installed,
      cniPolicy: source.existing !== undefined,
    });
  }

  private createBalancer({ props, resolved }: ResolvedInference): InternalLoadBalancer | undefined {
    if (props.ingress.kind !== 'load-balancer') return undefined;
    return new InternalLoadBalancer(this, 'LoadBalancer', {
      ...props.ingress.balancer,
      ...{ cluster: this.cluster, vpc: this.vpc, subnets: privateSubnets(this.vpc) },
      ...{ port: resolved.port, readyPath: resolved.readyPath },
      install: !props.existingCharts.includes('aws-load-balancer-controller'),
    });
  }

  private createIdentity({ model, name, namespace }: ResolvedInferenceProps): ModelIdentity {
    const { clusterName } = this.cluster;
    return new ModelIdentity(this, 'Identity', { clusterName, namespace, serviceAccount: name, model });
  }

  private createSystem({ source, machine, name, bootDiskKey }: ResolvedInferenceProps, role: IRole) {
    return source.provideSystem(this, {
      ...{ vpc: this.vpc, cluster: this.cluster, role, bootDiskKey },
      groups: this.nodeGroup ? [this.nodeGroup] : [],
      gpuPools: machine.isNeuron ? [] : [name],
      installed: this.software.installed,
      networkPolicies: true,
    });
  }

  /** A pod gets its identity only when it starts, and Karpenter must outlive its machines. So the software comes last. */
  private orderSoftware(): void {
    const before = [
      ...(this.karpenter?.beforeNodes ?? []),
      ...[this.loadBalancer?.identity, this.identity?.association].filter((one) => one !== undefined),
    ];
    if (before.length === 0) return;
    for (const installed of this.software.installed) installed.node.addDependency(...before);
  }
}

brand(KubernetesInference, 'aws.KubernetesInference');

/** Returns the maximum minutes in which a node, the image, the model and the server start. */
function startMinutes(sizeGiB: number): number {
  return Math.ceil((arrivalSeconds(sizeGiB) + startupSeconds(sizeGiB)) / 60);
}

function urlInCluster({ props: { ingress, name, namespace }, resolved }: ResolvedInference): string | undefined {
  return ingress.kind === 'gateway' ? undefined : `http://${name}.${namespace}.svc:${resolved.port}`;
}

/** Records the findings of a model on EKS. */
export function recordInferenceFindings(inference: KubernetesInference, sized: ResolvedInference): void {
  recordPlan(inference, sized);
  recordAccess(inference, sized);
  recordIngress(inference);
  recordFixedNodes(inference, sized);
  if (inference.nodeGroup) recordForeignAutoscaler(inference, [sized.props.capacity], sized.props.existingCharts);
  const { model, server } = sized.props;
  const served = { ...sized, image: server.image, sizeGiB: model.sizeGiB, load: sized.props.load };
  for (const finding of servingFindings(served)) record(inference, finding);
  if (inference.karpenter) recordKarpenterFindings(inference.karpenter, sized);
}

function recordPlan(inference: KubernetesInference, { plan, props }: ResolvedInference): void {
  if (!plan) return;
  for (const finding of planFindings(plan)) record(inference, finding);
  recordPriceFindings(inference, plan, props.capacity);
}

function recordAccess(inference: KubernetesInference, { props }: ResolvedInference): void {
  const { vpc, software, controlPlane } = inference;
  if (controlPlane && !props.source.newCluster.admins?.length) {
    record(inference, {
      id: 'access/no-admins',
      level: 'info',
      message: 'No role administers the cluster, so nobody can use kubectl or see its pods.',
      fix: 'Pass the roles of your operators as `admins` to ClusterSource.create.',
      evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html',
    });
  }
  if (vpc.privateSubnets.length === 0 && software.installed.length > 0) {
    record(software, {
      id: 'network/no-egress',
      level: 'warning',
      message:
        'The VPC has no private subnet with egress, but charts, images and some models come from public registries.',
      fix: 'Use a VPC with egress, or Installation.gitOps() with mirrors.',
      evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html',
    });
  }
  if (controlPlane) return;
  const evidence = 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html';
  record(inference, unenforcedPolicies('Set `enableNetworkPolicy` in the vpc-cni add-on of the cluster', evidence));
}

function recordIngress({ loadBalancer }: KubernetesInference): void {
  if (!loadBalancer || loadBalancer.isEncrypted) return;
  const evidence = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html';
  record(loadBalancer, plainRequests('Pass `certificate` to ServingIngress.internalLoadBalancer', evidence));
}

function recordFixedNodes(inference: KubernetesInference, { props: { nodes }, scale }: ResolvedInference): void {
  if (scale.kind === 'fixed' || nodes.kind !== 'managed') return;
  const alternative = 'ServingNodes.karpenter() if one machine holds a replica';
  record(inference, fixedNodes(alternative, 'minNodes of the group'));
}

/** Records the findings of Karpenter nodes. */
export function recordKarpenterFindings(nodes: KarpenterNodes, sized: ResolvedInference): void {
  recordMachineFindings(nodes, sized.props.machine);
  recordImage(nodes, sized);
  recordCapacity(nodes, sized);
}

function recordImage(nodes: KarpenterNodes, { props }: ResolvedInference): void {
  if (props.nodes.options.imageVersion !== undefined) return;
  record(nodes, {
    id: 'nodes/latest-image',
    level: 'info',
    message: 'Nodes use the latest EKS image. Whenever AWS publishes one, Karpenter replaces all nodes one by one.',
    fix: 'Pin a release with ServingNodes.karpenter({ imageVersion }).',
    evidence: 'https://karpenter.sh/docs/tasks/managing-amis/',
  });
}

function recordCapacity(nodes: KarpenterNodes, { props: { capacity, machine }, machines }: ResolvedInference): void {
  if (capacity.market === 'spot' && !capacity.fallback) {
    record(nodes, noFallback(machine.name, SPOT));
  }
  recordScarce(nodes, machine, capacity);
  if (capacity.until) {
    record(nodes, reservationEnds(`${machines} ${machine.name}`, capacity.until, '; no node starts after it'));
  }
}
