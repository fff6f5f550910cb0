import { Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import { Problems } from '../../core/errors';
import { ANYTHING, fits, oneOf, type Shape, TEXT_OR_EMPTY } from '../../core/shapes';
import { AlertTopic, checkEmails } from '../operations/alert-topic';
import { CostAllocation } from '../operations/cost-allocation';
import { hasBudgets } from '../operations/budget-regions';
import { checkBudget, CostBudget } from '../operations/cost-budget';
import { DATA_STORE, KEY } from '../props/shapes';
import { DataBucket, type DataBucketProps } from '../storage/data-bucket';
import { checkDataBucket } from '../storage/data-bucket-checks';
import type { DataStore } from '../storage/data-store';
import { DataPurpose } from '../../core/data-purpose';
import { acceptRules } from '../template/accepted-rules';
import { BatchInference } from './batch-inference';
import { checkBatchInference } from './batch-inference-checks';
import { BATCH_INFERENCE, type BatchInferenceProps } from './batch-inference-options';
import { BatchObservability } from './batch-observability';
import { RunSchedule, SCHEDULE } from './run-schedule';

/** Properties for `BatchInferencePlatform`: those of its workflow, and who pays for it. */
export interface BatchInferencePlatformProps extends Omit<BatchInferenceProps, 'input' | 'inputPrefix' | 'results'> {
  /** The bucket of the shards. @default - a new `DataBucket` */
  readonly input?: DataStore;
  /** @default 'requests/' */
  readonly inputPrefix?: string;
  /** The bucket of results and records. @default - a new `DataBucket` */
  readonly results?: DataStore;
  /** When runs start. @default - when someone starts one */
  readonly schedule?: ScheduleExpression;
  /** Who pays: on every resource, also on instances, volumes and network interfaces. */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /** Most that all with the tag `project` may cost in a month, in US dollars. A day whose machines cost a tenth of it is an alarm. It warns, and stops nothing. */
  readonly monthlyBudgetUsd: number;
  /** Who is told of alarms and of the budget; each address must confirm. @default - nobody yet: subscribe to `alerts` */
  readonly alertEmails?: readonly string[];
  /** How sensitive shards and results are. @default - as `DataBucket` */
  readonly dataClass?: DataClass;
  /** The KMS key of both buckets. @default - a new key each */
  readonly encryptionKey?: IKey;
}

/** Share of the month's budget that the machines of one day may cost before someone is told. */
const DAILY_SHARE = 0.1;

/** Reference architecture: everything that a team needs to run a model over a bucket, from the prompts to the bill. */
export class BatchInferencePlatform extends Construct {
  public readonly input: DataStore;
  public readonly results: DataStore;
  public readonly inference: BatchInference;
  public readonly alerts: AlertTopic;
  public readonly observability: BatchObservability;
  /** @default - none where the region is known to have no AWS Budgets */
  public readonly budget?: CostBudget;

  constructor(scope: Construct, id: string, props: BatchInferencePlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { costAllocation, monthlyBudgetUsd, dataClass, inputPrefix = DEFAULT_PREFIX, schedule } = props;

    CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.input = props.input ?? new DataBucket(this, 'Requests', bucketProps(props));
    this.results = props.results ?? new DataBucket(this, 'Results', bucketProps(props));
    this.inference = new BatchInference(this, 'Inference', {
      ...props,
      input: this.input,
      inputPrefix,
      results: this.results,
    });
    if (schedule) new RunSchedule(this, 'Schedule', { stateMachine: this.inference.stateMachine, schedule });

    this.alerts = new AlertTopic(this, 'Alerts', { emails: props.alertEmails });
    const { topic } = this.alerts;
    this.observability = new BatchObservability(this, 'Observability', {
      inference: this.inference,
      topic,
      // CloudFormation does not multiply: a budget that only the deployment knows gives no alarm.
      dailyUsd: Token.isUnresolved(monthlyBudgetUsd) ? undefined : monthlyBudgetUsd * DAILY_SHARE,
    });
    if (hasBudgets(this)) {
      const tags = { project: costAllocation.project };
      this.budget = new CostBudget(this, 'Budget', { monthlyUsd: monthlyBudgetUsd, tags, topic });
    }
    acceptRules(this);
  }
}

const DEFAULT_PREFIX = 'requests/';

const PLATFORM: Shape<BatchInferencePlatformProps> = {
  ...BATCH_INFERENCE,
  input: DATA_STORE,
  inputPrefix: TEXT_OR_EMPTY,
  results: DATA_STORE,
  schedule: SCHEDULE,
  // These three are judged by `checkBill`.
  costAllocation: ANYTHING,
  monthlyBudgetUsd: ANYTHING,
  alertEmails: ANYTHING,
  dataClass: oneOf(Object.values(DataClass)),
  encryptionKey: KEY,
};

function checkPlatform(scope: Construct, props: BatchInferencePlatformProps): void {
  const problems = new Problems();
  const typed = fits(problems, props, PLATFORM);
  if (props) checkBill(problems, props);
  if (typed) {
    if (!props.input) checkDataBucket(problems.within('input'), bucketProps(props));
    if (!props.results) checkDataBucket(problems.within('results'), bucketProps(props));
    checkBatchInference(problems, { ...props, inputPrefix: props.inputPrefix ?? DEFAULT_PREFIX }, scope);
  }
  problems.throwIfAny(scope);
}

function checkBill(problems: Problems, props: BatchInferencePlatformProps): void {
  checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
  checkBudget(problems, props.monthlyBudgetUsd, 'monthlyBudgetUsd');
  checkEmails(problems, props.alertEmails, 'alertEmails');
}

function bucketProps({ dataClass, encryptionKey }: BatchInferencePlatformProps): DataBucketProps {
  return { dataClass, encryptionKey, purpose: DataPurpose.DATASETS };
}
