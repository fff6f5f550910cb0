import { dependable } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import {
  type BatchWork,
  estimateBatch,
  type EstimatedRun,
  type PlannedRunInput,
  estimatePlannedWork,
  type PlannedBatchWork,
} from '../../core/planning/cost/batch-estimate';
import { validated } from '../../core/prop-schema';
import { recordWorkload } from '../../terraform/recorded-workload';
import { ML_READING, ML_TYPES, isoDuration, checkMlName } from '../machine-learning/workspace-bodies';
import type { BatchDeploymentBody, BatchEndpointBody } from '../machine-learning/bodies';
import {
  MachineLearningCluster,
  type IMachineLearningCluster,
  checkMlCluster,
} from '../machine-learning/machine-learning-cluster';
import { type IMachineLearningWorkspace, checkWorkspace } from '../machine-learning/workspace-attributes';
import { assertPrincipal, type PrincipalType, assignRole, Role } from '../operations/roles';
import { globalName } from '../props/resource-id';
import { AzapiResource } from '../provider/azapi';
import { AzapiUpdateResource } from '../provider/azapi-update';
import type { RoleAssignment } from '../provider/azurerm';
import { recordBatchFindings } from './batch-findings';
import { type BatchMarket, type MarketRate, rateOf } from './batch-inference-platform';
import { BATCH_INFERENCE_PROPS } from '../prop-schemas';
import { checkBounds, isKnown, isUnknown } from '../../terraform/tokens';
import { checkWorkLimits } from '../../terraform/load-limits';
import { checkProviders } from '../../terraform/provider-checks';
import { checkModelFit } from '../inference/model-capacity';
import { AzureMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';
import type { Prices } from '../../core/catalog/price-override';
import type { Capacity } from '../capacity/capacity';
import type { ModelArtifact } from '../inference/model-artifact';
import { ServingContainer } from '../inference/serving-container';

/** Duration and cost of a run, as ranges that hold 80% of comparable runs. */
export type BatchEstimate = EstimatedRun<BatchMarket>;

const MAX_NAME_LENGTH = 32;
/** Name of the only deployment. A new model updates it, and callers use the name of the endpoint alone. */
const DEPLOYMENT = 'model';

/**
 * Inference over the files of a folder, on a batch endpoint of Azure ML. Each file is a shard. The caller of the endpoint names the folders of
 * the shards and of the results. Machines start for a run and stop after it.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/concept-endpoints-batch
 *
 * @example
 * ```ts
 * import { AzureMachine, BatchInference, MachineLearningWorkspace, ModelArtifact } from 'ai-infra-constructs/azure';
 * import type { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * declare const workspace: MachineLearningWorkspace;
 * new BatchInference(stack, 'Ranking', {
 *   workspace,
 *   artifact: ModelArtifact.registered({ name: 'ranker', version: '7', sizeGB: 16 }),
 *   machine: AzureMachine.NC24ADS_A100_V4,
 *   maxMachines: 16,
 * });
 * ```
 */
export class BatchInference extends Construct {
  /** The batch endpoint itself. */
  public readonly resource: AzapiResource;
  /** The deployment of the model. */
  public readonly deployment: AzapiResource;
  /** Workspace of the endpoint. */
  public readonly workspace: IMachineLearningWorkspace;
  /** Compute cluster of the runs. */
  public readonly cluster: IBatchCluster;
  /** The new cluster. Its identity needs rights to the data. @default - `cluster` is an existing one */
  public readonly ownCluster?: MachineLearningCluster;
  /** Maximum number of machines of a run. */
  public readonly maxMachines: number;
  /** Accelerators of one process of the scoring script. */
  public readonly acceleratorsPerReplica: number;
  /** Duration and cost of a run over `work`. @default - `work` is not set */
  public readonly estimated?: BatchEstimate;

  private readonly run: PlannedRunInput<BatchMarket>;

  constructor(scope: Construct, id: string, props: BatchInferenceProps) {
    super(scope, id);
    checkProviders(this);
    const { rate, estimate } = validated(this, props, BATCH_INFERENCE_PROPS, (problems) =>
      checkBatchInference(problems, props),
    );
    const { workspace, machine, capacity, maxMachines, acceleratorsPerReplica } = batchDefaults(props);
    this.workspace = workspace;
    this.maxMachines = maxMachines;
    this.acceleratorsPerReplica = acceleratorsPerReplica;
    this.estimated = estimate;
    if (!props.cluster) {
      const cluster = { workspace, machine: machine!, capacity, maxNodes: maxMachines };
      this.ownCluster = new MachineLearningCluster(this, 'Cluster', cluster);
    }
    this.cluster = props.cluster ?? this.ownCluster!;
    this.run = runInput(props, this.cluster.machine, rate);
    this.resource = this.createEndpoint(props);
    this.deployment = this.createDeployment(props);
    new AzapiUpdateResource(this, 'DefaultDeployment', {
      type: ML_TYPES.batchEndpoint,
      resourceId: this.id,
      body: { properties: { defaults: { deploymentName: DEPLOYMENT } } },
      dependsOn: [this.deployment],
      // An update of the endpoint can reset the default deployment.
      lifecycle: { replaceTriggeredBy: [dependable(this.resource)] },
    });
    recordBatchFindings(this, { machine: this.cluster.machine, rate, work: props.work, estimate });
    if (estimate) recordWorkload(this, { plan: estimate.plan, workload: props.work!.load, prices: props.prices });
  }

  /** Resource id of the endpoint. */
  get id(): string {
    return this.resource.id;
  }

  /** Name of the endpoint. */
  get endpointName(): string {
    return this.resource.name;
  }

  /** Address that starts a run. It requires a token of Entra for https://ml.azure.com. */
  get invocationUri(): string {
    return this.resource.outputAt('properties.scoringUri');
  }

  /**
   * Grants a principal the right to start runs. The service requires many rights in the workspace: its role AzureML Data Scientist is the
   * narrowest built-in role.
   *
   * @param id id of the role assignment, unique in the endpoint
   * @param principalId object id of the principal
   *
   * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-authenticate-batch-endpoint#configure-rbac-for-batch-endpoints-invoke
   */
  grantStart(id: string, principalId: string, principalType: PrincipalType = 'ServicePrincipal'): RoleAssignment {
    assertPrincipal(this, { id, principalId, principalType });
    return assignRole(this, id, {
      role: Role.AML_DATA_SCIENTIST,
      on: this.workspace.id,
      to: principalId,
      principalType,
    });
  }

  /** Estimates the duration and cost of a run from published throughput of the model on the machine. */
  estimate(work: BatchWork): BatchEstimate {
    const problems = new ProblemCollector();
    const estimate = estimateBatch(problems, work, this.run);
    problems.throwIfAny(this);
    return estimate!;
  }

  private createEndpoint(props: BatchInferenceProps): AzapiResource {
    const { workspace } = props;
    const body: BatchEndpointBody = { properties: { authMode: 'AADToken' } };
    return new AzapiResource(this, 'Resource', {
      type: ML_TYPES.batchEndpoint,
      ...ML_READING,
      name: props.endpointName ?? globalName(this, MAX_NAME_LENGTH),
      parentId: workspace.id,
      location: workspace.resourceGroup.location,
      body,
      responseExportValues: ['properties.scoringUri'],
      dependsOn: [...(workspace.ready ?? [])],
    });
  }

  private createDeployment(props: BatchInferenceProps): AzapiResource {
    const part = new Construct(this, 'Deployment');
    return new AzapiResource(part, 'Resource', {
      type: ML_TYPES.batchDeployment,
      ...ML_READING,
      name: DEPLOYMENT,
      parentId: this.id,
      location: props.workspace.resourceGroup.location,
      body: bodyOf(part, props, this.cluster.id),
      timeouts: { create: '60m', update: '60m' },
    });
  }
}

function bodyOf(scope: Construct, props: BatchInferenceProps, clusterId: string): BatchDeploymentBody {
  const { workspace, artifact, container, outputAction, maxMachines, ...numbers } = batchDefaults(props);
  const { environmentId, codeConfiguration, environmentVariables } = container.bind(scope, workspace);
  return {
    properties: {
      compute: clusterId,
      model: { referenceType: 'Id', assetId: artifact.bind(scope, workspace) },
      environmentId,
      codeConfiguration,
      environmentVariables,
      resources: { instanceCount: maxMachines },
      miniBatchSize: numbers.shardsPerTask,
      maxConcurrencyPerInstance: numbers.replicasPerMachine,
      errorThreshold: numbers.toleratedFailures,
      // Azure ML counts only the attempts after the first.
      retrySettings: { maxRetries: numbers.attempts - 1, timeout: isoDuration(numbers.taskTimeoutSeconds) },
      outputAction,
      outputFileName: outputAction === BatchOutputAction.APPEND_ROW ? 'predictions.csv' : undefined,
      loggingLevel: 'Info',
    },
  };
}

/** A validated batch endpoint. */
export interface ValidatedBatch {
  /** Price of the machines. */
  readonly rate: MarketRate;
  /** @default - no `work`, or no estimate for it */
  readonly estimate?: EstimatedRun<BatchMarket>;
}

/** Adds each problem of a batch endpoint whose props have the right types, and estimates its work. */
export function checkBatchInference(
  problems: ProblemCollector,
  props: BatchInferenceProps,
): ValidatedBatch | undefined {
  checkMlName(problems, 'endpoint', 'endpointName', props.endpointName);
  props.artifact.check(problems);
  checkContainer(problems, props);
  checkNumbers(problems, props);
  if (props.work) checkWorkLimits(problems.within('work'), props.work);
  if (props.cluster) checkExistingCluster(problems, props);
  else checkNewCluster(problems, props);
  const machine = props.cluster?.machine ?? props.machine;
  if (machine) {
    checkModelFit(problems, props.artifact, machine);
    checkReplica(problems, props, machine);
  }
  const rate = rateOf(problems, props);
  if (!machine || !rate) return undefined;
  if (!props.work || problems.all.length > 0) return { rate };
  return { rate, estimate: estimatePlannedWork(problems, props.work, runInput(props, machine, rate)) };
}

/** The machines of a run, for an estimate. */
export function runInput(
  props: BatchInferenceProps,
  machine: AzureMachine,
  rate: MarketRate,
): PlannedRunInput<BatchMarket> {
  const { acceleratorsPerReplica, replicasPerMachine, maxMachines } = batchDefaults(props);
  const { location } = props.workspace.resourceGroup;
  const isInCatalog = AzureMachine.all.some(({ name }) => name === machine.name);
  return {
    machine: isInCatalog ? plannedMachine(machine) : undefined,
    machineName: machine.name,
    machines: maxMachines,
    accelerators: acceleratorsPerReplica,
    acceleratorsProp: 'acceleratorsPerReplica',
    replicas: maxMachines * replicasPerMachine,
    replicasPerMachine,
    rates: [rate],
    region: isUnknown(location) ? undefined : location,
  };
}

/** @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-batch-scoring-script */
function checkContainer(problems: ProblemCollector, props: BatchInferenceProps): void {
  const { container } = batchDefaults(props);
  container.check(problems);
  if (container.kind !== 'image') return;
  problems.add({
    code: 'ServingContainerInvalid',
    prop: 'container',
    allowed: 'ServingContainer.registered() or ServingContainer.mlflow(): a batch endpoint runs a script, not a server',
    got: 'ServingContainer.image()',
    fix: 'Register an environment with the image, and code with a scoring script.',
  });
}

/** Choices of this library: the service documents no limits for these numbers. */
const RANGES = {
  shardsPerTask: [1, 10_000],
  taskTimeoutSeconds: [1, 86_400],
  attempts: [1, 10],
  toleratedFailures: [0, 1e9],
} as const;

function checkNumbers(problems: ProblemCollector, props: BatchInferenceProps): void {
  for (const [prop, [min, max]] of Object.entries(RANGES)) {
    const value = props[prop as keyof typeof RANGES];
    const code = prop === 'taskTimeoutSeconds' ? 'BatchTimeout' : 'BatchLimit';
    checkBounds(problems, code, prop, value, { min, max });
  }
}

function checkNewCluster(problems: ProblemCollector, props: BatchInferenceProps): void {
  const { machine, workspace, capacity } = props;
  if (!machine) {
    problems.add({
      code: 'ValueMissing',
      prop: 'machine',
      allowed: 'set for a new cluster',
      got: undefined,
      fix: 'Set `machine`, or pass an existing `cluster`.',
    });
    checkWorkspace(problems, 'workspace', workspace);
    return;
  }
  const ofCluster = new ProblemCollector();
  checkMlCluster(ofCluster, { workspace, machine, capacity, maxNodes: batchDefaults(props).maxMachines });
  for (const problem of ofCluster.all) {
    problems.add({ ...problem, prop: problem.prop === 'maxNodes' ? 'maxMachines' : problem.prop });
  }
}

function checkExistingCluster(problems: ProblemCollector, props: BatchInferenceProps): void {
  checkWorkspace(problems, 'workspace', props.workspace);
  const { maxNodes } = props.cluster!;
  for (const prop of ['machine', 'capacity'] as const) {
    if (props[prop] === undefined) continue;
    const allowed = 'left out with an existing cluster, which has its own';
    problems.add({ code: 'ClusterOption', prop, allowed, got: props[prop], fix: 'Leave it out.' });
  }
  const { maxMachines } = props;
  if (!isKnown(problems, 'maxMachines', maxMachines)) return;
  if (Number.isInteger(maxMachines) && maxMachines >= 1 && maxMachines <= maxNodes) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'maxMachines',
    allowed: `a whole number from 1 to ${maxNodes}, the maximum of the cluster`,
    got: maxMachines,
    fix: 'Use fewer machines, or leave it out to use all nodes.',
  });
}

