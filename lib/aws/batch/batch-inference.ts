import { Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable, Role } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnStateMachine, type IStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { withConstructPath, ProblemCollector } from '../../core/errors';
import { brand, assertProps, required, validateProps } from '../../core/prop-schema';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { GRANTABLE } from '../props/prop-types';
import { recordWorkload } from '../report/recorded-workload';
import { record } from '../template/findings';
import { checkTemplates } from '../template/template-checks';
import type { BatchCompute, ComputeContext } from './batch-compute';
import {
  type BatchEstimate,
  type BatchEstimateInput,
  type BatchWork,
  estimateRun,
  recordEstimate,
} from './batch-estimate';
import { checkBatchInference, contextOf } from './batch-inference-checks';
import { batchDefaults, type BatchInferenceProps } from './batch-inference-props';
import type { BatchQueues } from './batch-queues';
import { WORKFLOW_DIMENSION } from './job-workflow';
import { claimResultsPrefix } from './results-prefix-claims';
import { RunSchedule } from './run-schedule';
import { runWorkflow } from './run-workflow';
import { grantShards } from './shard-grants';
import type { ShardJob } from './shard-job';
import { ShardLocations } from './shard-locations';
import { WorkflowRole } from './workflow-role';
import { BATCH_INFERENCE_PROPS } from '../prop-schemas';

/** CloudWatch namespace of all workflows. */
const METRICS_NAMESPACE = 'AiInfra/BatchInference';

/**
 * Batch inference over every object of a bucket prefix. Each object is a shard. A Step Functions state machine runs jobs for all shards
 * without a marker. A new run completes the work of a stopped or failed one.
 *
 * Each run writes a record to the results bucket: shards done, skipped and failed, and the time and cost in each market.
 *
 * @example
 * ```ts
 * import { AwsMachine, BatchCompute, BatchInference, DataBucket } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Batch');
 * const data = new DataBucket(stack, 'Data');
 * new BatchInference(stack, 'Ranking', {
 *   input: data,
 *   inputPrefix: 'requests/',
 *   results: data,
 *   compute: BatchCompute.awsBatch({
 *     machine: AwsMachine.G5_12XLARGE,
 *     maxMachines: 4,
 *     image: `111122223333.dkr.ecr.us-east-1.amazonaws.com/worker@sha256:${'0'.repeat(64)}`,
 *   }),
 * });
 * ```
 */
export class BatchInference extends Construct {
  /** The state machine. Start an execution to start a run. It has no input. */
  public readonly stateMachine: IStateMachine;
  /** The low-level state machine. */
  public readonly resource: CfnStateMachine;
  /** The service and the machines that process the shards. */
  public readonly compute: BatchCompute;
  /** Bucket of the shards. */
  public readonly input: IBucket;
  /** Prefix of the shards. */
  public readonly inputPrefix: string;
  /** Bucket of the results, markers, checkpoints and records. */
  public readonly results: IBucket;
  /** Prefix of the results, markers, checkpoints and records. */
  public readonly resultsPrefix: string;
  /** Maximum number of concurrent jobs. */
  public readonly concurrency: number;
  /** Role of the state machine. */
  public readonly role: Role;
  /** Value of the metric dimension `Workflow`. */
  public readonly workflowName: string;
  /** The job queues and their machines. @default - SageMaker runs the jobs */
  public readonly queues?: BatchQueues;
  /** The job definition and the role of the containers. @default - SageMaker runs the jobs */
  public readonly job?: ShardJob;
  /** Time and cost of `work`. @default - no `work` */
  public readonly estimated?: BatchEstimate;

  private readonly estimateInput: BatchEstimateInput;

