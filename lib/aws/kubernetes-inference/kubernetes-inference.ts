import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { validated } from '../../core/prop-schema';
import type { ManifestBundle } from '../../kubernetes';
import { type ControlPlane, privateSubnets } from '../cluster/control-plane';
import { MlVpc } from '../network/ml-vpc';
import { EfaNodeGroup } from '../nodes/efa-node-group';
import { nodeRole } from '../nodes/node-role';
import type { SystemNodeGroup } from '../nodes/system-node-group';
import { recordWorkload } from '../report/recorded-workload';
import { checkTemplates } from '../template/template-checks';
import { checkInference } from './inference-checks';
import { recordInferenceFindings } from './inference-findings';
import { karpenterSubnets } from './inference-subnets';
import { InferenceSoftware } from './inference-software';
import { InternalLoadBalancer } from './internal-load-balancer';
import { KarpenterNodes } from './karpenter-nodes';
import type { KubernetesInferenceProps } from './kubernetes-inference-options';
import { ModelIdentity } from './model-identity';
import type { ResolvedInference, ResolvedInferenceProps } from './resolved-inference';
import { KUBERNETES_INFERENCE_PROPS } from '../prop-schemas';

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
  /** URL for clients: the load balancer, or the service in the cluster. @default - a gateway of the cluster receives the requests */
  public readonly url?: string;

  constructor(scope: Construct, id: string, props: KubernetesInferenceProps) {
    super(scope, id);
    const sized = validated(this, props, KUBERNETES_INFERENCE_PROPS, (problems) =>
      checkInference(problems, props, this),
    );
    const { vpc, source, installation, availabilityZones, nodes, model } = sized.props;
    this.acceleratorsPerReplica = sized.acceleratorsPerReplica;

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
    if (controlPlane) this.systemNodes = this.createSystem(sized.props, role!);
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

function urlInCluster({ props: { ingress, name, namespace }, resolved }: ResolvedInference): string | undefined {
  return ingress.kind === 'gateway' ? undefined : `http://${name}.${namespace}.svc:${resolved.port}`;
}
