import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { type DataClass } from '../../core/data-class';
import { DataPurpose } from '../../core/data-purpose';
import { ProblemCollector } from '../../core/errors';
import { pick, validateProps } from '../../core/prop-schema';
import { MlNetwork, type IMlNetwork } from '../network/ml-network';
import { CostAllocation } from '../operations/cost-allocation';
import { checkBudget, CostBudget } from '../operations/cost-budget';
import { type IDataBucket, DataBucket, type DataBucketProps } from '../storage/data-bucket';
import { networkOf } from './network-of';
import { TrainingCluster, checkTrainingCluster, type TrainingClusterProps } from './training-cluster';
import { TRAINING_CLUSTER_PROPS, TRAINING_PLATFORM_PROPS } from '../prop-schemas';

/** Properties for `TrainingPlatform`. */
export interface TrainingPlatformProps extends TrainingClusterProps {
  /**
   * Cost tags for all resources, including the machines of the cluster.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /**
   * Monthly budget in US dollars for resources with the tag `project`. It sends alerts and does not stop any resource.
   * @schema ANY
   */
  readonly monthlyBudgetUsd: number;
  /** Email addresses that receive budget alerts. @default - the owners of the subscription */
  readonly alertEmails?: readonly string[];
  /** Sensitivity of datasets and checkpoints. @default - the default of `DataBucket` */
  readonly dataClass?: DataClass;
}

/**
 * Reference architecture for training on Azure: network, buckets, training cluster, cost tags, and budget.
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import {
 *   AzureMachine,
 *   InfinibandFeature,
 *   Installation,
 *   ResourceGroup,
 *   TrainingPlatform,
 * } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'training');
 * new TrainingPlatform(stack, 'Platform', {
 *   resourceGroup: new ResourceGroup(stack, 'Group', { location: 'swedencentral' }),
 *   zone: '1',
 *   machine: AzureMachine.ND96ISR_H100_V5,
 *   nodes: 4,
 *   infinibandFeature: InfinibandFeature.REGISTERED,
 *   installation: Installation.gitOps(),
 *   costAllocation: {
 *     project: 'atlas',
 *     team: 'research',
 *     environment: 'prod',
 *     costCenter: 'R-17',
 *     owner: 'ml-platform',
 *   },
 *   monthlyBudgetUsd: 800_000,
 * });
 * ```
 */
export class TrainingPlatform extends Construct {
  /** Network of nodes, file system, and private endpoints. @default - unknown: an existing cluster without `network` */
  public readonly network?: IMlNetwork;
  /** Bucket with training data. */
  public readonly datasets: IDataBucket;
  /** Bucket for finished checkpoints. */
  public readonly checkpoints: IDataBucket;
  /** The training cluster. */
  public readonly trainingCluster: TrainingCluster;
  /** The monthly budget. */
  public readonly budget: CostBudget;

  constructor(scope: Construct, id: string, props: TrainingPlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { costAllocation, dataClass, resourceGroup, encryptionKey, monthlyBudgetUsd, alertEmails } = props;

    const { tags } = CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.network = this.provideNetwork(props);
    const { network } = this;
    const bucket = (purpose: DataPurpose): DataBucketProps => ({
      resourceGroup,
      network,
      purpose,
      dataClass,
      encryptionKey,
    });
    this.datasets = props.datasets ?? new DataBucket(this, 'Datasets', bucket(DataPurpose.DATASETS));
    this.checkpoints = props.checkpoints ?? new DataBucket(this, 'Checkpoints', bucket(DataPurpose.CHECKPOINTS));
    this.trainingCluster = new TrainingCluster(this, 'Cluster', {
      ...pick<TrainingClusterProps>(TRAINING_CLUSTER_PROPS, props),
      network,
      datasets: this.datasets,
      checkpoints: this.checkpoints,
    });
    const project = { project: tags.project! };
    this.budget = new CostBudget(this, 'Budget', { monthlyUsd: monthlyBudgetUsd, tags: project, alertEmails });
  }

  private provideNetwork({ network, cluster, resourceGroup, zone }: TrainingPlatformProps): IMlNetwork | undefined {
    if (network) return network;
    return cluster?.existing ? networkOf(cluster.existing) : new MlNetwork(this, 'Network', { resourceGroup, zone });
  }
}

function checkPlatform(scope: Construct, props: TrainingPlatformProps): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, props, TRAINING_PLATFORM_PROPS);
  if (props) {
    checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
    checkBudget(problems, { monthlyUsd: props.monthlyBudgetUsd, alertEmails: props.alertEmails }, 'monthlyBudgetUsd');
  }
  if (typed) checkTrainingCluster(problems, props, { data: true });
  problems.throwIfAny(scope);
}
