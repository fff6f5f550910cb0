import type { PriceMarket } from '../catalog/prices';
import type { Precision } from '../workload/precision';
import type { Optimizer, Recompute, Sharding, TrainingKind } from '../workload/training-job';
import type { MarketPrice, PlanEvidence, PlanRange, PlanResult, PlanStorage } from './plan';

/** The job as it was planned. */
export interface PlannedJob {
  readonly kind: TrainingKind;
  readonly model: string;
  readonly parameters: number;
  readonly activeParameters: number;
  readonly trainableParameters: number;
  readonly tokens: number;
  readonly sequenceLength: number;
  readonly precision: Precision;
  readonly optimizer: Optimizer;
  readonly recompute: Recompute;
  readonly finishWithinSeconds?: number;
  readonly budgetUsd?: number;
}

/** How the model and the batch are dealt out. */
export interface PlannedParallelism {
  readonly tensor: number;
  readonly pipeline: number;
  readonly context: number;
  readonly expert: number;
  readonly data: number;
  readonly sharding: Sharding;
  /** Sequences that an accelerator takes at once. */
  readonly microBatch: number;
  /** Sequences of a step. Where the job does not say: what comes next to four million tokens. */
  readonly globalBatch: number;
  /** Whether the planner chose the split. */
  readonly chosen: boolean;
}

/** What is in the memory of the fullest accelerator. */
export interface PlannedMemory {
  readonly partsGiB: Readonly<Record<'states' | 'embeddings' | 'activations' | 'logits' | 'reserve', number>>;
  readonly totalGiB: number;
  readonly availableGiB: number;
  /** Share of what is available. */
  readonly used: number;
  readonly fits: boolean;
  /** The largest part. */
  readonly binds: 'states' | 'activations' | 'embeddings' | 'logits';
}

/** How long the job takes: `p25` is the slow end. */
export interface PlannedTime {
  readonly evidence: PlanEvidence;
  /** Chip, precision, kind of model and kind of training. */
  readonly class: string;
  /** Published runs of the class. */
  readonly runs: number;
  /** Share of its step rate that the job keeps over all hours: what the middle of published whole runs kept, or less. */
  readonly goodput: number;
  /** Of the whole job, failures and pauses included. @default - nothing was measured, or no work is kept */
  readonly seconds?: PlanRange;
  /** These accelerators are never faster. @default - their peak is not known */
  readonly boundSeconds?: number;
  /** What runs of other classes suggest: an estimate without a measurement. @default - the class has runs */
  readonly nearestSeconds?: PlanRange;
  /** While it steps, as are the next two. */
  readonly teraflopsPerAccelerator?: PlanRange;
  readonly boundTeraflops?: number;
  readonly stepSeconds?: PlanRange;
  readonly tokensPerSecond?: PlanRange;
}

/** How checkpoints are written. */
export interface PlannedCheckpoint {
  readonly sizeGB: number;
  /** Of the storage that is given, or what is needed; on spot no more than a file system of 1200 GiB a node takes. */
  readonly writeMBps: number;
  /** At this rate writing takes 2 % of the time. */
  readonly neededWriteMBps: number;
  readonly writeSeconds: number;
  readonly intervalSeconds: number;
  /** Share of the time that training stands still to write. */
  readonly writing: number;
  /** Share of the time lost to writing, to work done twice and to restarts. */
  readonly loss: number;
  readonly verdict: 'ok' | 'slow' | 'too-slow';
  readonly secondsBetweenFailures: number;
}

/** What the job costs in one market. */
export interface TrainingCost extends MarketPrice {
  readonly market: PriceMarket;
  readonly goodput: number;
  readonly seconds?: PlanRange;
  readonly runUsd?: PlanRange;
  /** It costs at least this much. */
  readonly boundUsd?: number;
}

/** What may bind a training job. */
export type TrainingBinding = 'memory' | 'precision' | 'layout' | 'time' | 'budget' | 'fabric' | 'storage' | 'spot';

/** A training job on a cluster: whether it fits, how long it takes, what it costs, and what each of that rests on. */
export interface TrainingPlan extends PlanResult<TrainingBinding> {
  readonly kind: 'training';
  readonly job: PlannedJob;
  readonly parallelism: PlannedParallelism;
  readonly memory: PlannedMemory;
  readonly time: PlannedTime;
  readonly checkpoint: PlannedCheckpoint;
  readonly storage: PlanStorage;
  /** On demand, spot and committed, in this order. */
  readonly costs: readonly TrainingCost[];
}
