import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import type { DataClass } from '../../core/data-class';
import { DataPurpose } from '../../core/data-purpose';
import { ProblemCollector } from '../../core/errors';
import { pick, validateProps } from '../../core/prop-schema';
import { CostAllocation } from '../operations/cost-allocation';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { GpuAlarms } from '../operations/gpu-alarms';
import { TRAINING_CLUSTER_PROPS, TRAINING_PLATFORM_PROPS } from '../prop-schemas';
import { DataBucket, type IDataBucket } from '../storage/data-bucket';
import { checkTrainingCluster } from './training-checks';
import { TrainingCluster, type TrainingClusterProps } from './training-cluster';

/** Properties for `TrainingPlatform`: the settings of its cluster, and the cost allocation. */
export interface TrainingPlatformProps extends TrainingClusterProps {
  /**
   * Who pays. Becomes tags on every resource that supports them, including the machines and disks of the nodes.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /** Sensitivity of the datasets and checkpoints. @default - the default of `DataBucket` */
  readonly dataClass?: DataClass;
}

/**
 * Reference architecture for training on Alibaba Cloud: buckets, a training cluster, alerts about GPUs, and cost tags. One key encrypts everything.
 *
 * @example
 * ```ts
 * import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
 * import { AlicloudMachine, Capacity, TrainingPlatform } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const platform = new TrainingPlatform(stack, 'Platform', {
 *   zone: 'cn-hangzhou-i',
 *   machine: AlicloudMachine.ECS_EBMGN8V_48XLARGE,
 *   nodes: 16,
 *   capacity: Capacity.reservation('eap-bp67acfmxazb4wxyz'),
 *   costAllocation: {
 *     project: 'atlas',
 *     team: 'research',
 *     environment: 'prod',
 *     costCenter: 'R-17',
 *     owner: 'ml-platform',
 *   },
 * });
 * new HelmProvider(stack, 'Helm', { kubernetes: platform.trainingCluster.controlPlane!.connection });
 * ```
 */
export class TrainingPlatform extends Construct {
  /** Key for buckets, secrets, disks, and the file system. */
  public readonly encryptionKey: IEncryptionKey;
  /** Bucket with training data. */
  public readonly datasets: IDataBucket;
  /** Bucket for checkpoints. */
  public readonly checkpoints: IDataBucket;
  /** The training cluster. */
  public readonly trainingCluster: TrainingCluster;
  /** Alerts about GPUs and nodes. */
  public readonly alarms: GpuAlarms;

  constructor(scope: Construct, id: string, props: TrainingPlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { costAllocation, dataClass, cluster } = props;
    CostAllocation.apply(this, { ...costAllocation, dataClass });
    const ofCluster = cluster?.newCluster.encryptionKey;
    this.encryptionKey = props.encryptionKey ?? ofCluster ?? new EncryptionKey(this, 'Key');
    const { encryptionKey } = this;
    const bucket = (bucketId: string, purpose: DataPurpose) =>
      new DataBucket(this, bucketId, { purpose, dataClass, encryptionKey });
    this.datasets = props.datasets ?? bucket('Datasets', DataPurpose.DATASETS);
    this.checkpoints = props.checkpoints ?? bucket('Checkpoints', DataPurpose.CHECKPOINTS);
    this.trainingCluster = new TrainingCluster(this, 'Cluster', {
      ...pick<TrainingClusterProps>(TRAINING_CLUSTER_PROPS, props),
      encryptionKey: ofCluster ? undefined : encryptionKey,
      datasets: this.datasets,
      checkpoints: this.checkpoints,
    });
    const { systemNodes } = this.trainingCluster;
    this.alarms = new GpuAlarms(this, 'Alarms', {
      cluster: this.trainingCluster.cluster,
      after: systemNodes && [systemNodes.resource],
    });
  }
}

function checkPlatform(scope: Construct, props: TrainingPlatformProps): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, props, TRAINING_PLATFORM_PROPS);
  if (props) checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
  if (typed) checkTrainingCluster(problems, props, { data: true });
  problems.throwIfAny(scope);
}
