import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import { Problems } from '../../core/errors';
import { ANYTHING, fits, oneOf, type Shape } from '../../core/shapes';
import { acceptRules } from '../template/accepted-rules';
import { AlertTopic, checkEmails } from '../operations/alert-topic';
import { hasBudgets } from '../operations/budget-regions';
import { CostAllocation } from '../operations/cost-allocation';
import { checkBudget, CostBudget } from '../operations/cost-budget';
import { DataBucket, type DataBucketProps } from '../storage/data-bucket';
import { checkDataBucket } from '../storage/data-bucket-checks';
import { DataPurpose } from '../../core/data-purpose';
import type { DataStore } from '../storage/data-store';
import { TrainingCluster } from './training-cluster';
import type { TrainingClusterProps } from './training-cluster-props';
import { checkTrainingCluster } from './training-cluster-checks';
import { TRAINING_CLUSTER } from './training-cluster-options';
import { TrainingObservability } from './training-observability';

/** Properties for `TrainingPlatform`: those of its cluster, and who pays for it. */
export interface TrainingPlatformProps extends TrainingClusterProps {
  /** Who pays: on every resource, also on instances, volumes and network interfaces. */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /** Most that all with the tag `project` may cost in a month, in US dollars. It warns, and stops nothing. */
  readonly monthlyBudgetUsd: number;
  /** Who is told of alarms and of the budget; each address must confirm. @default - nobody yet: subscribe to `alerts` */
  readonly alertEmails?: readonly string[];
  /** How sensitive datasets and checkpoints are. @default - as `DataBucket` */
  readonly dataClass?: DataClass;
}

/** Reference architecture: everything that a team needs to train a model on AWS, from its data to its bill. */
export class TrainingPlatform extends Construct {
  public readonly datasets: DataStore;
  public readonly checkpoints: DataStore;
  public readonly cluster: TrainingCluster;
  public readonly alerts: AlertTopic;
  public readonly observability: TrainingObservability;
  /** @default - none where the region is known to have no AWS Budgets */
  public readonly budget?: CostBudget;

  constructor(scope: Construct, id: string, props: TrainingPlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { costAllocation, monthlyBudgetUsd, dataClass } = props;

    CostAllocation.apply(this, { ...costAllocation, dataClass });
    const [datasets, checkpoints] = bucketProps(props);
    this.datasets = props.datasets ?? new DataBucket(this, 'Datasets', datasets);
    this.checkpoints = props.checkpoints ?? new DataBucket(this, 'Checkpoints', checkpoints);
    this.cluster = new TrainingCluster(this, 'Cluster', {
      ...props,
      datasets: this.datasets,
      checkpoints: this.checkpoints,
    });

    this.alerts = new AlertTopic(this, 'Alerts', { emails: props.alertEmails });
    const { topic } = this.alerts;
    const { cluster, fileSystem, nodeGroup } = this.cluster;
    this.observability = new TrainingObservability(this, 'Observability', {
      clusterName: cluster.clusterName,
      neuron: nodeGroup.machine.isNeuron,
      fileSystem,
      topic,
    });
    if (hasBudgets(this)) {
      const tags = { project: costAllocation.project };
      this.budget = new CostBudget(this, 'Budget', { monthlyUsd: monthlyBudgetUsd, tags, topic });
    }
    acceptRules(this);
  }
}

function checkPlatform(scope: Construct, props: TrainingPlatformProps): void {
  const problems = new Problems();
  const typed = fits(problems, props, PLATFORM);
  if (props) checkBill(problems, props);
  if (typed) {
    checkBuckets(problems, props);
    checkTrainingCluster(problems, props, scope, { checkpoints: true });
  }
  problems.throwIfAny(scope);
}

const PLATFORM: Shape<TrainingPlatformProps> = {
  ...TRAINING_CLUSTER,
  // The first three are judged by `checkBill`.
  costAllocation: ANYTHING,
  monthlyBudgetUsd: ANYTHING,
  alertEmails: ANYTHING,
  dataClass: oneOf(Object.values(DataClass)),
};

function checkBill(problems: Problems, { costAllocation, monthlyBudgetUsd, alertEmails }: TrainingPlatformProps): void {
  checkCostAllocation(problems.within('costAllocation'), costAllocation);
  checkBudget(problems, monthlyBudgetUsd, 'monthlyBudgetUsd');
  checkEmails(problems, alertEmails, 'alertEmails');
}

function checkBuckets(problems: Problems, props: TrainingPlatformProps): void {
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
