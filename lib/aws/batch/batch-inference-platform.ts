import { Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import type { DataClass } from '../../core/data-class';
import { DataPurpose } from '../../core/data-purpose';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { AlertTopic, checkEmails } from '../operations/alert-topic';
import { hasBudgets, checkBudget, CostBudget } from '../operations/cost-budget';
import { CostAllocation } from '../operations/cost-allocation';
import { DataBucket, type DataBucketProps, type IDataBucket, checkDataBucket } from '../storage/data-bucket';
import { acceptRules } from '../template/accepted-rules';
import { BatchInference, checkBatchInference, type BatchInferenceProps } from './batch-inference';
import { BatchObservability } from './batch-observability';
import { BATCH_INFERENCE_PLATFORM_PROPS } from '../prop-schemas';

/** Options for the workflow of a `BatchInferencePlatform`: those of `BatchInference`, without its buckets. */
export type BatchWorkflowOptions = Omit<BatchInferenceProps, 'input' | 'inputPrefix' | 'results'>;

/** Properties for `BatchInferencePlatform`. */
export interface BatchInferencePlatformProps {
  /** Compute, schedule and limits of the workflow. */
  readonly workflow: BatchWorkflowOptions;
  /** Bucket of the shards. @default - a new `DataBucket` */
  readonly input?: IDataBucket;
  /** Prefix of the shards. Ends with a slash; an empty string means the whole bucket. @default 'requests/' */
  readonly inputPrefix?: string;
  /** Bucket of the results and records. @default - a new `DataBucket` */
  readonly results?: IDataBucket;
  /**
   * Tags for cost allocation, on every resource, including instances, volumes and network interfaces.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /**
   * Monthly budget in US dollars, for all resources with the tag `project`. It sends notifications, and stops nothing. An alarm reports each
   * day whose machines cost more than a tenth of it.
   * @schema ANY
   */
  readonly monthlyBudgetUsd: number;
  /**
   * Email addresses that receive alarms and budget notifications. Each address must confirm its subscription.
   *
   * @default - none: subscribe to `alerts`
   * @schema ANY
   */
  readonly alertEmails?: readonly string[];
  /** Data class of shards and results. @default - the default of `DataBucket` */
  readonly dataClass?: DataClass;
  /** KMS key of the new buckets. @default - a new key for each bucket */
  readonly encryptionKey?: IKey;
}

/** Share of the monthly budget that the machines of one day can cost before an alarm. */
const DAILY_SHARE = 0.1;
const DEFAULT_PREFIX = 'requests/';

/**
 * Reference architecture: batch inference over a bucket on AWS, with buckets, a workflow, alarms, tags and a budget.
 *
 * @example
 * ```ts
 * import { AwsMachine, BatchCompute, BatchInferencePlatform } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
 *
 * new BatchInferencePlatform(new Stack(new App(), 'Batch'), 'Platform', {
 *   workflow: {
 *     compute: BatchCompute.awsBatch({
 *       machine: AwsMachine.G6E_48XLARGE,
 *       maxMachines: 8,
 *       image: `111122223333.dkr.ecr.us-east-1.amazonaws.com/worker@sha256:${'0'.repeat(64)}`,
 *     }),
 *     schedule: ScheduleExpression.cron({ minute: '0', hour: '2' }),
 *   },
 *   costAllocation: { project: 'atlas', team: 'search', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' },
 *   monthlyBudgetUsd: 40_000,
 *   alertEmails: ['ml-oncall@example.com'],
 * });
 * ```
 */
export class BatchInferencePlatform extends Construct {
  /** Bucket of the shards. */
  public readonly input: IDataBucket;
  /** Bucket of the results and records. */
  public readonly results: IDataBucket;
  /** The workflow. */
  public readonly batchInference: BatchInference;
  /** The SNS topic of all notifications. */
  public readonly alerts: AlertTopic;
  /** The dashboard and the alarms. */
  public readonly observability: BatchObservability;
  /** The budget. @default - AWS Budgets does not support the region */
  public readonly budget?: CostBudget;

  constructor(scope: Construct, id: string, props: BatchInferencePlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { workflow, costAllocation, monthlyBudgetUsd, dataClass, inputPrefix = DEFAULT_PREFIX } = props;

    CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.input = props.input ?? new DataBucket(this, 'Requests', bucketProps(props));
    this.results = props.results ?? new DataBucket(this, 'Results', bucketProps(props));
    this.batchInference = new BatchInference(this, 'Inference', {
      ...workflow,
      input: this.input,
      inputPrefix,
      results: this.results,
    });

    this.alerts = new AlertTopic(this, 'Alerts', { alertEmails: props.alertEmails });
    const { topic } = this.alerts;
    this.observability = new BatchObservability(this, 'Observability', {
      batchInference: this.batchInference,
      alertTopic: topic,
      // CloudFormation cannot multiply, so a budget that is known only at deployment has no daily alarm.
      dailyUsd: Token.isUnresolved(monthlyBudgetUsd) ? undefined : monthlyBudgetUsd * DAILY_SHARE,
    });
    if (hasBudgets(this)) {
      const tags = { project: costAllocation.project };
      this.budget = new CostBudget(this, 'Budget', { monthlyUsd: monthlyBudgetUsd, tags, alertTopic: topic });
    }
    acceptRules(this);
  }
}

/** Props of the platform that the checks of the workflow also cover. */
const OF_PLATFORM = /^(input|inputPrefix|results)\b/;

function checkPlatform(scope: Construct, props: BatchInferencePlatformProps): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, props, BATCH_INFERENCE_PLATFORM_PROPS);
  if (props) checkBill(problems, props);
  if (typed) {
    const { workflow, input, inputPrefix = DEFAULT_PREFIX, results } = props;
    if (!input) checkDataBucket(problems.within('input'), bucketProps(props));
    if (!results) checkDataBucket(problems.within('results'), bucketProps(props));
    const inWorkflow = new ProblemCollector();
    checkBatchInference(inWorkflow, { ...workflow, input, inputPrefix, results }, scope);
    for (const { prop, ...problem } of inWorkflow.all) {
      problems.add({ ...problem, prop: OF_PLATFORM.test(prop) ? prop : `workflow.${prop}` });
    }
  }
  problems.throwIfAny(scope);
}

function checkBill(problems: ProblemCollector, props: BatchInferencePlatformProps): void {
  checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
  checkBudget(problems, props.monthlyBudgetUsd, 'monthlyBudgetUsd');
  checkEmails(problems, props.alertEmails, 'alertEmails');
}

function bucketProps({ dataClass, encryptionKey }: BatchInferencePlatformProps): DataBucketProps {
  return { dataClass, encryptionKey, purpose: DataPurpose.DATASETS };
}
