import type { PriceMarket } from '../catalog/prices';
import type { Precision } from '../workload/precision';
import type { Optimizer, Recompute, Sharding, TrainingKind } from '../workload/training-job';
import type { MarketPrice, PlanEvidence, PlanRange, PlanResult, PlanStorage } from './plan';

/** The job of a plan. */
export interface PlannedJob {
  /** Kind of training. */
  readonly kind: TrainingKind;
  /** Name of the model. */
  readonly model: string;
  /** Parameters of the model. */
  readonly parameters: number;
  /** Parameters that process each token. */
  readonly activeParameters: number;
  /** Parameters that the optimizer updates. */
  readonly trainableParameters: number;
  /** Total tokens to train on. */
  readonly tokens: number;
  /** Tokens per sequence. */
  readonly sequenceLength: number;
  /** Precision of the matrix products. */
  readonly precision: Precision;
  /** The optimizer. */
  readonly optimizer: Optimizer;
  /** Activation recomputation. */
  readonly recompute: Recompute;
  /** Deadline in seconds. @default - no deadline */
  readonly finishWithinSeconds?: number;
  /** Budget in USD. @default - no limit */
  readonly budgetUsd?: number;
}

/** How the model and the batch are split over the accelerators. */
export interface PlannedParallelism {
  /** Accelerators that share each weight matrix. */
  readonly tensor: number;
  /** Pipeline stages. */
  readonly pipeline: number;
  /** Accelerators that share each sequence. */
  readonly context: number;
  /** Accelerators that share the experts of a layer. */
  readonly expert: number;
  /** Data-parallel replicas. */
  readonly data: number;
  /** ZeRO stage. */
  readonly sharding: Sharding;
  /** Sequences per accelerator in one forward and backward pass. */
  readonly microBatch: number;
  /** Sequences per step. If the job does not set it, about four million tokens. */
  readonly globalBatch: number;
  /** Whether the planner chose the split. */
  readonly chosen: boolean;
}

/** Memory of the fullest accelerator. */
export interface PlannedMemory {
  /** Parts in GiB. `states` are weights, gradients and optimizer states. */
  readonly partsGiB: Readonly<Record<'states' | 'embeddings' | 'activations' | 'logits' | 'reserve', number>>;
  /** Sum of the parts, in GiB. */
  readonly totalGiB: number;
  /** Memory that a program can allocate, in GiB. */
  readonly availableGiB: number;
  /** Total as a share of the available memory. */
  readonly used: number;
  /** Whether the total fits in the available memory. */
  readonly fits: boolean;
  /** The largest part. */
  readonly binds: 'states' | 'activations' | 'embeddings' | 'logits';
}

/** Duration of the job. `p25` is the slow end of a range. */
export interface PlannedTime {
  /** Basis of the prediction. */
  readonly evidence: PlanEvidence;
  /** Class of the job: chip, precision, kind of model and kind of training. */
  readonly class: string;
  /** Number of published runs in the class. */
  readonly runs: number;
  /** Goodput: share of the step rate that the job keeps over all hours. At most the median of published full runs. */
  readonly goodput: number;
  /** Seconds of the whole job, including failures and pauses. @default - no measurement, or almost no goodput */
  readonly seconds?: PlanRange;
  /** Lower bound in seconds, at the peak of the accelerators. @default - the peak is unknown */
  readonly boundSeconds?: number;
  /** Estimate in seconds from other classes, without a measurement. @default - the class has runs */
  readonly nearestSeconds?: PlanRange;
  /** TFLOP/s per accelerator during steps. @default - no measurement */
  readonly teraflopsPerAccelerator?: PlanRange;
  /** Upper bound in TFLOP/s per accelerator. @default - the peak is unknown */
  readonly boundTeraflops?: number;
  /** Seconds per step. @default - no measurement */
  readonly stepSeconds?: PlanRange;
  /** Tokens per second during steps. @default - no measurement */
  readonly tokensPerSecond?: PlanRange;
}

/** Checkpoints of the job. */
export interface PlannedCheckpoint {
  /** Size of a checkpoint, in GB. */
  readonly sizeGB: number;
  /** Write throughput in MB/s: of the declared storage, or as required. On spot at most that of a 1200 GiB file system per node. */
  readonly writeMBps: number;
  /** Write throughput at which writing takes 2% of the time, in MB/s. */
  readonly neededWriteMBps: number;
  /** Seconds to write a checkpoint. */
  readonly writeSeconds: number;
  /** Checkpoint interval in seconds. */
  readonly intervalSeconds: number;
  /** Share of the time that training pauses for writing. */
  readonly writing: number;
  /** Share of the time lost to writing, repeated work and restarts. */
  readonly loss: number;
  /** Whether writing takes at most 2% of the time, at most 10%, or more. */
  readonly verdict: 'ok' | 'slow' | 'too-slow';
  /** Mean seconds between failures of the job. */
  readonly secondsBetweenFailures: number;
}

/** Cost of the job in one market. */
export interface TrainingCost extends MarketPrice {
  /** Purchase option. */
  readonly market: PriceMarket;
  /** Goodput in this market. */
  readonly goodput: number;
  /** Seconds of the job in this market. @default - no measurement, or almost no goodput */
  readonly seconds?: PlanRange;
  /** Cost of the job, in USD. @default - unknown, see `reason` */
  readonly runUsd?: PlanRange;
  /** Minimum cost of the job, in USD. @default - the price or the peak of the accelerators is unknown */
  readonly boundUsd?: number;
}

/** A limit of a training job. */
export type TrainingBinding = 'memory' | 'precision' | 'layout' | 'time' | 'budget' | 'fabric' | 'storage' | 'spot';

/** The plan of a training job: whether it fits, how long it takes, what it costs, and the evidence for each. */
export interface TrainingPlan extends PlanResult<TrainingBinding> {
  /** Kind of plan. */
  readonly kind: 'training';
  /** The job. */
  readonly job: PlannedJob;
  /** How the model and the batch are split. */
  readonly parallelism: PlannedParallelism;
  /** Memory of the fullest accelerator. */
  readonly memory: PlannedMemory;
  /** Duration of the job. */
  readonly time: PlannedTime;
  /** Checkpoints of the job. */
  readonly checkpoint: PlannedCheckpoint;
  /** Storage requirements. */
  readonly storage: PlanStorage;
  /** Cost on demand, on spot and with a commitment, in this order. */
  readonly costs: readonly TrainingCost[];
}
