import { Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Grant, IGrantable, Role } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnStateMachine, type IStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { located, Problems } from '../../core/errors';
import { demand, fits, required } from '../../core/shapes';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { GRANTEE } from '../props/shapes';
import { record } from '../template/findings';
import { checkTemplates } from '../template/template-checks';
import type { BatchCompute, ComputeContext } from './batch-compute';
import { type BatchEstimate, type BatchGround, type BatchWork, estimateRun } from './batch-estimate';
import { checkBatchInference, contextOf } from './batch-inference-checks';
import { BATCH_INFERENCE, batchDefaults, type BatchInferenceProps } from './batch-inference-options';
import type { BatchQueues } from './batch-queues';
import { runWorkflow } from './run-workflow';
import { grantShards } from './shard-grants';
import type { ShardJob } from './shard-job';
import { ShardPlaces } from './shard-places';
import { take } from './taken-results';
import { WorkflowRole } from './workflow-role';

/** The namespace of the metrics of all workflows. */
export const BATCH_METRICS = 'AiInfra/BatchInference';

/**
 * Inference over every object of a bucket prefix, each one a shard: a state machine whose every run does what has no marker yet, and
 * nothing else. A run that was stopped, or whose shards failed, is mended by the next one.
 *
 * Each run leaves its record in the results bucket: shards done, skipped and failed, seconds and cost by market.
 */
export class BatchInference extends Construct {
  /** Start it to run: from a schedule, an event or a hand. It takes no input. */
  public readonly stateMachine: IStateMachine;
  public readonly resource: CfnStateMachine;
  public readonly compute: BatchCompute;
  public readonly input: IBucket;
  public readonly inputPrefix: string;
  public readonly results: IBucket;
  public readonly resultsPrefix: string;
  /** Most jobs at once. */
  public readonly concurrency: number;
  /** What the state machine itself may do. */
  public readonly role: Role;
  /** Value of the dimension `Workflow` of its metrics. */
  public readonly workflowName: string;
  /** @default - none: SageMaker runs its own machines */
  public readonly queues?: BatchQueues;
  /** @default - none: SageMaker runs its own containers */
  public readonly job?: ShardJob;

  private readonly ground: BatchGround;

  constructor(scope: Construct, id: string, props: BatchInferenceProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, BATCH_INFERENCE)) checkBatchInference(problems, props, this);
    problems.throwIfAny(this);
    const { shardsPerJob, toleratedFailurePercent } = batchDefaults(props);
    const context = contextOf(props);
    const { way } = props.compute;
    this.compute = props.compute;
    this.input = context.input;
    this.inputPrefix = context.inputPrefix;
    this.results = context.results;
    this.resultsPrefix = context.resultsPrefix;
    this.concurrency = props.concurrency ?? way.concurrency(shardsPerJob);
    take(this, this.results, this.resultsPrefix);
    this.workflowName = Names.uniqueResourceName(this, { maxLength: 80 });

    const bound = way.bind(this, context);
    this.queues = bound.queues;
    this.ground = bound.ground(this.concurrency);
    this.job = bound.job;
    if (bound.reader) this.grantShards(bound.reader);
    const workflow = new WorkflowRole(this, 'Workflow', {
      ...context,
      namespace: BATCH_METRICS,
      statements: bound.statements,
    });
    this.role = workflow.role;
    const definition = runWorkflow({
      ...context,
      places: new ShardPlaces(context),
      compute: bound.compute,
      metrics: { namespace: BATCH_METRICS, workflow: this.workflowName },
      concurrency: this.concurrency,
      toleratedFailurePercent,
      about: bound.about,
    });
    this.resource = this.machine(definition, workflow);
    this.stateMachine = StateMachine.fromStateMachineArn(this, 'StateMachine', this.resource.attrArn);
    this.recordIdle(context);
    checkTemplates(this);
  }

  /** Lets someone start a run. */
  grantStart(grantee: IGrantable): Grant {
    demand({ grantee }, { grantee: required(GRANTEE) }, { scope: this });
    return this.stateMachine.grantStartExecution(grantee);
  }

  /** Lets someone read shards, and read and write what becomes of them. */
  grantShards(grantee: IGrantable): Grant {
    demand({ grantee }, { grantee: required(GRANTEE) }, { scope: this });
    return grantShards(grantee, this);
  }

  /** How long a run over so many requests takes, and what it costs, from published throughput of the model on the machine. */
  estimate(work: BatchWork): BatchEstimate {
    return located(this, () => estimateRun(this, work, this.ground));
  }

  private machine(definition: object, workflow: WorkflowRole): CfnStateMachine {
    const logs = new EncryptedLogGroup(this, 'Logs', { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE });
    const resource = new CfnStateMachine(this, 'Resource', {
      definitionString: Stack.of(this).toJsonString(definition),
      roleArn: workflow.role.roleArn,
      stateMachineType: 'STANDARD',
      tracingConfiguration: { enabled: true },
      // Keys of shards may name people: the log tells states, never their data.
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.logGroup.logGroupArn } }],
      },
    });
    // A role without its policies would fail the first check that the service makes of a new machine.
    resource.node.addDependency(workflow.policy);
    workflow.letRun(resource);
    return resource;
  }

  private recordIdle({ concurrency, shardsPerJob }: ComputeContext): void {
    const { places } = this.compute.way;
    if (concurrency === undefined || places === undefined || concurrency * shardsPerJob >= places) return;
    record(this, {
      id: 'batch/idle-machines',
      level: 'warning',
      message: `${concurrency} jobs of ${shardsPerJob} shards are started at once, and the machines hold ${places} shards.`,
      fix: 'Leave concurrency out, or lower mostMachines.',
      evidence: 'MaxConcurrency of the distributed map',
    });
  }
}
