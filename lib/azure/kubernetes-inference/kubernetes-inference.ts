import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AiInfraError } from '../../core/errors';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { judged } from '../../core/shapes';
import type { ManifestBundle } from '../../kubernetes';
import type { ClusterSoftware } from '../../terraform/cluster-software';
import { installsOn } from '../../terraform/one-cluster';
import { recordWorkload } from '../../terraform/recorded-workload';
import { areTwoClusters, type IAksCluster } from '../cluster/aks-cluster';
import { ControlPlane } from '../cluster/control-plane';
import { newClusterOptions } from '../cluster/new-cluster-options';
import type { IInferenceTarget } from '../gateway/inference-target';
import { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import { checkInference } from './inference-checks';
import { recordInferenceFindings } from './inference-findings';
import { inferenceSoftware } from './inference-software';
import { KUBERNETES_INFERENCE, type KubernetesInferenceProps } from './kubernetes-inference-props';
import { ModelIdentity } from './model-identity';
import type { SizedInference } from './sized-inference';

/**
 * A model on AKS: machines that come when replicas need them, a server that fills them, replicas that follow the requests, and a private way
 * in.
 */
export class KubernetesInference extends Construct implements IInferenceTarget {
  /** The control plane that was made. @default - you brought the cluster */
  public readonly controlPlane?: ControlPlane;
  public readonly cluster: IAksCluster;
  public readonly nodes: AcceleratorNodePool;
  /** What the servers may do in Azure. @default - nothing: the model is in no bucket */
  public readonly identity?: ModelIdentity;
  public readonly software: ClusterSoftware;
  /** What a replica takes, how many there are, what users wait for and what it costs. @default - no load was given */
  public readonly plan?: ServingPlan;
  /** Accelerators of one replica. */
  public readonly acceleratorsPerReplica: number;
  private readonly sized: SizedInference;

  constructor(scope: Construct, id: string, given: KubernetesInferenceProps) {
    super(scope, id);
    const sized = judged(this, given, KUBERNETES_INFERENCE, (problems) => checkInference(problems, given, this));
    const { props, plan } = sized;
    this.sized = sized;
    this.acceleratorsPerReplica = sized.acceleratorsPerReplica;
    this.controlPlane = props.cluster ? undefined : new ControlPlane(this, 'ControlPlane', newClusterOptions(props));
    this.cluster = props.cluster ?? this.controlPlane!;
    this.nodes = this.createNodes(sized);
    this.identity = this.createIdentity(sized);
    const after = props.installation.byDeployment ? this.installable() : [];
    this.software = inferenceSoftware(this, 'Software', { sized, identity: this.identity, after });
    installsOn(this.software, this.cluster, areTwoClusters);
    recordInferenceFindings(this, sized);
    this.plan = plan;
    if (plan) recordWorkload(this, { plan, workload: props.load, prices: props.prices });
  }

  /** Charts and manifests with variables, for whoever installs by GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  /** Base address of the OpenAI protocol: of a load balancer whose address was stated, or of the service in the cluster. */
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
          allowed: 'stated, where somebody is to call by it: the cluster alone knows what Azure chooses',
          got: undefined,
          fix: 'Use ServingIngress.internalLoadBalancer({ clients, address }).',
        },
      ],
      this,
    );
  }

  private createNodes({ props, machines, elastic, pool }: SizedInference): AcceleratorNodePool {
    const { machine, capacity, infinibandFeature, driver, zone } = props;
    const { bootDiskGiB, bootDisk, kubeletDisk, encryptionAtHost, proximity } = props;
    return new AcceleratorNodePool(this, 'Nodes', {
      ...{ machine, capacity, infinibandFeature, driver, zone },
      ...{ bootDiskGiB, bootDisk, kubeletDisk, encryptionAtHost, proximity },
      cluster: this.cluster,
      name: pool.name,
      nodes: machines,
      elastic,
    });
  }

  private createIdentity({ props }: SizedInference): ModelIdentity | undefined {
    const { model, resourceGroup, namespace, name: serviceAccount } = props;
    if (!model.dataBucket) return undefined;
    const { oidcIssuerUrl = '' } = this.cluster;
    const bucket = model.dataBucket;
    return new ModelIdentity(this, 'Identity', { resourceGroup, oidcIssuerUrl, namespace, serviceAccount, bucket });
  }

  /** The cluster, the right of whoever applies to install in it, and what pods ask for when they start. */
  private installable(): ITerraformDependable[] {
    const rights = this.identity?.grants ?? [];
    if (!this.controlPlane) return [...rights];
    return [...this.controlPlane.grantDeployer(), ...rights];
  }
}
