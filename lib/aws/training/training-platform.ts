import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { type DataClass } from '../../core/data-class';
import { ProblemCollector } from '../../core/errors';
import { pick, validateProps } from '../../core/prop-schema';
import { acceptRules } from '../template/accepted-rules';
import { AlertTopic, checkEmails } from '../operations/alert-topic';
import { hasBudgets, checkBudget, CostBudget } from '../operations/cost-budget';
import { CostAllocation } from '../operations/cost-allocation';
import { DataBucket, type DataBucketProps, type IDataBucket, checkDataBucket } from '../storage/data-bucket';
import { DataPurpose } from '../../core/data-purpose';
import { TrainingCluster, checkTrainingCluster, type TrainingClusterProps } from './training-cluster';
import { TrainingObservability } from './training-observability';
import { TRAINING_CLUSTER_PROPS, TRAINING_PLATFORM_PROPS } from '../prop-schemas';

/** Properties for `TrainingPlatform`: the props of its cluster, and its costs and alerts. */
export interface TrainingPlatformProps extends TrainingClusterProps {
  /**
   * Cost allocation tags for every resource, including instances, volumes, and network interfaces.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /**
   * Monthly budget in US dollars for all resources with the same `project` tag. It sends alerts, and stops nothing.
   * @schema ANY
   */
  readonly monthlyBudgetUsd: number;
  /**
   * Email addresses that receive alarm and budget notifications. Each address must confirm its subscription.
   *
   * @default - none; subscribe to `alerts`
   * @schema ANY
   */
  readonly alertEmails?: readonly string[];
  /** Sensitivity of datasets and checkpoints. @default DataClass.INTERNAL */
  readonly dataClass?: DataClass;
}

/**
 * Reference architecture: a training cluster with buckets, alarms, a dashboard, cost tags, and a budget.
 *
 * @example
 * ```ts
 * import { AwsMachine, TrainingPlatform } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * new TrainingPlatform(new Stack(new App(), 'Training'), 'Platform', {
 *   machine: AwsMachine.P5_48XLARGE,
 *   nodes: 4,
 *   costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' },
 *   monthlyBudgetUsd: 500_000,
 * });
 * ```
 */
export class TrainingPlatform extends Construct {
  /** Bucket with training data. */
  public readonly datasets: IDataBucket;
  /** Bucket for checkpoints. */
  public readonly checkpoints: IDataBucket;
  /** The training cluster. */
  public readonly trainingCluster: TrainingCluster;
  /** SNS topic that receives alarm and budget notifications. */
  public readonly alerts: AlertTopic;
  /** Dashboard and alarms. */
  public readonly observability: TrainingObservability;
  /** The monthly budget. @default - the region has no AWS Budgets */
  public readonly budget?: CostBudget;

  constructor(scope: Construct, id: string, props: TrainingPlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { costAllocation, monthlyBudgetUsd, dataClass } = props;

    CostAllocation.apply(this, { ...costAllocation, dataClass });
    const [datasets, checkpoints] = bucketProps(props);
    this.datasets = props.datasets ?? new DataBucket(this, 'Datasets', datasets);
    this.checkpoints = props.checkpoints ?? new DataBucket(this, 'Checkpoints', checkpoints);
    this.trainingCluster = new TrainingCluster(this, 'Cluster', {
      ...pick<TrainingClusterProps>(TRAINING_CLUSTER_PROPS, props),
      datasets: this.datasets,
      checkpoints: this.checkpoints,
    });

    this.alerts = new AlertTopic(this, 'Alerts', { alertEmails: props.alertEmails });
    const { topic } = this.alerts;
    const { cluster, fileSystem, nodeGroup } = this.trainingCluster;
    this.observability = new TrainingObservability(this, 'Observability', {
      clusterName: cluster.clusterName,
      neuron: nodeGroup.machine.isNeuron,
      fileSystem,
      alertTopic: topic,
    });
    if (hasBudgets(this)) {
      const tags = { project: costAllocation.project };
      this.budget = new CostBudget(this, 'Budget', { monthlyUsd: monthlyBudgetUsd, tags, alertTopic: topic });
    }
    acceptRules(this);
  }
}

function checkPlatform(scope: Construct, props: TrainingPlatformProps): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, props, TRAINING_PLATFORM_PROPS);
  if (props) checkBill(problems, props);
  if (typed) {
    checkBuckets(problems, props);
    checkTrainingCluster(problems, props, scope, { checkpoints: true });
  }
  problems.throwIfAny(scope);
}

function checkBill(
  problems: ProblemCollector,
  { costAllocation, monthlyBudgetUsd, alertEmails }: TrainingPlatformProps,
): void {
  checkCostAllocation(problems.within('costAllocation'), costAllocation);
  checkBudget(problems, monthlyBudgetUsd, 'monthlyBudgetUsd');
  checkEmails(problems, alertEmails, 'alertEmails');
}

function checkBuckets(problems: ProblemCollector, props: TrainingPlatformProps): void {
  const [datasets, checkpoints] = bucketProps(props);
  if (!props.datasets) checkDataBucket(problems.within('datasets'), datasets);
  if (!props.checkpoints) checkDataBucket(problems.within('checkpoints'), checkpoints);
}

function bucketProps({
  dataClass,
  encryptionKey,
}: TrainingPlatformProps): [datasets: DataBucketProps, checkpoints: DataBucketProps] {
  const shared = { dataClass, encryptionKey };
  return [
    { ...shared, purpose: DataPurpose.DATASETS },
    { ...shared, purpose: DataPurpose.CHECKPOINTS },
  ];
}
