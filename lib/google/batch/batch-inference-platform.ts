import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { type DataClass } from '../../core/data-class';
import { DataPurpose } from '../../core/data-purpose';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { AlertChannels, checkBudget, CostBudget } from '../operations/cost-budget';
import { CostAllocation } from '../operations/cost-allocation';
import { regionOf } from '../props/location';
import { type IDataBucket, DataBucket, type DataBucketProps } from '../storage/data-bucket';
import { BatchInference, checkBatchInference, type BatchInferenceProps } from './batch-inference';
import { BATCH_INFERENCE_PLATFORM_PROPS } from '../prop-schemas';
import { isWithin } from '../../core/bounds';

/** Options for the workflow of a `BatchInferencePlatform`: those of `BatchInference`, without its buckets. */
export type BatchWorkflowOptions = Omit<BatchInferenceProps, 'input' | 'inputPrefix' | 'results'>;

/** Properties for `BatchInferencePlatform`. */
export interface BatchInferencePlatformProps {
  /** Machines, model and limits of the workflow. */
  readonly workflow: BatchWorkflowOptions;
  /** Bucket of the shards. @default - a new `DataBucket` */
  readonly input?: IDataBucket;
  /** Prefix of the shards. Ends with a slash; an empty string means the whole bucket. @default 'requests/' */
  readonly inputPrefix?: string;
  /** Bucket of the results and markers. @default - a new `DataBucket` */
  readonly results?: IDataBucket;
  /**
   * Labels for cost allocation, on every resource that supports labels, including the machines and disks of nodes.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /**
   * Billing account, for example `012345-567890-ABCDEF`.
   * @schema ANY
   */
  readonly billingAccount: string;
  /**
   * Monthly budget in whole US dollars, for all resources with the label `project`. It sends notifications, and stops nothing.
   * @schema ANY
   */
  readonly monthlyBudgetUsd: number;
  /**
   * Email addresses that receive budget notifications.
   *
   * @default - no email, except to the billing administrators
   * @schema ANY
   */
  readonly alertEmails?: readonly string[];
  /**
   * Names of existing Cloud Monitoring notification channels that receive budget notifications. At most 5 channels, including `alertEmails`.
   *
   * @default - none
   * @schema ANY
   */
  readonly alertChannels?: readonly string[];
  /** Data class of shards and results. @default - the default of `DataBucket` */
  readonly dataClass?: DataClass;
}

const DEFAULT_PREFIX = 'requests/';

/**
 * Reference architecture: batch inference over a bucket on Google Cloud, with buckets, a workflow, labels and a budget.
 *
 * @example
 * ```ts
 * import { BatchInferencePlatform, GoogleMachine, ServingModel } from 'ai-infra-constructs/google';
 * import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
 * import { App, TerraformStack } from 'cdktf';
 *
 * const stack = new TerraformStack(new App(), 'batch');
 * const platform = new BatchInferencePlatform(stack, 'Platform', {
 *   workflow: {
 *     zone: 'us-central1-b',
 *     machine: GoogleMachine.G2_STANDARD_48,
 *     maxMachines: 8,
 *     model: ServingModel.huggingFace('Qwen/Qwen3-8B', {
 *       revision: '0123456789abcdef0123456789abcdef01234567',
 *       sizeGiB: 15.3,
 *     }),
 *     schedule: '0 2 * * *',
 *   },
 *   costAllocation: { project: 'atlas', team: 'search', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
 *   billingAccount: '012345-567890-ABCDEF',
 *   monthlyBudgetUsd: 40_000,
 *   alertEmails: ['ml-oncall@example.com'],
 * });
 * new HelmProvider(stack, 'Helm', { kubernetes: platform.batchInference.controlPlane!.connection });
 * ```
 */
export class BatchInferencePlatform extends Construct {
  /** Bucket of the shards. */
  public readonly input: IDataBucket;
  /** Bucket of the results and markers. */
  public readonly results: IDataBucket;
  /** The workflow. */
  public readonly batchInference: BatchInference;
  /** The budget. */
  public readonly budget: CostBudget;
  /** The email channels. @default - no `alertEmails` */
  public readonly alerts?: AlertChannels;

  constructor(scope: Construct, id: string, props: BatchInferencePlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { workflow, costAllocation, dataClass, billingAccount, monthlyBudgetUsd } = props;
    const { alertEmails: emails = [], alertChannels = [] } = props;

    const { labels } = CostAllocation.apply(this, { ...costAllocation, dataClass });
    const store: DataBucketProps = {
      region: regionOf(workflow.zone),
      purpose: DataPurpose.DATASETS,
      dataClass,
      encryptionKey: workflow.cluster?.newCluster.encryptionKey,
    };
    this.input = props.input ?? new DataBucket(this, 'Requests', store);
    this.results = props.results ?? new DataBucket(this, 'Results', store);
    this.batchInference = new BatchInference(this, 'Inference', {
      ...workflow,
      input: this.input,
      inputPrefix: props.inputPrefix ?? DEFAULT_PREFIX,
      results: this.results,
    });
    if (emails.length > 0) this.alerts = new AlertChannels(this, 'Alerts', { emails });
    this.budget = new CostBudget(this, 'Budget', {
      billingAccount,
      monthlyUsd: monthlyBudgetUsd,
      label: { key: 'project', value: labels.project! },
      alertChannels: [...(this.alerts?.channelIds ?? []), ...alertChannels],
    });
  }
}

/** Props of the platform that the checks of the workflow also cover. */
const OF_PLATFORM = /^(input|inputPrefix|results)\b/;

function checkPlatform(scope: Construct, props: BatchInferencePlatformProps): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, props, BATCH_INFERENCE_PLATFORM_PROPS);
  if (props) {
    const { costAllocation, billingAccount, monthlyBudgetUsd: monthlyUsd, alertEmails, alertChannels } = props;
    checkCostAllocation(problems.within('costAllocation'), costAllocation);
    checkBudget(problems, { billingAccount, monthlyUsd, alertEmails, alertChannels }, 'monthlyBudgetUsd');
  }
  if (typed) {
    const { workflow, input, inputPrefix = DEFAULT_PREFIX, results } = props;
    const inWorkflow = new ProblemCollector();
    checkBatchInference(inWorkflow, { ...workflow, input, inputPrefix, results }, scope);
    for (const { prop, ...problem } of inWorkflow.all) {
      problems.add({ ...problem, prop: OF_PLATFORM.test(prop) ? prop : `workflow.${prop}` });
    }
  }
  problems.throwIfAny(scope);
}

/** The values of a field: numbers, or names for them in ascending order. */
interface Field {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Fields of a schedule. @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax */
const FIELDS: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
];

/** Returns whether a string is a schedule of a CronJob. Each of the five fields is a list of values, ranges and steps. */
export function isCron(schedule: string): boolean {
  const fields = schedule.split(' ');
  return fields.length === FIELDS.length && FIELDS.every((field, index) => isField(fields[index]!, field));
}

function isField(text: string, field: Field): boolean {
  return text.split(',').every((part) => isPart(part, field));
}

/** `*`, a value or a range, and an optional step. */
const PART = /^(?:[*?]|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/;

function isPart(part: string, field: Field): boolean {
  const match = PART.exec(part);
  if (!match) return false;
  const [, from, to = from, step = '1'] = match;
  if (Number(step) < 1) return false;
  if (from === undefined || to === undefined) return true;
  const [first, last] = [valueOf(from, field), valueOf(to, field)];
  return isWithin(first, field) && isWithin(last, field) && first <= last;
}

function valueOf(text: string, { min, names = [] }: Field): number {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return min + index;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
