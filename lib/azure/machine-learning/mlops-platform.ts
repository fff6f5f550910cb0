import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { ProblemCollector } from '../../core/errors';
import { pick, validateProps } from '../../core/prop-schema';
import { checkedEndpoint } from '../inference/endpoint-checks';
import { monitorableIn, type InferenceEndpointProps } from '../inference/endpoint-options';
import { InferenceEndpoint } from '../inference/inference-endpoint';
import { MlNetwork, type IMlNetwork } from '../network/ml-network';
import { CostAllocation } from '../operations/cost-allocation';
import { checkBudget, CostBudget } from '../operations/cost-budget';
import { MachineLearningCluster, checkMlCluster } from './machine-learning-cluster';
import {
  MachineLearningWorkspace,
  type MachineLearningWorkspaceProps,
  plannedWorkspace,
} from './machine-learning-workspace';
import { checkMonitor, ModelMonitor, type ModelMonitorProps } from './model-monitor';
import { ManagedNetwork } from './managed-network';
import { type IModelRegistry, ModelRegistry } from './model-registry';
import { checkMlWorkspace } from './workspace-parts';
import { MACHINE_LEARNING_WORKSPACE_PROPS, MLOPS_PLATFORM_PROPS } from '../prop-schemas';
import type { TrainingJob } from '../../core/workload/training-job';
import type { Capacity } from '../capacity/capacity';
import type { AzureMachine } from '../machine/machine';

/** Properties for `MlopsPlatform`. */
export interface MlopsPlatformProps extends MachineLearningWorkspaceProps {
  /** Machine type for pipelines. */
  readonly machine: AzureMachine;
  /** Maximum number of nodes for pipelines. @default - derived from `job`, or 1 without a job */
  readonly maxNodes?: number;
  /** Purchase option of the nodes. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Training job of the pipelines. @default - none */
  readonly job?: TrainingJob;
  /** Existing model registry. @default - a new registry */
  readonly registry?: IModelRegistry;
  /** Inference endpoint. @default - none: add it after a model is registered */
  readonly endpoint?: Omit<InferenceEndpointProps, 'workspace'>;
  /** Model monitor of the endpoint. @default - none */
  readonly monitor?: Omit<ModelMonitorProps, 'endpoint'>;
  /**
   * Cost tags for all resources.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /**
   * Monthly budget in US dollars for resources with the tag `project`. It sends alerts and does not stop any resource.
   * @schema ANY
   */
  readonly monthlyBudgetUsd: number;
  /** Email addresses that receive budget alerts. @default - the owners of the subscription */
  readonly alertEmails?: readonly string[];
}

/**
 * Reference architecture for MLOps on Azure ML: a private workspace with MLflow, a model registry, and a compute cluster for pipelines. It can also have
 * an inference endpoint with a model monitor. Cost tags and a budget cover all resources.
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { AzureMachine, MlopsPlatform, ResourceGroup } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'mlops');
 * new MlopsPlatform(stack, 'Platform', {
 *   resourceGroup: new ResourceGroup(stack, 'Group', { location: 'swedencentral' }),
 *   machine: AzureMachine.NC24ADS_A100_V4,
 *   maxNodes: 4,
 *   costAllocation: {
 *     project: 'atlas',
 *     team: 'research',
 *     environment: 'prod',
 *     costCenter: 'R-17',
 *     owner: 'ml-platform',
 *   },
 *   monthlyBudgetUsd: 20_000,
 * });
 * ```
 */
export class MlopsPlatform extends Construct {
  /** Network with private endpoints for workspace and registry. */
  public readonly network: IMlNetwork;
  /** Azure ML workspace. `workspace.trackingUri` is the MLflow tracking URI. */
  public readonly workspace: MachineLearningWorkspace;
  /** Model registry. */
  public readonly registry: IModelRegistry;
  /** Compute cluster for pipelines. */
  public readonly pipelines: MachineLearningCluster;
  /** Inference endpoint. @default - none */
  public readonly endpoint?: InferenceEndpoint;
  /** Model monitor. @default - none */
  public readonly monitor?: ModelMonitor;
  /** The monthly budget. */
  public readonly budget: CostBudget;

  constructor(scope: Construct, id: string, props: MlopsPlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { resourceGroup, costAllocation, dataClass, machine, maxNodes, capacity, job } = props;

    const { tags } = CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.network = props.network ?? new MlNetwork(this, 'Network', { resourceGroup });
    const { network } = this;
    this.registry = props.registry ?? new ModelRegistry(this, 'Registry', { resourceGroup, network });
    const outbound = outboundOf(props, this.registry);
    this.workspace = new MachineLearningWorkspace(this, 'Workspace', {
      ...pick<MachineLearningWorkspaceProps>(MACHINE_LEARNING_WORKSPACE_PROPS, props),
      network,
      outbound,
    });
    const { workspace } = this;
    this.pipelines = new MachineLearningCluster(this, 'Pipelines', { workspace, machine, maxNodes, capacity, job });
    this.endpoint = props.endpoint && new InferenceEndpoint(this, 'Endpoint', { ...props.endpoint, workspace });
    this.monitor = props.monitor && new ModelMonitor(this, 'Monitor', { ...props.monitor, endpoint: this.endpoint! });
    this.budget = new CostBudget(this, 'Budget', {
      monthlyUsd: props.monthlyBudgetUsd,
      tags: { project: tags.project! },
      alertEmails: props.alertEmails,
    });
  }
}

/** The managed network reaches a new registry through a private endpoint. The owner of an existing registry must approve an endpoint. */
function outboundOf(
  { outbound = ManagedNetwork.approvedOutbound(), registry }: MlopsPlatformProps,
  { id: resourceId }: IModelRegistry,
): ManagedNetwork {
  if (registry || !outbound.exists) return outbound;
  return outbound.reaching('model-registry', { resourceId, target: 'amlregistry' });
}

function checkPlatform(scope: Construct, props: MlopsPlatformProps): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, props, MLOPS_PLATFORM_PROPS);
  if (props) checkBill(problems, props);
  if (typed) checkParts(problems, props);
  problems.throwIfAny(scope);
}

function checkBill(
  problems: ProblemCollector,
  { costAllocation, monthlyBudgetUsd, alertEmails }: MlopsPlatformProps,
): void {
  checkCostAllocation(problems.within('costAllocation'), costAllocation);
  const emails = Array.isArray(alertEmails) ? alertEmails : undefined;
  checkBudget(problems, { monthlyUsd: monthlyBudgetUsd, alertEmails: emails }, 'monthlyBudgetUsd');
}

function checkParts(problems: ProblemCollector, props: MlopsPlatformProps): void {
  checkMlWorkspace(problems, props);
  const { machine, maxNodes, capacity, job, endpoint, monitor } = props;
  const workspace = plannedWorkspace(props.resourceGroup, props.outbound?.exists);
  checkMlCluster(problems, { workspace, machine, maxNodes, capacity, job });
  if (endpoint) checkedEndpoint(problems.within('endpoint'), { ...endpoint, workspace });
  if (!monitor) return;
  if (!endpoint) {
    problems.add({
      code: 'ValueMissing',
      prop: 'endpoint',
      allowed: 'set, because the monitor watches an endpoint',
      got: undefined,
      fix: 'Set endpoint, or remove monitor.',
    });
    return;
  }
  const watched = { id: workspace.id, endpointName: '', workspace, monitorable: monitorableIn(endpoint) };
  checkMonitor(problems.within('monitor'), { ...monitor, endpoint: watched });
}
