import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { judged } from '../../core/shapes';
import type { ManifestBundle } from '../../kubernetes';
import { ClusterAddons } from '../cluster/cluster-addons';
import { ControlPlane, defaultKubernetesVersion, privateSubnets } from '../cluster/control-plane';
import { MlVpc } from '../network/ml-vpc';
import { EfaNodeGroup } from '../nodes/efa-node-group';
import { nodeRole } from '../nodes/node-role';
import { SystemNodeGroup } from '../nodes/system-node-group';
import { recordWorkload } from '../report/recorded-workload';
import { checkTemplates } from '../template/template-checks';
import { checkInference } from './inference-checks';
import { recordInferenceFindings } from './inference-findings';
import { karpenterSubnets } from './inference-places';
import { InferenceSoftware } from './inference-software';
import { InternalLoadBalancer } from './internal-load-balancer';
import { KarpenterNodes } from './karpenter-nodes';
import type { KubernetesInferenceProps } from './kubernetes-inference-options';
import { KUBERNETES_INFERENCE } from './kubernetes-inference-shape';
import { ModelIdentity } from './model-identity';
import type { SizedInference } from './sized-inference';

/**
 * A model on EKS: machines that come when replicas need them, a server that fills them, replicas that follow the requests, and a
 * private way in.
 */
export class KubernetesInference extends Construct {
  public readonly vpc: IVpc;
  public readonly cluster: ICluster;
  /** The new control plane. @default - the cluster was brought */
  public readonly controlPlane?: ControlPlane;
  /** The system nodes. @default - the cluster was brought */
  public readonly systemNodes?: SystemNodeGroup;
  /** What Karpenter makes machines with. @default - a managed group makes them */
  public readonly karpenter?: KarpenterNodes;
  /** The managed group. @default - Karpenter makes the machines */
  public readonly nodeGroup?: EfaNodeGroup;
  /** The load balancer. @default - none was asked for */
  public readonly loadBalancer?: InternalLoadBalancer;
  /** What the servers may do in AWS. @default - nothing: the model is in no bucket */
  public readonly identity?: ModelIdentity;
  public readonly software: InferenceSoftware;
  /** What a replica takes, how many there are, what users wait for and what it costs. @default - no load was given */
  public readonly plan?: ServingPlan;
  /** Accelerators of one replica. */
  public readonly acceleratorsPerReplica: number;
  /** What clients inside call: the load balancer, or the service of the cluster. @default - a gateway of the cluster takes the requests */
  public readonly url?: string;

  constructor(scope: Construct, id: string, given: KubernetesInferenceProps) {
    super(scope, id);
    const sized = judged(this, given, KUBERNETES_INFERENCE, (problems) => checkInference(problems, given, this));
    const { props } = sized;
    this.acceleratorsPerReplica = sized.acceleratorsPerReplica;

    const network =
      props.vpc || props.cluster ? undefined : new MlVpc(this, 'Vpc', { availabilityZones: props.availabilityZones });
    this.vpc = props.vpc ?? props.cluster?.vpc ?? network!.vpc;
    this.controlPlane = props.cluster ? undefined : this.createControlPlane(props, network?.serviceCidr);
    this.cluster = props.cluster ?? this.controlPlane!.cluster;
    const managed = props.nodes.kind === 'managed';
    const role = managed || this.controlPlane ? this.createRole() : undefined;
    if (managed) this.nodeGroup = this.createGroup(sized, role!);
    else this.karpenter = this.createKarpenter(sized);
    this.loadBalancer = this.createBalancer(sized);
    if (props.model.bucketArtifact) this.identity = this.identify(props);
    this.software = new InferenceSoftware(this, 'Software', {
      ...{ sized, cluster: this.cluster, vpc: this.vpc, group: this.nodeGroup, karpenter: this.karpenter },
      subnetIds: this.karpenter ? karpenterSubnets(this.vpc, props).map(({ subnetId }) => subnetId) : [],
      balancer: this.loadBalancer,
    });
    if (this.controlPlane) this.systemNodes = this.createSystem(props, role!);
    this.orderSoftware();
    this.url = this.loadBalancer?.url ?? urlInCluster(sized);
    this.plan = sized.plan;
    recordInferenceFindings(this, sized);
    if (this.plan) this.recordPlan(this.plan, given);
    checkTemplates(this);
  }