  constructor(scope: Construct, id: string, props: BatchInferenceProps) {
    super(scope, id);
    this.estimated = this.validate(props);
    const { shardsPerTask, toleratedFailurePercent } = batchDefaults(props);
    const context = contextOf(props);
    const { backend } = props.compute;
    this.compute = props.compute;
    this.input = context.input;
    this.inputPrefix = context.inputPrefix;
    this.results = context.results;
    this.resultsPrefix = context.resultsPrefix;
    this.concurrency = props.concurrency ?? backend.concurrency(shardsPerTask);
    claimResultsPrefix(this, this.results, this.resultsPrefix);
    this.workflowName = Names.uniqueResourceName(this, { maxLength: 80 });

    const bound = backend.bind(this, context);
    this.queues = bound.queues;
    this.job = bound.job;
    this.estimateInput = backend.estimateInput(this, context);
    if (bound.existingRole) this.grantShards(bound.existingRole);
    const workflow = new WorkflowRole(this, 'Workflow', {
      ...context,
      namespace: METRICS_NAMESPACE,
      statements: bound.statements,
    });
    this.role = workflow.role;
    const definition = runWorkflow({
      ...context,
      locations: new ShardLocations(context),
      compute: bound.compute,
      metrics: { namespace: METRICS_NAMESPACE, workflow: this.workflowName },
      concurrency: this.concurrency,
      toleratedFailurePercent,
      about: bound.about,
    });
    this.resource = this.createStateMachine(definition, workflow);
    this.stateMachine = StateMachine.fromStateMachineArn(this, 'StateMachine', this.resource.attrArn);
    const { schedule, work } = props;
    if (schedule) new RunSchedule(this, 'Schedule', { stateMachine: this.stateMachine, schedule });
    this.recordIdleMachines(context);
    if (work && this.estimated) {
      recordEstimate(this, work, this.compute.machine, this.estimated);
      recordWorkload(this, { plan: this.estimated.plan, workload: work.load, prices: this.compute.backend.prices });
    }
    checkTemplates(this);
  }

  /** Grants permission to start runs. */
  grantStart(grantee: IGrantable): Grant {
    assertProps({ grantee }, { grantee: required(GRANTABLE) }, { scope: this });
    return this.stateMachine.grantStartExecution(grantee);
  }

  /** Grants permission to read shards, and to read and write their results, markers and checkpoints. */
  grantShards(grantee: IGrantable): Grant {
    assertProps({ grantee }, { grantee: required(GRANTABLE) }, { scope: this });
    return grantShards(grantee, this);
  }

  /**
   * Estimates the time and cost of a run from published throughput of the model on the machine.
   *
   * @throws AiInfraError if the work is invalid, or if the model does not fit the accelerators of a container
   */
  estimate(work: BatchWork): BatchEstimate {
    return withConstructPath(this, () => estimateRun(this, work, this.estimateInput));
  }

  /** Number of shards that became done. Sum, every 5 minutes by default. */
  metricShardsDone(options?: MetricOptions): Metric {
    return this.metric('ShardsDone', Stats.SUM, options);
  }

  /** Number of shards that failed. Sum, every 5 minutes by default. */
  metricShardsFailed(options?: MetricOptions): Metric {
    return this.metric('ShardsFailed', Stats.SUM, options);
  }

  /** Seconds that a job waited for a machine. Maximum, every 5 minutes by default. */
  metricWaitSeconds(options?: MetricOptions): Metric {
    return this.metric('WaitSeconds', Stats.MAXIMUM, options);
  }

  /** Cost of the machines in US dollars. Not published for a market without a price. Sum, every 5 minutes by default. */
  metricUsd(options?: MetricOptions): Metric {
    return this.metric('Usd', Stats.SUM, options);
  }

  private metric(metricName: string, statistic: string, options?: MetricOptions): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      statistic,
      dimensionsMap: { [WORKFLOW_DIMENSION]: this.workflowName },
      ...options,
    });
  }

  private validate(props: BatchInferenceProps): BatchEstimate | undefined {
    const problems = new ProblemCollector();
    const typed = validateProps(problems, props, BATCH_INFERENCE_PROPS);
    const estimate = typed ? checkBatchInference(problems, props, this) : undefined;
    problems.throwIfAny(this);
    return estimate;
  }

  private createStateMachine(definition: object, workflow: WorkflowRole): CfnStateMachine {
    const logs = new EncryptedLogGroup(this, 'Logs', { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE });
    const resource = new CfnStateMachine(this, 'Resource', {
      definitionString: Stack.of(this).toJsonString(definition),
      roleArn: workflow.role.roleArn,
      stateMachineType: 'STANDARD',
      tracingConfiguration: { enabled: true },
      // Names of shards can contain personal data, so the log has states but no data.
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.logGroup.logGroupArn } }],
      },
    });
    // Step Functions checks the permissions of the role when it creates a state machine.
    resource.node.addDependency(workflow.policy);
    workflow.grantMapRuns(resource);
    return resource;
  }

  private recordIdleMachines({ concurrency, shardsPerTask }: ComputeContext): void {
    const { slots } = this.compute.backend;
    if (concurrency === undefined || slots === undefined || concurrency * shardsPerTask >= slots) return;
    record(this, {
      id: 'batch/idle-machines',
      level: 'warning',
      message: `The workflow starts ${concurrency} jobs with ${shardsPerTask} shards each, but the machines can run ${slots} shards.`,
      fix: 'Leave concurrency out, or lower maxMachines.',
      evidence: 'MaxConcurrency of the distributed map',
    });
  }
}

brand(BatchInference, 'aws.BatchInference');
