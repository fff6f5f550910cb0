import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Problems } from '../../core/errors';
import { branded, demand, type Kind } from '../../core/shapes';
import type { AwsMachine } from '../machine/machine';
import { AWS_BATCH, type AwsBatchOptions } from './aws-batch-options';
import { awsBatchWay } from './aws-batch-way';
import type { BatchGround } from './batch-estimate';
import type { BatchQueues } from './batch-queues';
import type { JobCompute } from './job-workflow';
import type { ShardJob } from './shard-job';
import type { ShardPlacesProps } from './shard-places';
import { TRANSFORM, type TransformOptions } from './transform-options';
import { transformWay } from './transform-way';

/** What a compute is judged within. */
export interface ComputeLimits {
  readonly shardsPerJob: number;
  /** Seconds that a run may take. */
  readonly timeoutSeconds: number;
  /** @default - as many as keep all machines at work */
  readonly concurrency?: number;
}

/** What a workflow tells its compute. */
export interface ComputeContext extends ShardPlacesProps, ComputeLimits {}

/** What a compute gives to its workflow. */
export interface BoundCompute {
  readonly compute: JobCompute;
  /** What the workflow may do to run jobs. */
  readonly statements: readonly PolicyStatement[];
  /** What a run is recorded with. */
  readonly about: Readonly<Record<string, unknown>>;
  /** What an estimate of a run rests on, for so many jobs at once. */
  readonly ground: (concurrency: number) => BatchGround;
  readonly queues?: BatchQueues;
  readonly job?: ShardJob;
  /** Who reads shards and writes results, where it is a role that was brought. */
  readonly reader?: IRole;
}

/** One way to compute, behind the one class that users see. */
export interface ComputeWay {
  readonly kind: 'aws-batch' | 'transform';
  readonly machine: AwsMachine;
  /** Shards that all its machines work on at once. @default - it is not known here */
  readonly places?: number;
  /** Jobs that keep all machines at work. */
  readonly concurrency: (shardsPerJob: number) => number;
  readonly check: (problems: Problems, scope: Construct, limits: ComputeLimits) => void;
  readonly bind: (scope: Construct, context: ComputeContext) => BoundCompute;
}

/** What works on the shards. */
export class BatchCompute {
  /** Jobs of AWS Batch: a container of your own on GPU machines, on spot capacity where you like. */
  static awsBatch(options: AwsBatchOptions): BatchCompute {
    demand(options, AWS_BATCH, { name: 'options' });
    return new BatchCompute(awsBatchWay(options));
  }

  /** SageMaker batch transform: a model that SageMaker has already, on machines that SageMaker starts and stops. */
  static transform(options: TransformOptions): BatchCompute {
    demand(options, TRANSFORM, { name: 'options' });
    return new BatchCompute(transformWay(options));
  }

  private constructor(
    /** @internal */
    readonly way: ComputeWay,
  ) {}

  /** Which of the two it is. */
  get kind(): 'aws-batch' | 'transform' {
    return this.way.kind;
  }

  /** The machine that shards are worked on. */
  get machine(): AwsMachine {
    return this.way.machine;
  }
}

/** A compute, of whichever copy of the package. */
export const BATCH_COMPUTE: Kind = branded(
  BatchCompute,
  'BatchCompute',
  'a BatchCompute',
  'Use BatchCompute.awsBatch({ … }) or BatchCompute.transform({ … }).',
);
