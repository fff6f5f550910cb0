import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import { DataPurpose } from '../../core/data-purpose';
import { Problems } from '../../core/errors';
import { ANYTHING, fits, listOf, oneOf, type Shape, TEXT } from '../../core/shapes';
import { MlNetwork } from '../network/ml-network';
import type { IMlNetwork } from '../network/network-attributes';
import { CostAllocation } from '../operations/cost-allocation';
import { checkBudget, CostBudget } from '../operations/cost-budget';
import type { IDataBucket } from '../storage/bucket-attributes';
import { DataBucket } from '../storage/data-bucket';
import type { DataBucketProps } from '../storage/data-bucket-props';
import { networkOf } from './network-of';
import { TrainingCluster } from './training-cluster';
import { checkTrainingCluster } from './training-cluster-checks';
import { TRAINING_CLUSTER } from './training-cluster-options';
import type { TrainingClusterProps } from './training-cluster-props';

/** Properties for `TrainingPlatform`: those of its cluster, and who pays for it. */
export interface TrainingPlatformProps extends TrainingClusterProps {
  /** Who pays: on every resource that takes tags, also on the machines of the cluster. */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /** Most that all with the tag `project` may cost in a month, in US dollars. It warns, and stops nothing. */
  readonly monthlyBudgetUsd: number;
  /** Who is told of the budget. @default - the owners of the subscription */
  readonly alertEmails?: readonly string[];
  /** How sensitive datasets and checkpoints are. @default - as `DataBucket` */
  readonly dataClass?: DataClass;
}

/** Reference architecture: everything that a team needs to train a model on Azure, from its data to its bill. */
export class TrainingPlatform extends Construct {
  /** The network of nodes, file system and private endpoints. @default - you brought a cluster that tells none */
  public readonly network?: IMlNetwork;
  public readonly datasets: IDataBucket;
  public readonly checkpoints: IDataBucket;
  public readonly cluster: TrainingCluster;
  public readonly budget: CostBudget;

  constructor(scope: Construct, id: string, props: TrainingPlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { costAllocation, dataClass, resourceGroup, encryptionKey, monthlyBudgetUsd, alertEmails: emails } = props;

    const { tags } = CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.network = this.provideNetwork(props);
    const { network } = this;
    const store = (purpose: DataPurpose): DataBucketProps => ({
      resourceGroup,
      network,
      purpose,
      dataClass,
      encryptionKey,
    });
    this.datasets = props.datasets ?? new DataBucket(this, 'Datasets', store(DataPurpose.DATASETS));
    this.checkpoints = props.checkpoints ?? new DataBucket(this, 'Checkpoints', store(DataPurpose.CHECKPOINTS));
    this.cluster = new TrainingCluster(this, 'Cluster', {
      ...props,
      network,
      datasets: this.datasets,
      checkpoints: this.checkpoints,
    });
    const project = { project: tags.project! };
    this.budget = new CostBudget(this, 'Budget', { monthlyUsd: monthlyBudgetUsd, tags: project, emails });
  }

  private provideNetwork({ network, cluster, resourceGroup, zone }: TrainingPlatformProps): IMlNetwork | undefined {
    if (network) return network;
    return cluster ? networkOf(cluster) : new MlNetwork(this, 'Network', { resourceGroup, zone });
  }
}

const PLATFORM: Shape<TrainingPlatformProps> = {
  ...TRAINING_CLUSTER,
  // These are judged by rules of their own.
  costAllocation: ANYTHING,
  monthlyBudgetUsd: ANYTHING,
  alertEmails: listOf(TEXT),
  dataClass: oneOf(Object.values(DataClass)),
};

function checkPlatform(scope: Construct, props: TrainingPlatformProps): void {
  const problems = new Problems();
  const typed = fits(problems, props, PLATFORM);
  if (props) {
    checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
    checkBudget(problems, { monthlyUsd: props.monthlyBudgetUsd, emails: props.alertEmails }, 'monthlyBudgetUsd');
  }
  if (typed) checkTrainingCluster(problems, props, { data: true });
  problems.throwIfAny(scope);
}
