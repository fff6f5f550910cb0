import { dependable } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { type BatchWork, estimateBatch, type EstimatedRun } from '../../core/planning/batch-estimate';
import type { PlannedRunInput } from '../../core/planning/planned-batch-work';
import { validated } from '../../core/prop-schema';
import { recordWorkload } from '../../terraform/recorded-workload';
import { ML_READING, ML_TYPES } from '../machine-learning/api';
import type { BatchDeploymentBody, BatchEndpointBody } from '../machine-learning/bodies';
import { isoDuration } from '../machine-learning/durations';
import { MachineLearningCluster } from '../machine-learning/machine-learning-cluster';
import type { IMachineLearningWorkspace } from '../machine-learning/workspace-attributes';
import { assertPrincipal, type PrincipalType } from '../operations/principal';
import { assignRole, Role } from '../operations/roles';
import { globalName } from '../props/names';
import { AzapiResource } from '../provider/azapi';
import { AzapiUpdateResource } from '../provider/azapi-update';
import type { RoleAssignment } from '../provider/azurerm';
import { recordBatchFindings } from './batch-findings';
import { checkBatchInference, runInput } from './batch-inference-checks';
import {
  batchDefaults,
  type BatchInferenceProps,
  BatchOutputAction,
  type IBatchCluster,
} from './batch-inference-props';
import type { BatchMarket } from './batch-rates';
import { BATCH_INFERENCE_PROPS } from '../prop-schemas';

/** Duration and cost of a run, as a range. A quarter of published runs are slower than `p25`. */
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
