import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AiInfraError } from '../../core/errors';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { validated } from '../../core/prop-schema';
import type { ManifestBundle } from '../../kubernetes';
import type { ClusterSoftware } from '../../terraform/cluster-software';
import { installsOn } from '../../terraform/one-cluster';
import { recordWorkload } from '../../terraform/recorded-workload';
import { areTwoClusters, type IAksCluster } from '../cluster/aks-cluster';
import type { ControlPlane } from '../cluster/control-plane';
import type { IInferenceTarget } from '../gateway/inference-target';
import { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import { checkInference } from './inference-checks';
import { recordInferenceFindings } from './inference-findings';
import { inferenceSoftware } from './inference-software';
import type { KubernetesInferenceProps } from './kubernetes-inference-props';
import { ModelIdentity } from './model-identity';
import type { ResolvedInference } from './resolved-inference';
import { KUBERNETES_INFERENCE_PROPS } from '../prop-schemas';

/**
 * A model on AKS: nodes that scale with the replicas, a server on each replica, replicas that scale with the requests, and private access.
 *
 * A deployment that installs charts requires the Helm provider in the stack: see `connection` of the control plane.
 *
 * @example
 * ```ts
 * import { AzureMachine, KubernetesInference, ResourceGroup, ServingModel, ServingScaling } from 'ai-infra-constructs/azure';
 * import type { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new KubernetesInference(stack, 'Chat', {
 *   resourceGroup: new ResourceGroup(stack, 'Group', { location: 'swedencentral' }),
 *   machine: AzureMachine.NC24ADS_A100_V4,
 *   model: ServingModel.volume('models', { sizeGiB: 16 }),
 *   scaling: ServingScaling.keda({ minReplicas: 2, maxReplicas: 8, targetConcurrency: 16 }),
 * });
 * ```
 */
export class KubernetesInference extends Construct implements IInferenceTarget {
  /** The new control plane. @default - the cluster existed already */
  public readonly controlPlane?: ControlPlane;
  /** The AKS cluster. */
  public readonly cluster: IAksCluster;
  /** Node pool of the model. */
  public readonly nodes: AcceleratorNodePool;
  /** Identity of the servers. @default - the model is not in a bucket */
  public readonly identity?: ModelIdentity;
  /** Software on the cluster. */
  public readonly software: ClusterSoftware;
  /** Size of a replica, number of replicas, latency and cost for the load. @default - no plan without a load */
  public readonly plan?: ServingPlan;
  /** Accelerators of one replica. */
  public readonly acceleratorsPerReplica: number;
  private readonly sized: ResolvedInference;

  constructor(scope: Construct, id: string, given: KubernetesInferenceProps) {
    super(scope, id);
    const sized = validated(this, given, KUBERNETES_INFERENCE_PROPS, (problems) =>
      checkInference(problems, given, this),
    );
    const { props, plan } = sized;
    this.sized = sized;
    this.acceleratorsPerReplica = sized.acceleratorsPerReplica;
    const provided = props.source.provide(this, props);
    this.controlPlane = provided.controlPlane;
    this.cluster = provided.cluster;
    this.nodes = this.createNodes(sized);
    this.identity = this.createIdentity(sized);
    const after = props.installation.byDeployment ? this.installable() : [];
    this.software = inferenceSoftware(this, 'Software', { sized, identity: this.identity, after });
    installsOn(this.software, this.cluster, areTwoClusters);
    recordInferenceFindings(this, sized);
    this.plan = plan;
    if (plan) recordWorkload(this, { plan, workload: props.load, prices: props.prices });
  }

  /** Charts and manifests with variables, for GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  /**
   * Base address of the OpenAI protocol, at the load balancer or the cluster service.
   *
   * Throws an error if Azure chooses the address of the load balancer, or if the ingress is a gateway.
   */
  get url(): string {
    const { ingress, name, namespace } = this.sized.props;
    const { port } = this.sized.resolved;
    if (ingress.kind === 'cluster') return `http://${name}.${namespace}.svc:${port}/v1`;
    const { address } = ingress.balancer ?? {};
    if (address !== undefined) return `http://${address}:${port}/v1`;
    throw new AiInfraError(
      [
        {
          code: 'IngressInvalid',
          prop: 'ingress.address',
          allowed: 'set if you use `url`, because Terraform has no access to an address that Azure chooses',
          got: undefined,
          fix: 'Use ServingIngress.internalLoadBalancer({ clientCidrs, address }).',
        },
      ],
      this,
    );
  }

  private createNodes({ props, machines, elastic, pool }: ResolvedInference): AcceleratorNodePool {
    const { machine, capacity, infinibandFeature, compactPlacement, nodeOptions, zone } = props;
    return new AcceleratorNodePool(this, 'Nodes', {
      ...{ machine, capacity, infinibandFeature, compactPlacement, zone },
      ...nodeOptions,
      cluster: this.cluster,
      name: pool.name,
      nodes: machines,
      minNodes: elastic ? 0 : undefined,
    });
  }

  private createIdentity({ props }: ResolvedInference): ModelIdentity | undefined {
    const { model, resourceGroup, namespace, name: serviceAccount } = props;
    if (!model.dataBucket) return undefined;
    const { oidcIssuerUrl = '' } = this.cluster;
    const bucket = model.dataBucket;
    return new ModelIdentity(this, 'Identity', { resourceGroup, oidcIssuerUrl, namespace, serviceAccount, bucket });
  }

  /** Resources that must exist before the charts: the right to install in the cluster, and the roles of the servers. */
  private installable(): ITerraformDependable[] {
    const grants = this.identity?.grants ?? [];
    if (!this.controlPlane) return [...grants];
    return [...this.controlPlane.grantDeployer(), ...grants];
  }
}