/** Processes of a machine share its accelerators equally. */
function checkReplica(
  problems: ProblemCollector,
  { acceleratorsPerReplica: count }: BatchInferenceProps,
  machine: AzureMachine,
): void {
  if (!isKnown(problems, 'acceleratorsPerReplica', count)) return;
  const accelerators = acceleratorsOf(machine);
  if (Number.isInteger(count) && count >= 1 && count <= accelerators && accelerators % count === 0) return;
  problems.add({
    code: 'BatchShare',
    prop: 'acceleratorsPerReplica',
    allowed: `a whole number that divides ${accelerators}, the accelerators of one ${machine.name}`,
    got: count,
    fix: 'Leave it out to run one process with all accelerators.',
  });
}

/** A compute cluster of Azure ML for batch runs, for example a `MachineLearningCluster`. */
export interface IBatchCluster extends IMachineLearningCluster {
  /** Machine type of the nodes. */
  readonly machine: AzureMachine;
  /** Maximum number of nodes. */
  readonly maxNodes: number;
  /** Purchase option of the nodes. */
  readonly capacity: Capacity;
}

/**
 * How a run stores what the scoring script returns.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/reference-yaml-deployment-batch
 */
export enum BatchOutputAction {
  /** Azure ML appends the returned rows to one file, `predictions.csv`. */
  APPEND_ROW = 'AppendRow',
  /** The scoring script writes the files itself. */
  SUMMARY_ONLY = 'SummaryOnly',
}

