import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import { DataPurpose } from '../../core/data-purpose';
import { Problems } from '../../core/errors';
import { ANYTHING, fits, oneOf, type Shape, TEXT_OR_EMPTY } from '../../core/shapes';
import { NAMED_BUCKET } from '../cluster/gke-cluster';
import type { INamedBucket } from '../cluster/job-identity';
import { CostAllocation } from '../operations/cost-allocation';
import { checkBudget, CostBudget } from '../operations/cost-budget';
import { regionOf } from '../props/location';
import { DataBucket, type DataBucketProps } from '../storage/data-bucket';
import { BatchInference } from './batch-inference';
import { checkBatchInference } from './batch-inference-checks';
import { BATCH_INFERENCE, type BatchInferenceProps } from './batch-inference-props';

/** Properties for `BatchInferencePlatform`: those of its workflow, and who pays for it. */
export interface BatchInferencePlatformProps extends Omit<BatchInferenceProps, 'input' | 'inputPrefix' | 'results'> {
  /** The bucket of the shards. @default - a new `DataBucket` */
  readonly input?: INamedBucket;
  /** @default 'requests/' */
  readonly inputPrefix?: string;
  /** The bucket of answers and markers. @default - a new `DataBucket` */
  readonly results?: INamedBucket;
  /** Who pays: on every resource that takes labels, also on machines and disks of nodes. */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /** The account that pays, e.g. `012345-567890-ABCDEF`. */
  readonly billingAccount: string;
  /** Most that all with the label `project` may cost in a month, in US dollars. It warns, and stops nothing. */
  readonly monthlyBudgetUsd: number;
  /** How sensitive shards and answers are. @default - as `DataBucket` */
  readonly dataClass?: DataClass;
}

const DEFAULT_PREFIX = 'requests/';

/** Reference architecture: everything that a team needs to run a model over a bucket on Google Cloud, from the prompts to the bill. */
export class BatchInferencePlatform extends Construct {
  public readonly input: INamedBucket;
  public readonly results: INamedBucket;
  public readonly inference: BatchInference;
  public readonly budget: CostBudget;

  constructor(scope: Construct, id: string, props: BatchInferencePlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { costAllocation, dataClass, zone, encryptionKey, billingAccount, monthlyBudgetUsd } = props;

    const { labels } = CostAllocation.apply(this, { ...costAllocation, dataClass });
    const store: DataBucketProps = {
      location: regionOf(zone),
      purpose: DataPurpose.DATASETS,
      dataClass,
      encryptionKey,
    };
    this.input = props.input ?? new DataBucket(this, 'Requests', store);
    this.results = props.results ?? new DataBucket(this, 'Results', store);
    this.inference = new BatchInference(this, 'Inference', {
      ...props,
      input: this.input,
      inputPrefix: props.inputPrefix ?? DEFAULT_PREFIX,
      results: this.results,
    });
    const label = { key: 'project', value: labels.project! };
    this.budget = new CostBudget(this, 'Budget', { billingAccount, monthlyUsd: monthlyBudgetUsd, label });
  }
}

const PLATFORM: Shape<BatchInferencePlatformProps> = {
  ...BATCH_INFERENCE,
  input: NAMED_BUCKET,
  inputPrefix: TEXT_OR_EMPTY,
  results: NAMED_BUCKET,
  // The first three are judged by rules of their own.
  costAllocation: ANYTHING,
  billingAccount: ANYTHING,
  monthlyBudgetUsd: ANYTHING,
  dataClass: oneOf(Object.values(DataClass)),
};

function checkPlatform(scope: Construct, props: BatchInferencePlatformProps): void {
  const problems = new Problems();
  const typed = fits(problems, props, PLATFORM);
  if (props) {
    const { costAllocation, billingAccount, monthlyBudgetUsd } = props;
    checkCostAllocation(problems.within('costAllocation'), costAllocation);
    checkBudget(problems, { billingAccount, monthlyUsd: monthlyBudgetUsd }, 'monthlyBudgetUsd');
  }
  if (typed) checkBatchInference(problems, { ...props, inputPrefix: props.inputPrefix ?? DEFAULT_PREFIX }, scope);
  problems.throwIfAny(scope);
}
