import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../core/cost-allocation';
import type { DataClass } from '../core/data-class';
import { Problems } from '../core/errors';
import { acceptRules } from './accepted-rules';
import { AlertTopic } from './alert-topic';
import { CostAllocation } from './cost-allocation';
import { checkBudget, CostBudget } from './cost-budget';
import { DataBucket } from './data-bucket';
import { DataPurpose } from './data-bucket-lifecycle';
import { type DataStore, storageContext, TrainingCluster, type TrainingClusterProps } from './training-cluster';
import { checkTrainingCluster } from './training-cluster-checks';
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
  public readonly budget: CostBudget;

  constructor(scope: Construct, id: string, props: TrainingPlatformProps) {
    super(scope, id);
    const { costAllocation, monthlyBudgetUsd, dataClass, encryptionKey } = props;
    checkPlatform(this, props);

    CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.datasets =
      props.datasets ?? new DataBucket(this, 'Datasets', { purpose: DataPurpose.DATASETS, dataClass, encryptionKey });
    this.checkpoints =
      props.checkpoints ??
      new DataBucket(this, 'Checkpoints', { purpose: DataPurpose.CHECKPOINTS, dataClass, encryptionKey });
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
    this.budget = new CostBudget(this, 'Budget', {
      monthlyUsd: monthlyBudgetUsd,
      tags: { project: costAllocation.project },
      topic,
    });
    acceptRules(this);
  }
}

function checkPlatform(scope: Construct, props: TrainingPlatformProps): void {
  const problems = new Problems();
  checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
  checkBudget(problems, props.monthlyBudgetUsd, [], 'monthlyBudgetUsd');
  checkTrainingCluster(problems, props, storageContext(props));
  problems.throwIfAny(scope);
}
