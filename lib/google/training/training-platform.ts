import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { type DataClass } from '../../core/data-class';
import { DataPurpose } from '../../core/data-purpose';
import { ProblemCollector } from '../../core/errors';
import { pick, validateProps } from '../../core/prop-schema';
import { checkInspection, type DataInspectionOptions } from '../governance/data-inspection';
import { ServicePerimeter, checkPerimeter, type ServicePerimeterOptions } from '../governance/service-perimeter';
import { AlertChannels, checkBudget, CostBudget } from '../operations/cost-budget';
import { CostAllocation } from '../operations/cost-allocation';
import { regionOf } from '../props/location';
import { type IDataBucket, DataBucket, type DataBucketProps } from '../storage/data-bucket';
import { TrainingCluster, checkTrainingCluster, type TrainingClusterProps } from './training-cluster';
import { TRAINING_CLUSTER_PROPS, TRAINING_PLATFORM_PROPS } from '../prop-schemas';

/** Properties for `TrainingPlatform`: the settings of its cluster, and the cost allocation. */
export interface TrainingPlatformProps extends TrainingClusterProps {
  /**
   * Who pays. Becomes labels on every resource that supports them, including the machines and disks of the nodes.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /**
   * ID of the billing account, for example `012345-567890-ABCDEF`.
   * @schema ANY
   */
  readonly billingAccount: string;
  /**
   * Budget for the resources with the label `project`, in whole US dollars per month. The budget only notifies.
   * @schema ANY
   */
  readonly monthlyBudgetUsd: number;
  /** Sensitivity of the datasets and checkpoints. @default - the default of `DataBucket` */
  readonly dataClass?: DataClass;
  /** Inspection of the new datasets bucket for personal data and secrets. @default - none */
  readonly inspection?: DataInspectionOptions;
  /** VPC Service Controls perimeter around the project, by default in dry run mode. @default - none */
  readonly perimeter?: ServicePerimeterOptions;
  /**
   * Email addresses that receive budget notifications. Creates a notification channel for each.
   *
   * @default - none
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
}

/**
 * Reference architecture: everything a team needs to train a model on Google Cloud, from data to budget.
 *
 * The new buckets use the `encryptionKey` of `ClusterSource.create` if it is set.
 *
 * @example
 * ```ts
 * import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
 * import { Capacity, GoogleMachine, TrainingPlatform } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const platform = new TrainingPlatform(stack, 'Platform', {
 *   zone: 'us-central1-b',
 *   machine: GoogleMachine.A3_ULTRAGPU_8G,
 *   nodes: 16,
 *   capacity: Capacity.reservation('h200-pretraining'),
 *   costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
 *   billingAccount: '012345-567890-ABCDEF',
 *   monthlyBudgetUsd: 1_000_000,
 *   alertEmails: ['ml-oncall@example.com'],
 * });
 * new HelmProvider(stack, 'Helm', { kubernetes: platform.trainingCluster.controlPlane!.connection });
 * ```
 */
export class TrainingPlatform extends Construct {
  /** Bucket with the training data. */
  public readonly datasets: IDataBucket;
  /** Bucket for checkpoints. */
  public readonly checkpoints: IDataBucket;
  /** The training cluster. */
  public readonly trainingCluster: TrainingCluster;
  /** The budget. */
  public readonly budget: CostBudget;
  /** Notification channels for `alertEmails`. @default - none */
  public readonly alerts?: AlertChannels;
  /** VPC Service Controls perimeter. @default - none */
  public readonly perimeter?: ServicePerimeter;

  constructor(scope: Construct, id: string, props: TrainingPlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { costAllocation, dataClass, zone, cluster, billingAccount, monthlyBudgetUsd, inspection } = props;
    const { alertEmails = [], alertChannels = [] } = props;

    const { labels } = CostAllocation.apply(this, { ...costAllocation, dataClass });
    const store = (purpose: DataPurpose): DataBucketProps => ({
      region: regionOf(zone),
      purpose,
      dataClass,
      encryptionKey: cluster?.newCluster.encryptionKey,
    });
    this.datasets = props.datasets ?? new DataBucket(this, 'Datasets', { ...store(DataPurpose.DATASETS), inspection });
    this.checkpoints = props.checkpoints ?? new DataBucket(this, 'Checkpoints', store(DataPurpose.CHECKPOINTS));
    this.trainingCluster = new TrainingCluster(this, 'Cluster', {
      ...pick<TrainingClusterProps>(TRAINING_CLUSTER_PROPS, props),
      datasets: this.datasets,
      checkpoints: this.checkpoints,
    });
    if (alertEmails.length > 0) this.alerts = new AlertChannels(this, 'Alerts', { emails: alertEmails });
    this.budget = new CostBudget(this, 'Budget', {
      billingAccount,
      monthlyUsd: monthlyBudgetUsd,
      label: { key: 'project', value: labels.project! },
      alertChannels: [...(this.alerts?.channelIds ?? []), ...alertChannels],
    });
    if (props.perimeter) this.perimeter = new ServicePerimeter(this, 'Perimeter', props.perimeter);
  }
}

function checkPlatform(scope: Construct, props: TrainingPlatformProps): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, props, TRAINING_PLATFORM_PROPS);
  if (props) {
    checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
    checkBudget(
      problems,
      {
        billingAccount: props.billingAccount,
        monthlyUsd: props.monthlyBudgetUsd,
        alertEmails: props.alertEmails,
        alertChannels: props.alertChannels,
      },
      'monthlyBudgetUsd',
    );
  }
  if (typed) {
    checkTrainingCluster(problems, props, { checkpoints: true });
    checkGovernance(problems, props);
  }
  problems.throwIfAny(scope);
}

function checkGovernance(problems: ProblemCollector, { inspection, perimeter, datasets }: TrainingPlatformProps): void {
  if (perimeter) checkPerimeter(problems.within('perimeter'), perimeter);
  if (!inspection) return;
  checkInspection(problems.within('inspection'), inspection);
  if (!datasets) return;
  problems.add({
    code: 'InspectionInvalid',
    prop: 'inspection',
    allowed: 'left out for an existing datasets bucket',
    got: inspection,
    fix: 'Create a DataInspection for that bucket instead.',
  });
}
