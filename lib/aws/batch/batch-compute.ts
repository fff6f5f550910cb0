import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Prices } from '../../core/catalog/price-override';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import type { AwsMachine } from '../machine/machine';
import type { ServiceOffers } from '../../core/cost-allocation';
import { awsBatchBackend } from './aws-batch-backend';
import type { AwsBatchOptions } from './aws-batch-options';
import type { BatchEstimateInput } from './batch-estimate';
import type { BatchQueues } from './batch-queues';
import type { JobCompute } from './job-workflow';
import type { ShardJob, ShardLocationsProps } from './shard-job';
import { transformBackend } from './transform-backend';
import type { TransformOptions } from './transform-options';
import { AWS_BATCH_OPTIONS, TRANSFORM_OPTIONS } from '../prop-schemas';

/** Limits of the workflow that the options of a compute are validated against. */
export interface ComputeLimits {
  readonly shardsPerTask: number;
  /** Time limit of a run, in seconds. */
  readonly timeoutSeconds: number;
  /** Maximum number of concurrent jobs. @default - the number that keeps all machines busy */
  readonly concurrency?: number;
}

/** Locations and limits of the workflow. */
export interface ComputeContext extends ShardLocationsProps, ComputeLimits {}

/** The parts of a compute in a workflow. */
export interface BoundCompute {
  readonly compute: JobCompute;
  /** Permissions of the workflow to run jobs. */
  readonly statements: readonly PolicyStatement[];
  /** Fields that each run record contains. */
  readonly about: Readonly<Record<string, unknown>>;
  /** @default - SageMaker runs the jobs */
  readonly queues?: BatchQueues;
  /** @default - SageMaker runs the jobs */
  readonly job?: ShardJob;
  /** Existing role that reads shards and writes results. @default - a new role of the job */
  readonly existingRole?: IRole;
}

/** A service that runs the jobs, behind `BatchCompute`. */
export interface ComputeBackend {
  readonly machine: AwsMachine;
  /** Own prices of the machines. @default - the prices of the catalog */
  readonly prices?: Prices;
  /** What the service sells. @default - machines of a cloud */
  readonly offers?: () => ServiceOffers;
  /** Number of shards that all machines can process at once. @default - unknown */
  readonly slots?: number;
  /** Returns the number of concurrent jobs that keeps all machines busy. */
  readonly concurrency: (shardsPerTask: number) => number;
  /** Adds a problem for each invalid option. */
  readonly check: (problems: ProblemCollector, scope: Construct, limits: ComputeLimits) => void;
  /** Returns the machines for an estimate. The options must be valid. */
  readonly estimateInput: (scope: Construct, limits: ComputeLimits) => BatchEstimateInput;
  /** Creates the resources. */
  readonly bind: (scope: Construct, context: ComputeContext) => BoundCompute;
}

/** The service and the machines that process the shards. */
export class BatchCompute {
  /**
   * Jobs of AWS Batch: your own container on GPU machines, on-demand or spot.
   *
   * @throws AiInfraError if an option has the wrong type. `BatchInference` validates the values.
   */
  static awsBatch(options: AwsBatchOptions): BatchCompute {
    assertProps(options, AWS_BATCH_OPTIONS, { name: 'options' });
    return new BatchCompute(awsBatchBackend(options));
  }

  /**
   * SageMaker batch transform: an existing SageMaker model, on machines that SageMaker starts and stops.
   *
   * @throws AiInfraError if an option has the wrong type. `BatchInference` validates the values.
   */
  static transform(options: TransformOptions): BatchCompute {
    assertProps(options, TRANSFORM_OPTIONS, { name: 'options' });
    return new BatchCompute(transformBackend(options));
  }

  private constructor(
    /** @internal */
    readonly backend: ComputeBackend,
  ) {}

  /** The machine type that processes the shards. */
  get machine(): AwsMachine {
    return this.backend.machine;
  }
}

brand(BatchCompute, 'aws.BatchCompute');