  /** Charts and manifests with variables, for whoever installs by GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  private createControlPlane(props: SizedInference['props'], serviceCidr: string | undefined): ControlPlane {
    return new ControlPlane(this, 'ControlPlane', {
      ...props,
      vpc: this.vpc,
      version: props.kubernetesVersion,
      kubectlLayer: props.installation.layer(this, 'Kubectl'),
      serviceCidr,
      subnets: this.controlPlaneSubnets(props),
    });
  }

  /** Of nodes that EKS makes. The add-on that gives pods their addresses has a role of its own, where it is installed here. */
  private createRole(): IRole {
    return nodeRole(this, 'NodeRole', { cniPolicy: this.controlPlane === undefined });
  }

  private createGroup({ props, machines }: SizedInference, role: IRole): EfaNodeGroup {
    return new EfaNodeGroup(this, 'Nodes', {
      ...props,
      cluster: this.cluster,
      role,
      kubernetesVersion: this.controlPlane && (props.kubernetesVersion ?? defaultKubernetesVersion()),
      nodes: machines,
      // Nothing adds a machine to a group: all stand.
      standingNodes: props.capacity.market === 'capacity-block' ? props.capacity.desiredNodes : machines,
    });
  }

  private createKarpenter({ props, machines }: SizedInference): KarpenterNodes {
    const { machine, capacity, volumeKey, nodes, cluster } = props;
    return new KarpenterNodes(this, 'Nodes', {
      ...{ cluster: this.cluster, machine, machines, capacity, volumeKey },
      subnets: karpenterSubnets(this.vpc, props),
      install: !nodes.options.installed,
      cniPolicy: cluster !== undefined,
    });
  }

  private createBalancer({ props, resolved }: SizedInference): InternalLoadBalancer | undefined {
    if (props.ingress.kind !== 'load-balancer') return undefined;
    return new InternalLoadBalancer(this, 'LoadBalancer', {
      ...props.ingress.balancer,
      ...{ cluster: this.cluster, vpc: this.vpc, subnets: privateSubnets(this.vpc) },
      ...{ port: resolved.port, readyPath: resolved.readyPath },
      install: !props.existingCharts.includes('aws-load-balancer-controller'),
    });
  }

  private identify({ model, name, namespace }: SizedInference['props']): ModelIdentity {
    const { clusterName } = this.cluster;
    return new ModelIdentity(this, 'Identity', { clusterName, namespace, serviceAccount: name, model });
  }

  private controlPlaneSubnets({ controlPlaneSubnets: selection }: KubernetesInferenceProps) {
    return selection ? this.vpc.selectSubnets(selection).subnets : privateSubnets(this.vpc);
  }

  private createSystem(props: SizedInference['props'], role: IRole): SystemNodeGroup {
    const { cluster, nodeGroup } = this;
    const system = new SystemNodeGroup(this, 'System', {
      cluster,
      subnets: this.controlPlaneSubnets(props),
      role,
      kubernetesVersion: props.kubernetesVersion ?? defaultKubernetesVersion(),
      volumeKey: props.volumeKey,
    });
    const addons = new ClusterAddons(this, 'Addons', {
      cluster,
      gpuPools: props.machine.isNeuron ? [] : [props.name],
      versions: props.addonVersions,
      networkPolicies: true,
    });
    addons.orderAround(system.resource, nodeGroup ? [nodeGroup.resource] : []);
    for (const installed of this.software.installed) installed.node.addDependency(...addons.onSystemNodes);
    return system;
  }

  /** A pod gets its identity when it is made, and never later; and Karpenter must outlive the machines that it made. */
  private orderSoftware(): void {
    const before = [
      ...(this.karpenter?.beforeNodes ?? []),
      ...[this.loadBalancer?.identity, this.identity?.association].filter((one) => one !== undefined),
    ];
    if (before.length === 0) return;
    for (const installed of this.software.installed) installed.node.addDependency(...before);
  }

  private recordPlan(plan: ServingPlan, { load, prices }: KubernetesInferenceProps): void {
    recordWorkload(this, { plan, workload: load, prices });
  }
}

function urlInCluster({ props: { ingress, name, namespace }, resolved }: SizedInference): string | undefined {
  return ingress.kind === 'gateway' ? undefined : `http://${name}.${namespace}.svc:${resolved.port}`;
}
