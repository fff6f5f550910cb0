import { dependable } from 'cdktf';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { type BatchWork, estimateBatch, type EstimatedRun } from '../../core/planning/batch-estimate';
import { judged } from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';
import { AzureMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';
import { ML_READING, ML_TYPES } from '../machine-learning/api';
import type { BatchDeploymentBody, BatchEndpointBody } from '../machine-learning/bodies';
import { isoDuration } from '../machine-learning/durations';
import { MachineLearningCluster } from '../machine-learning/machine-learning-cluster';
import type { IMachineLearningWorkspace } from '../machine-learning/workspace-attributes';
import { demandPrincipal, type PrincipalType } from '../operations/principal';
import { assignRole, Role } from '../operations/roles';
import { globalName } from '../props/names';
import { AzapiResource } from '../provider/azapi';
import { AzapiUpdateResource } from '../provider/azapi-update';
import type { RoleAssignment } from '../provider/azurerm';
import { recordBatchFindings } from './batch-findings';
import { checkBatchInference } from './batch-inference-checks';
import { BATCH_INFERENCE, batchDefaults, type BatchInferenceProps, type IBatchCluster } from './batch-inference-props';
import type { BatchMarket, MarketRate } from './batch-rates';

/** How long a run takes and what it costs, as a range: `p25` is what a quarter of published runs are slower than. */
export type BatchEstimate = EstimatedRun<BatchMarket>;

const LONGEST_NAME = 32;
/** The only deployment: another model is another version of it, and callers name the endpoint alone. */
const DEPLOYMENT = 'model';

/**
 * Inference over every file of a folder, each one a shard: a batch endpoint of Azure ML. Whoever invokes it names the folder of the shards and
 * that of the results; machines come, work, and go.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/concept-endpoints-batch
 */
export class BatchInference extends Construct {
  public readonly resource: AzapiResource;
  public readonly deployment: AzapiResource;
  public readonly workspace: IMachineLearningWorkspace;
  public readonly cluster: IBatchCluster;
  /** The cluster, where it was made here: what its machines act as needs rights to the data. @default - a cluster was brought */
  public readonly ownCluster?: MachineLearningCluster;
  /** Most machines of a run. */
  public readonly mostMachines: number;
  private readonly rate: MarketRate;
  private readonly batchesPerMachine: number;

  constructor(scope: Construct, id: string, props: BatchInferenceProps) {
    super(scope, id);
    const rate = judged(this, props, BATCH_INFERENCE, (problems) => checkBatchInference(problems, props));
    const { workspace, machine, capacity, mostMachines, batchesPerMachine } = batchDefaults(props);
    this.workspace = workspace;
    this.mostMachines = mostMachines;
    this.batchesPerMachine = batchesPerMachine;
    this.rate = rate;
    if (!props.cluster) {
      const own = { workspace, machine: machine!, capacity, nodes: mostMachines };
      this.ownCluster = new MachineLearningCluster(this, 'Cluster', own);
    }
    this.cluster = props.cluster ?? this.ownCluster!;
    this.resource = this.createEndpoint(props);
    this.deployment = this.createDeployment(props);
    new AzapiUpdateResource(this, 'DefaultDeployment', {
      type: ML_TYPES.batchEndpoint,
      resourceId: this.id,
      body: { properties: { defaults: { deploymentName: DEPLOYMENT } } },
      dependsOn: [this.deployment],
      // A change of the endpoint itself may lose it.
      lifecycle: { replaceTriggeredBy: [dependable(this.resource)] },
    });
    recordBatchFindings(this, this.cluster.machine, this.rate);
  }

  /** Resource id. */
  get id(): string {
    return this.resource.id;
  }

  get endpointName(): string {
    return this.resource.name;
  }

  /** Where a run is started, with a token of Entra for https://ml.azure.com. */
  get invocationUri(): string {
    return this.resource.outputAt('properties.scoringUri');
  }

  /**
   * Lets someone, by object id, start runs: the service asks for so much of the workspace that its own role for that is the narrowest.
   *
   * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-authenticate-batch-endpoint#configure-rbac-for-batch-endpoints-invoke
   */
  grantStart(id: string, principalId: string, principalType: PrincipalType = 'ServicePrincipal'): RoleAssignment {
    demandPrincipal(this, { id, principalId, principalType });
    return assignRole(this, id, {
      role: Role.AML_DATA_SCIENTIST,
      on: this.workspace.id,
      to: principalId,
      principalType,
    });
  }

  /** How long a run over so many requests takes, and what it costs, from published throughput of the model on the machine. */
  estimate(work: BatchWork): BatchEstimate {
    const { machine } = this.cluster;
    const known = AzureMachine.all.some(({ name }) => name === machine.name);
    const { location } = this.workspace.resourceGroup;
    const problems = new Problems();
    const estimate = estimateBatch(problems, work, {
      machine: known ? plannedMachine(machine) : undefined,
      machineName: machine.name,
      accelerators: shareOf(machine, this.batchesPerMachine),
      acceleratorsProp: 'batchesPerMachine',
      replicas: this.mostMachines * this.batchesPerMachine,
      replicasPerMachine: this.batchesPerMachine,
      rates: [this.rate],
      region: isUnknown(location) ? undefined : location,
    });
    problems.throwIfAny(this);
    return estimate!;
  }

  private createEndpoint(props: BatchInferenceProps): AzapiResource {
    const { workspace } = props;
    const body: BatchEndpointBody = { properties: { authMode: 'AADToken' } };
    return new AzapiResource(this, 'Resource', {
      type: ML_TYPES.batchEndpoint,
      ...ML_READING,
      name: props.endpointName ?? globalName(this, LONGEST_NAME),
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

/** Accelerators of one call. */
function shareOf({ spec }: AzureMachine, batchesPerMachine: number): number {
  return Math.max(1, spec.accelerators) / batchesPerMachine;
}

function bodyOf(scope: Construct, props: BatchInferenceProps, clusterId: string): BatchDeploymentBody {
  const { workspace, artifact, container, answers, mostMachines, ...rest } = batchDefaults(props);
  const { environmentId, codeConfiguration, environmentVariables } = container.bind(scope, workspace);
  return {
    properties: {
      compute: clusterId,
      model: { referenceType: 'Id', assetId: artifact.bind(scope, workspace) },
      environmentId,
      codeConfiguration,
      environmentVariables,
      resources: { instanceCount: mostMachines },
      miniBatchSize: rest.shardsPerBatch,
      maxConcurrencyPerInstance: rest.batchesPerMachine,
      errorThreshold: rest.toleratedFailures,
      // The service counts the attempts after the first.
      retrySettings: { maxRetries: rest.attempts - 1, timeout: isoDuration(rest.batchTimeoutSeconds) },
      outputAction: answers === 'rows' ? 'AppendRow' : 'SummaryOnly',
      outputFileName: answers === 'rows' ? 'predictions.csv' : undefined,
      loggingLevel: 'Info',
    },
  };
}