/** Properties for `BatchInference`. */
export interface BatchInferenceProps {
  /** Workspace of the endpoint. */
  readonly workspace: IMachineLearningWorkspace;
  /** Model to run. */
  readonly artifact: ModelArtifact;
  /** Environment and scoring script, whose `run()` gets paths of files. MLflow models need none. @default ServingContainer.mlflow() */
  readonly container?: ServingContainer;
  /** Machine type of a new cluster. @default - the machine type of `cluster`; required without one */
  readonly machine?: AzureMachine;
  /** Maximum number of machines of a run. @default - 1 for a new cluster; all nodes of `cluster` */
  readonly maxMachines?: number;
  /** Purchase option of the machines of a new cluster. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Existing cluster that runs share with other jobs. @default - a new cluster, which scales from zero */
  readonly cluster?: IBatchCluster;
  /** Number of shards in one call of the scoring script, 1 to 10,000. A shard is a file. @default 10 */
  readonly shardsPerTask?: number;
  /**
   * Accelerators of one process of the scoring script. A machine runs as many processes as its accelerators allow, so this number must divide
   * them.
   *
   * @default - all accelerators of the machine, in one process
   */
  readonly acceleratorsPerReplica?: number;
  /** Maximum duration of one call of the scoring script, in seconds, 1 to 86,400. @default 3600 */
  readonly taskTimeoutSeconds?: number;
  /** Number of attempts for a call that fails or times out, including the first. 1 to 10. @default 5 */
  readonly attempts?: number;
  /** Number of shards that can fail before the run fails. Azure ML counts shards and has no percentage (`error_threshold`). @default 0 */
  readonly toleratedFailures?: number;
  /** How a run stores the results of the scoring script. @default BatchOutputAction.APPEND_ROW */
  readonly outputAction?: BatchOutputAction;
  /** Work of each run. It is estimated, and its limits are validated. @default - no estimate */
  readonly work?: PlannedBatchWork;
  /**
   * Name of the endpoint, unique in the region: 3 to 32 letters, digits and hyphens.
   *
   * @default - derived from the construct path and the subscription
   */
  readonly endpointName?: string;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/** Accelerators of a machine. A machine with a part of an accelerator counts as one. */
export function acceleratorsOf({ spec }: AzureMachine): number {
  return Math.max(1, spec.accelerators);
}

/** The props with their default values. */
export function batchDefaults<P extends Partial<BatchInferenceProps>>(props: P) {
  const { container = ServingContainer.mlflow(), outputAction = BatchOutputAction.APPEND_ROW } = props;
  const { shardsPerTask = 10, taskTimeoutSeconds = 3600, attempts = 5, toleratedFailures = 0 } = props;
  const machine = props.cluster?.machine ?? props.machine;
  const accelerators = machine ? acceleratorsOf(machine) : 1;
  const { acceleratorsPerReplica = accelerators } = props;
  const maxMachines = props.maxMachines ?? props.cluster?.maxNodes ?? 1;
  const numbers = { shardsPerTask, taskTimeoutSeconds, attempts, toleratedFailures, maxMachines };
  const replicasPerMachine = accelerators / acceleratorsPerReplica;
  return { ...props, ...numbers, container, outputAction, acceleratorsPerReplica, replicasPerMachine };
}
