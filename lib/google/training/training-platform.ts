import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import { DataPurpose } from '../../core/data-purpose';
import { Problems } from '../../core/errors';
import { ANYTHING, fits, objectOf, oneOf, type Shape } from '../../core/shapes';
import type { INamedBucket } from '../cluster/job-identity';
import { checkInspection, type DataInspectionOptions, INSPECTION } from '../governance/data-inspection-options';
import { ServicePerimeter } from '../governance/service-perimeter';
import { checkPerimeter, PERIMETER } from '../governance/service-perimeter-checks';
import type { ServicePerimeterOptions } from '../governance/service-perimeter-props';
import { CostAllocation } from '../operations/cost-allocation';
import { checkBudget, CostBudget } from '../operations/cost-budget';
import { regionOf } from '../props/location';
import { DataBucket, type DataBucketProps } from '../storage/data-bucket';
import { TrainingCluster } from './training-cluster';
import { checkTrainingCluster } from './training-cluster-checks';
import { TRAINING_CLUSTER } from './training-cluster-options';
import type { TrainingClusterProps } from './training-cluster-props';

/** Properties for `TrainingPlatform`: those of its cluster, and who pays for it. */
export interface TrainingPlatformProps extends TrainingClusterProps {
  /** Who pays: on every resource that takes labels, also on machines and disks of nodes. */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /** The account that pays, e.g. `012345-567890-ABCDEF`. */
  readonly billingAccount: string;
  /** Most that all with the label `project` may cost in a month, in US dollars. It warns, and stops nothing. */
  readonly monthlyBudgetUsd: number;
  /** How sensitive datasets and checkpoints are. @default - as `DataBucket` */
  readonly dataClass?: DataClass;
  /** What looks into the datasets for personal data and secrets, where the platform makes their bucket. @default - nothing */
  readonly inspection?: DataInspectionOptions;
  /** The perimeter of VPC Service Controls to make around the project; a dry run unless it says otherwise. @default - none */
  readonly perimeter?: ServicePerimeterOptions;
}

/** Reference architecture: everything that a team needs to train a model on Google Cloud, from its data to its bill. */
export class TrainingPlatform extends Construct {
  public readonly datasets: INamedBucket;
  public readonly checkpoints: INamedBucket;
  public readonly cluster: TrainingCluster;
  public readonly budget: CostBudget;
  /** @default - none was asked for */
  public readonly perimeter?: ServicePerimeter;

  constructor(scope: Construct, id: string, props: TrainingPlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { costAllocation, dataClass, zone, encryptionKey, billingAccount, monthlyBudgetUsd, inspection } = props;

    const { labels } = CostAllocation.apply(this, { ...costAllocation, dataClass });
    const store = (purpose: DataPurpose): DataBucketProps => ({
      location: regionOf(zone),
      purpose,
      dataClass,
      encryptionKey,
    });
    this.datasets = props.datasets ?? new DataBucket(this, 'Datasets', { ...store(DataPurpose.DATASETS), inspection });
    this.checkpoints = props.checkpoints ?? new DataBucket(this, 'Checkpoints', store(DataPurpose.CHECKPOINTS));
    this.cluster = new TrainingCluster(this, 'Cluster', {
      ...props,
      datasets: this.datasets,
      checkpoints: this.checkpoints,
    });
    const label = { key: 'project', value: labels.project! };
    this.budget = new CostBudget(this, 'Budget', { billingAccount, monthlyUsd: monthlyBudgetUsd, label });
    if (props.perimeter) this.perimeter = new ServicePerimeter(this, 'Perimeter', props.perimeter);
  }
}

const PLATFORM: Shape<TrainingPlatformProps> = {
  ...TRAINING_CLUSTER,
  // The first three are judged by rules of their own.
  costAllocation: ANYTHING,
  billingAccount: ANYTHING,
  monthlyBudgetUsd: ANYTHING,
  dataClass: oneOf(Object.values(DataClass)),
  inspection: objectOf(INSPECTION, 'an inspection { results }'),
  perimeter: objectOf(PERIMETER, 'a perimeter { accessPolicy }'),
};

function checkPlatform(scope: Construct, props: TrainingPlatformProps): void {
  const problems = new Problems();
  const typed = fits(problems, props, PLATFORM);
  if (props) {
    checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
    checkBudget(
      problems,
      { billingAccount: props.billingAccount, monthlyUsd: props.monthlyBudgetUsd },
      'monthlyBudgetUsd',
    );
  }
  if (typed) {
    checkTrainingCluster(problems, props, { checkpoints: true });
    checkGovernance(problems, props);
  }
  problems.throwIfAny(scope);
}

function checkGovernance(problems: Problems, { inspection, perimeter, datasets }: TrainingPlatformProps): void {
  if (perimeter) checkPerimeter(problems.within('perimeter'), perimeter);
  if (!inspection) return;
  checkInspection(problems.within('inspection'), inspection);
  if (!datasets) return;
  problems.add({
    code: 'InspectionInvalid',
    prop: 'inspection',
    allowed: 'left out where datasets are brought',
    got: inspection,
    fix: 'Make a DataInspection of that bucket, where it was made.',
  });
}
