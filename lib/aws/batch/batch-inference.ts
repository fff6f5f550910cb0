import { Names, RemovalPolicy, Stack, Token, Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type Grant,
  type IGrantable,
  Role,
  ManagedPolicy,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnStateMachine, type IStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import { withConstructPath, ProblemCollector } from '../../core/errors';
import { brand, assertProps, required, validateProps } from '../../core/prop-schema';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { GRANTABLE } from '../props/prop-types';
import { recordWorkload } from '../report/recorded-workload';
import { record } from '../template/findings';
import { checkTemplates } from '../template/template-checks';
import type { BatchCompute, ComputeContext, ComputeLimits } from './batch-compute';
import {
  type BatchEstimate,
  type BatchEstimateInput,
  type BatchWork,
  estimateRun,
  recordEstimate,
  checkWorkLimits,
  estimateWork,
  type PlannedBatchWork,
} from './batch-estimate';
import type { BatchQueues } from './batch-queues';
import { WORKFLOW_DIMENSION } from './job-workflow';
import { runWorkflow } from './run-workflow';
import { grantShards, WorkflowRole } from './workflow-role';
import { type ShardJob, ShardLocations } from './shard-job';
import { BATCH_INFERENCE_PROPS } from '../prop-schemas';
import { checkPrefix, checkResultsApart } from '../../core/workload/parallelism';
import { isKnown } from '../props/tokens';
import { bucketOf, type IDataBucket } from '../storage/data-bucket';
import { checkTime, checkWhole, MAX_CONCURRENCY } from './machine-share';
import { type ScheduleExpression, CfnSchedule } from 'aws-cdk-lib/aws-scheduler';

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
      const { prices, offers } = this.compute.backend;
      recordWorkload(this, { plan: this.estimated.plan, workload: work.load, prices, offers });
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

/**
 * A limit of this library: the data of a job must fit into the 256 KiB of a state. AWS Batch supports arrays of 2 to 10,000 jobs.
 * `test/aws/batch/run.test.ts` runs jobs of this size, and checks the size of each state.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 * @see https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html
 */
const MAX_SHARDS_PER_TASK = 200;
/** @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_RUN_SECONDS = 365 * 24 * 3600;

/** Props to validate. A bucket that is left out is created later. */
export type CheckedProps = Omit<BatchInferenceProps, 'input' | 'results'> &
  Partial<Pick<BatchInferenceProps, 'input' | 'results'>>;

/** Returns the locations and limits for a compute. */
export function contextOf(props: BatchInferenceProps): ComputeContext {
  const { inputPrefix, resultsPrefix } = batchDefaults(props);
  const locations = { input: bucketOf(props.input), inputPrefix, results: bucketOf(props.results), resultsPrefix };
  return { ...locations, ...limitsOf(props) };
}

function limitsOf(props: CheckedProps): ComputeLimits {
  const { shardsPerTask, timeout, concurrency } = batchDefaults(props);
  const timeoutSeconds = timeout.isUnresolved() ? MAX_RUN_SECONDS : timeout.toSeconds({ integral: false });
  return { shardsPerTask, concurrency, timeoutSeconds };
}

/** Validates the values of the props, whose types are valid already. Returns the estimate of `work`. */
export function checkBatchInference(
  problems: ProblemCollector,
  props: CheckedProps,
  scope: Construct,
): BatchEstimate | undefined {
  checkNumbers(problems, props);
  checkTime(problems, props.timeout, {
    prop: 'timeout',
    min: 60,
    max: MAX_RUN_SECONDS,
    of: 'the limit of an execution of Step Functions',
    fix: 'Use 1 minute to 1 year.',
  });
  if (props.work) checkWorkLimits(problems.within('work'), props.work);
  checkLocations(problems, props);
  if (props.results) checkResultsPrefix(problems, scope, bucketOf(props.results), batchDefaults(props).resultsPrefix);
  const { backend } = props.compute;
  backend.check(problems, scope, limitsOf(props));
  if (!props.work || problems.all.length > 0) return undefined;
  return estimateWork(problems, scope, props.work, backend.estimateInput(scope, limitsOf(props)));
}

function checkNumbers(problems: ProblemCollector, props: CheckedProps): void {
  checkWhole(problems, props.shardsPerTask, {
    prop: 'shardsPerTask',
    min: 1,
    max: MAX_SHARDS_PER_TASK,
    of: 'the shards whose names fit into the 256 KiB of a workflow state',
    fix: 'Raise concurrency instead: the workflow runs many jobs at once.',
  });
  checkWhole(problems, props.concurrency, {
    prop: 'concurrency',
    min: 1,
    max: MAX_CONCURRENCY,
    of: 'the child executions of a distributed map',
    fix: 'Leave it out, or raise shardsPerTask.',
  });
  checkWhole(problems, props.toleratedFailurePercent, {
    prop: 'toleratedFailurePercent',
    min: 0,
    max: 100,
    of: 'in percent',
    fix: 'Use a whole percentage, for example 5.',
  });
}

function checkLocations(problems: ProblemCollector, { input, results, ...props }: CheckedProps): void {
  const { inputPrefix, resultsPrefix } = batchDefaults(props);
  const prefixes = { inputPrefix, resultsPrefix };
  const valid = (['inputPrefix', 'resultsPrefix'] as const).map(
    (prop) => isKnown(problems, prop, prefixes[prop]) && checkPrefix(problems, prop, prefixes[prop]),
  );
  if (!valid.every(Boolean) || !input || !results || !areSame(bucketOf(input), bucketOf(results))) return;
  checkResultsApart(problems, prefixes, WRITTEN);
}

/** The prefixes that a workflow writes below its results prefix. */
const WRITTEN = ['output/', 'done/', 'checkpoints/', 'runs/'];

/** Whether two buckets are the same at synthesis. */
function areSame(one: IBucket, other: IBucket): boolean {
  if (one === other) return true;
  const known = [one, other].map(({ bucketName }) => !Token.isUnresolved(bucketName));
  return known.every(Boolean) && one.bucketName === other.bucketName;
}

/** Properties for `BatchInference`. */
export interface BatchInferenceProps {
  /** Bucket of the shards, in the region and account of the stack. */
  readonly input: IDataBucket;
  /**
   * Prefix of the shards. Each object is a shard. Ends with a slash; an empty string means the whole bucket.
   * @schema STRING_OR_EMPTY
   */
  readonly inputPrefix: string;
  /** Bucket of the results, markers, checkpoints and records. It can be the bucket of the shards. */
  readonly results: IDataBucket;
  /** Prefix of the results, markers, checkpoints and records. Ends with a slash, is outside the input prefix, and belongs to one workflow only. @default 'batch/' */
  readonly resultsPrefix?: string;
  /** The service and the machines that process the shards. */
  readonly compute: BatchCompute;
  /** Maximum number of shards in one job, 1 to 200. Several shards are one array job or one transform job, which means fewer state transitions. @default 1 */
  readonly shardsPerTask?: number;
  /** Maximum number of concurrent jobs, 1 to 10,000. @default - twice the number that the machines can run, or 4 transform jobs */
  readonly concurrency?: number;
  /** Percentage of shards that can fail before the run stops and fails, a whole number from 0 to 100. @default 5 */
  readonly toleratedFailurePercent?: number;
  /** Time limit of a run, from 1 minute to 1 year. @default Duration.days(7) */
  readonly timeout?: Duration;
  /** Schedule of the runs. @default - you start each run yourself */
  readonly schedule?: ScheduleExpression;
  /** Work of each run. It is estimated, and its limits are validated. @default - no estimate */
  readonly work?: PlannedBatchWork;
}

/** Fills in the defaults, except `concurrency`, which depends on the compute. */
export function batchDefaults<P extends Omit<BatchInferenceProps, 'input' | 'results'>>(props: P) {
  const {
    resultsPrefix = 'batch/',
    shardsPerTask = 1,
    toleratedFailurePercent = 5,
    timeout = Duration.days(7),
  } = props;
  return { ...props, resultsPrefix, shardsPerTask, toleratedFailurePercent, timeout };
}

/** For each app, the results prefixes in use, and the path of the workflow that uses each. */
const CLAIMS = new WeakMap<IConstruct, Map<string, string>>();

function keyOf({ bucketName, node }: IBucket, prefix: string): string {
  return `${Token.isUnresolved(bucketName) ? node.path : bucketName}:${prefix}`;
}

/** Adds a problem if another workflow of the app writes to the same prefix, because shards of both can have the same name. */
export function checkResultsPrefix(
  problems: ProblemCollector,
  scope: Construct,
  results: IBucket,
  resultsPrefix: string,
): void {
  const other = CLAIMS.get(scope.node.root)?.get(keyOf(results, resultsPrefix));
  if (other === undefined) return;
  problems.add({
    code: 'ShardPrefix',
    prop: 'resultsPrefix',
    allowed: `a prefix that no other workflow writes to, because ${other} would mix its results and markers with these`,
    got: resultsPrefix,
    fix: 'Set a different resultsPrefix for each workflow.',
  });
}

/** Reserves a prefix for one workflow. */
export function claimResultsPrefix(scope: Construct, results: IBucket, resultsPrefix: string): void {
  const { root, path } = scope.node;
  const claims = CLAIMS.get(root) ?? new Map<string, string>();
  CLAIMS.set(root, claims.set(keyOf(results, resultsPrefix), path));
}

/** Properties for `RunSchedule`. */
export interface RunScheduleProps {
  /** The state machine to start. */
  readonly stateMachine: IStateMachine;
  /** Time of the runs. */
  readonly schedule: ScheduleExpression;
}

/** An EventBridge schedule that starts runs. A run that starts during another run fails immediately, and the next run processes its shards. */
export class RunSchedule extends Construct {
  /** The schedule. */
  public readonly resource: CfnSchedule;

  constructor(scope: Construct, id: string, { stateMachine: { stateMachineArn }, schedule }: RunScheduleProps) {
    super(scope, id);
    const { account } = Stack.of(this);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    new ManagedPolicy(this, 'Policy', {
      roles: [role],
      statements: [new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] })],
    });
    this.resource = new CfnSchedule(this, 'Resource', {
      flexibleTimeWindow: { mode: 'OFF' },
      scheduleExpression: schedule.expressionString,
      scheduleExpressionTimezone: schedule.timeZone?.timezoneName,
      target: { arn: stateMachineArn, roleArn: role.roleArn, input: '{}' },
    });
  }
}
