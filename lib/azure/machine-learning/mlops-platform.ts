import { Construct } from 'constructs';
import { checkCostAllocation } from '../../core/cost-allocation';
import { Problems } from '../../core/errors';
import { fits } from '../../core/shapes';
import { checkedEndpoint } from '../inference/endpoint-checks';
import { monitorableIn } from '../inference/endpoint-options';
import { InferenceEndpoint } from '../inference/inference-endpoint';
import { MlNetwork } from '../network/ml-network';
import type { IMlNetwork } from '../network/network-attributes';
import { CostAllocation } from '../operations/cost-allocation';
import { checkBudget, CostBudget } from '../operations/cost-budget';
import { MachineLearningCluster } from './machine-learning-cluster';
import { checkMlCluster } from './machine-learning-cluster-checks';
import { MachineLearningWorkspace } from './machine-learning-workspace';
import { MLOPS_PLATFORM, type MlopsPlatformProps } from './mlops-platform-props';
import { checkMonitor, ModelMonitor } from './model-monitor';
import { ManagedNetwork } from './managed-network';
import { ModelRegistry } from './model-registry';
import { plannedWorkspace } from './planned-workspace';
import { checkMlWorkspace } from './workspace-checks';

/**
 * Reference architecture: everything that a team needs to bring models from an experiment to the bill, on Azure ML: a private workspace with
 * MLflow, a registry, machines for pipelines, an endpoint, and a monitor of what it answers.
 */
export class MlopsPlatform extends Construct {
  public readonly network: IMlNetwork;
  /** Experiments and models: `workspace.trackingUri` is what MLflow takes. */
  public readonly workspace: MachineLearningWorkspace;
  public readonly registry: Pick<ModelRegistry, 'id' | 'registryName' | 'registryUri'>;
  /** What pipelines run on. */
  public readonly pipelines: MachineLearningCluster;
  /** @default - nothing is served */
  public readonly endpoint?: InferenceEndpoint;
  /** @default - nothing is watched */
  public readonly monitor?: ModelMonitor;
  public readonly budget: CostBudget;

  constructor(scope: Construct, id: string, props: MlopsPlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { resourceGroup, costAllocation, dataClass, machine, nodes, capacity, job } = props;

    const { tags } = CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.network = props.network ?? new MlNetwork(this, 'Network', { resourceGroup });
    const { network } = this;
    this.registry = props.registry ?? new ModelRegistry(this, 'Registry', { resourceGroup, network });
    const outbound = outboundOf(props, this.registry);
    this.workspace = new MachineLearningWorkspace(this, 'Workspace', { ...props, network, outbound });
    const { workspace } = this;
    this.pipelines = new MachineLearningCluster(this, 'Pipelines', { workspace, machine, nodes, capacity, job });
    this.endpoint = props.endpoint && new InferenceEndpoint(this, 'Endpoint', { ...props.endpoint, workspace });
    this.monitor = props.monitor && new ModelMonitor(this, 'Monitor', { ...props.monitor, endpoint: this.endpoint! });
    this.budget = new CostBudget(this, 'Budget', {
      monthlyUsd: props.monthlyBudgetUsd,
      tags: { project: tags.project! },
      emails: props.alertEmails,
    });
  }
}

/**
 * The machines of the workspace reach a registry that is made here, and closed to the internet, by a private endpoint; the way to one that was
 * brought is its owner's to approve.
 */
function outboundOf(
  { outbound = ManagedNetwork.approvedOutbound(), registry }: MlopsPlatformProps,
  { id: resourceId }: Pick<ModelRegistry, 'id'>,
): ManagedNetwork {
  if (registry || !outbound.exists) return outbound;
  return outbound.reaching('model-registry', { resourceId, target: 'amlregistry' });
}

function checkPlatform(scope: Construct, props: MlopsPlatformProps): void {
  const problems = new Problems();
  const typed = fits(problems, props, MLOPS_PLATFORM);
  if (props) checkBill(problems, props);
  if (typed) checkParts(problems, props);
  problems.throwIfAny(scope);
}

function checkBill(problems: Problems, { costAllocation, monthlyBudgetUsd, alertEmails }: MlopsPlatformProps): void {
  checkCostAllocation(problems.within('costAllocation'), costAllocation);
  const emails = Array.isArray(alertEmails) ? alertEmails : undefined;
  checkBudget(problems, { monthlyUsd: monthlyBudgetUsd, emails }, 'monthlyBudgetUsd');
}

function checkParts(problems: Problems, props: MlopsPlatformProps): void {
  checkMlWorkspace(problems, props);
  const { machine, nodes, capacity, job, endpoint, monitor } = props;
  const workspace = plannedWorkspace(props.resourceGroup, props.outbound?.exists);
  checkMlCluster(problems, { workspace, machine, nodes, capacity, job });
  if (endpoint) checkedEndpoint(problems.within('endpoint'), { ...endpoint, workspace });
  if (!monitor) return;
  if (!endpoint) {
    problems.add({
      code: 'ValueMissing',
      prop: 'endpoint',
      allowed: 'given where a monitor is asked for: it watches what is served',
      got: undefined,
      fix: 'Give endpoint, or leave monitor out.',
    });
    return;
  }
  const watched = { id: workspace.id, endpointName: '', workspace, monitorable: monitorableIn(endpoint) };
  checkMonitor(problems.within('monitor'), { ...monitor, endpoint: watched });
}
