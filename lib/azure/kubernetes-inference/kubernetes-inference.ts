import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AiInfraError, ProblemCollector } from '../../core/errors';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { brand, validated } from '../../core/prop-schema';
import { type ManifestBundle, checkReplica } from '../../kubernetes';
import type { ClusterSoftware } from '../../terraform/cluster-software';
import { installsOn } from '../../terraform/one-cluster';
import { recordWorkload } from '../../terraform/recorded-workload';
import { isSameCluster, type IAksCluster, type ClusterSource, checkIssuer } from '../cluster/cluster-source';
import type { ControlPlane } from '../cluster/control-plane';
import type { IInferenceTarget } from '../gateway/inference-target';
import { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import { inferenceSoftware, ModelIdentity } from './inference-software';
import { type ResolvedInference, sizeInference } from './resolved-inference';
import { KUBERNETES_INFERENCE_PROPS } from '../prop-schemas';
import type { Prices } from '../../core/catalog/price-override';
import type { ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import type { ServingLoad } from '../../core/workload/serving-load';
import { limitsOf, type ServingCache, type ServingScaling } from '../../kubernetes/serving/scale';
import type { ServingRulesProps } from '../../kubernetes/serving/serving-rules';
import type { ServingServer } from '../../kubernetes/serving/serving-server';
import type { Installation } from '../../terraform/installation';
import type { IMlNetwork } from '../network/ml-network';
import { type AcceleratorNodeOptions, type NodeOptions, checkNodePool } from '../nodes/node-pool-options';
import { type IResourceGroup, checkResourceGroup } from '../props/resource-group';
import type { ServingIngress } from './serving-ingress';
import type { ServingModel } from './serving-model';
import {
  planFindings,
  plainRequests,
  servingFindings,
  fixedNodes,
  unenforcedPolicies,
} from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import { checkSystemLabelsSet } from '../../kubernetes/placement';
import {
  checkHeads,
  checkNamesAndServer,
  checkScaling,
  checkServedModel,
  checkServerImage,
} from '../../kubernetes/serving/inference-checks';
import { PLANNED } from '../training/training-groups-checks';

/** Properties for `KubernetesInference`. */
export interface KubernetesInferenceProps extends Omit<AcceleratorNodeOptions, 'nodes'> {
  /** Resource group of all resources. Its region is the region of the cluster. */
  readonly resourceGroup: IResourceGroup;
  /** Model to serve. */
  readonly model: ServingModel;
  /** Server of the model. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /**
   * Expected load. Sizes the settings you leave out, and validates the ones you set.
   *
   * @default - only the memory for the weights is validated
   */
  readonly load?: ServingLoad;
  /** Accelerators of one replica, at most those of one machine. @default - the minimum for `load`, or for the weights without a load */
  readonly acceleratorsPerReplica?: number;
  /**
   * Number of replicas. Nodes scale with the replicas, except on reserved capacity.
   *
   * @default - a fixed number, derived from `load`, or 1 without a load
   */
  readonly scaling?: ServingScaling;
  /** Access to the model. It is always private. @default ServingIngress.clusterOnly() */
  readonly ingress?: ServingIngress;
  /** Cache of the model files between starts. @default ServingCache.pod() */
  readonly cache?: ServingCache;
  /** Name of all Kubernetes objects, and of the model in requests. @default - the construct id in lower case */
  readonly name?: string;
  /** Namespace of the model. The construct creates it, so no other construct can use it. @default - `name` */
  readonly namespace?: string;
  /** Rarely used settings of the nodes. @default - the defaults of `NodeOptions` */
  readonly nodeOptions?: NodeOptions;
  /** Availability zone of the nodes: `1`, `2`, or `3`. @default - none: the region has no zones, or Azure chooses */
  readonly zone?: string;
  /** New or existing AKS cluster. An existing one requires `systemLabels`. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /** Network of a new cluster. Leave it out for an existing cluster. @default - a new `MlNetwork` */
  readonly network?: IMlNetwork;
  /** Who installs the software of the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

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
  /** Name of all Kubernetes objects. */
  public readonly name: string;
  /** Namespace of the model. */
  public readonly namespace: string;
  /** Minimum and maximum number of replicas. */
  public readonly limits: ReplicaLimits;
  /** @internal What its alerts depend on. */
  public readonly observed: Omit<ServingRulesProps, 'labels'>;
  /** Resource id of the Azure Monitor workspace with the metrics of the servers. @default - an existing cluster without `metricsWorkspaceId` */
  public readonly metricsWorkspaceId?: string;
  private readonly sized: ResolvedInference;

  constructor(scope: Construct, id: string, given: KubernetesInferenceProps) {
    super(scope, id);
    const sized = validated(this, given, KUBERNETES_INFERENCE_PROPS, (problems) =>
      checkInference(problems, given, this),
    );
    const { props, plan } = sized;
    this.sized = sized;
    this.acceleratorsPerReplica = sized.acceleratorsPerReplica;
    this.name = props.name;
    this.namespace = props.namespace;
    this.limits = limitsOf(sized.scale);
    this.observed = { engine: sized.resolved.engine, limits: this.limits, load: given.load };
    const provided = props.source.provide(this, props);
    this.controlPlane = provided.controlPlane;
    this.cluster = provided.cluster;
    this.metricsWorkspaceId = props.source.workspaceOf(this.cluster);
    this.nodes = this.createNodes(sized);
    this.identity = this.createIdentity(sized);
    const after = props.installation.byDeployment ? this.installable() : [];
    this.software = inferenceSoftware(this, 'Software', { sized, identity: this.identity, after });
    installsOn(this.software, 'azurerm', {
      cluster: this.cluster,
      isSame: isSameCluster,
      contents: () => ({ pools: [sized.pool.name], releases: this.bundle.releases }),
    });
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

brand(KubernetesInference, 'azure.KubernetesInference');

/** Records the findings of a model on AKS. */
export function recordInferenceFindings(scope: Construct, sized: ResolvedInference): void {
  const { plan, props } = sized;
  for (const finding of planFindings(plan)) record(scope, finding);
  const { server, model, load } = props;
  const image = isUnknown(server.image) ? undefined : server.image;
  const input = { ...sized, surge: sized.elastic, image, sizeGiB: model.sizeGiB, load };
  for (const finding of servingFindings(input)) record(scope, finding);
  recordFixedNodes(scope, sized);
  if (props.cluster) recordPolicies(scope);
  if (props.ingress.kind === 'load-balancer') recordPlain(scope);
}

function recordPolicies(scope: Construct): void {
  const evidence = 'https://learn.microsoft.com/en-us/azure/aks/use-network-policies';
  record(scope, unenforcedPolicies('Use a cluster with Cilium', evidence));
}

function recordPlain(scope: Construct): void {
  const evidence = 'https://learn.microsoft.com/en-us/azure/aks/internal-lb';
  record(scope, plainRequests('Put a gateway with a certificate in front of it', evidence));
}

function recordFixedNodes(scope: Construct, { scale, elastic }: ResolvedInference): void {
  if (scale.kind === 'fixed' || elastic) return;
  const evidence = 'https://learn.microsoft.com/en-us/azure/virtual-machines/capacity-reservation-overview';
  record(scope, fixedNodes('Capacity.onDemand()', evidence));
}

/** Adds each problem before any resource exists, and resolves the settings that are left out. */
export function checkInference(
  problems: ProblemCollector,
  given: KubernetesInferenceProps,
  scope: Construct,
): ResolvedInference {
  // Problems of the load come last: fix impossible hardware first.
  const ofLoad = new ProblemCollector();
  const sized = sizeInference(ofLoad, given, scope);
  const { props } = sized;
  checkNamesAndServer(problems, props, sized.resolved);
  checkModel(problems, sized);
  checkCluster(problems, sized);
  checkMachines(problems, sized);
  props.installation.check(problems);
  props.ingress.check(problems.within('ingress'));
  checkScaling(problems, props.scaling, sized.scale, sized.resolved);
  for (const problem of ofLoad.all) problems.add(problem);
  return sized;
}

function checkModel(problems: ProblemCollector, { props }: ResolvedInference): void {
  const { model, server, cache, cluster } = props;
  const files = { source: model.source(), cache: cache.cache, sizeGiB: model.sizeGiB };
  checkServedModel(problems.within('model'), files, server.engine);
  if (model.dataBucket) checkIssuer(problems, cluster);
}

function checkCluster(problems: ProblemCollector, { props }: ResolvedInference): void {
  const { source, network, resourceGroup } = props;
  checkResourceGroup(problems, 'resourceGroup', resourceGroup);
  source.check(problems);
  if (!source.existing) return;
  checkSystemLabelsSet(problems.within('cluster'), source.systemLabels);
  if (!network) return;
  problems.add({
    code: 'ClusterOption',
    prop: 'network',
    allowed: 'left out for an existing cluster',
    got: 'a value',
    fix: 'Leave it out: nodes use the network of the cluster.',
  });
}

function checkMachines(problems: ProblemCollector, sized: ResolvedInference): void {
  const { props, machines, acceleratorsPerReplica, scale, resolved, pool } = sized;
  const { machine, server, load, resourceGroup, cluster, zone } = props;
  const { capacity, infinibandFeature, compactPlacement, nodeOptions } = props;
  // `checkReplica` reports an invalid number of replicas or accelerators.
  const nodes = Number.isSafeInteger(machines) && machines >= 1 ? machines : 1;
  const nodePool = {
    ...{ machine, nodes, capacity, infinibandFeature, compactPlacement, zone },
    ...nodeOptions,
    cluster: cluster ?? { ...PLANNED, resourceGroup },
  };
  checkNodePool(problems, pool.name, nodePool, problems.within('nodeOptions'));
  const perMachine = Math.ceil(machine.spec.accelerators);
  if (Number.isSafeInteger(acceleratorsPerReplica) && acceleratorsPerReplica > perMachine) {
    problems.add({
      code: 'ReplicaLayout',
      prop: 'acceleratorsPerReplica',
      allowed: `at most ${perMachine}, because a replica runs on one ${machine.name}`,
      got: acceleratorsPerReplica,
      fix: 'Use a machine with more memory, or store the weights with fewer bits.',
    });
    return;
  }
  checkReplica(problems, { pool, acceleratorsPerReplica, scale, server: resolved });
  if (machine.chip.vendor !== 'NVIDIA') checkServerImage(problems, server, machine.name, 'ROCm');
  checkHeads(problems, load, server.engine, { accelerators: perMachine }, acceleratorsPerReplica);
}
