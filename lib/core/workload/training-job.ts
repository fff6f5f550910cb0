import { ProblemCollector } from '../errors';
import { brand } from '../prop-schema';
import { type DurationLike, secondsOf } from './deadline';
import { loraParameters } from './model-parameters';
import type { ModelSpec } from './model-spec';
import { completeParallelism, type Parallelism } from './parallelism';
import type { Precision } from './precision';
import { checkTraining, defaultSequence } from './training-checks';

/** Kind of training: all weights from scratch, all weights of a pretrained model, or low-rank adapters. */
export type TrainingKind = 'pretrain' | 'fine-tune' | 'lora';

/** The optimizer: Adam with two moments in 32 or in 8 bits, or SGD with one moment. */
export type Optimizer = 'adam' | 'adam-8bit' | 'sgd';

/** ZeRO stage (arXiv 1910.02054): the replicas share nothing, optimizer states, also gradients, or also weights. FSDP is `zero-3`. */
export type Sharding = 'none' | 'zero-1' | 'zero-2' | 'zero-3';

/** Activation recomputation in the backward pass (arXiv 2205.05198). */
export type Recompute = 'none' | 'selective' | 'full';

/** Properties for `TrainingJob`. */
export interface TrainingJobProps {
  /** The model to train. */
  readonly model: ModelSpec;
  /** Total tokens to train on, over all epochs. At least one step. */
  readonly tokens: number;
  /** Tokens per sequence. @default - 8192, or the model's context length if it is shorter */
  readonly sequenceLength?: number;
  /** Sequences per step, over all accelerators. @default - chosen by the planner */
  readonly globalBatch?: number;
  /** Sequences per accelerator in one forward and backward pass. Must divide `globalBatch`. @default 1 */
  readonly microBatch?: number;
  /** Precision of the matrix products. @default bf16 */
  readonly precision?: Precision;
  /** The optimizer. @default adam */
  readonly optimizer?: Optimizer;
  /** ZeRO stage. @default - chosen by the planner */
  readonly sharding?: Sharding;
  /** How the model is split over accelerators. A degree that is not set is 1. @default - chosen by the planner */
  readonly parallelism?: Partial<Parallelism>;
  /** Activation recomputation. @default selective */
  readonly recompute?: Recompute;
  /** Deadline, as a duration. @default - no deadline */
  readonly finishWithin?: DurationLike;
  /** Deadline in days, for code without a `Duration`. Set only one of the two. @default - no deadline */
  readonly finishWithinDays?: number;
  /** Budget for the job, in USD. @default - no limit */
  readonly budgetUsd?: number;
}

/** Properties for `TrainingJob.lora`. */
export interface LoraProps extends TrainingJobProps {
  /** Rank of the adapters on all attention projections. @default 16 */
  readonly rank?: number;
}

const DEFAULT_RANK = 16;

/**
 * A training job, independent of machines. Clusters are sized for it and validated against it.
 *
 * @example
 * ```ts
 * import { ModelSpec, TrainingJob } from 'ai-infra-constructs';
 *
 * const job = TrainingJob.pretrain({
 *   model: ModelSpec.LLAMA_3_1_70B,
 *   tokens: 1e12,
 *   sequenceLength: 8192,
 *   globalBatch: 1024,
 *   finishWithinDays: 60,
 * });
 * console.log(job.steps);
 * ```
 */
export class TrainingJob {
  /**
   * Creates a job that trains all weights from scratch.
   *
   * @throws AiInfraError with code `TrainingJobInvalid`, `ParallelismInvalid` or `DeadlineInvalid`
   */
  static pretrain(props: TrainingJobProps): TrainingJob {
    return new TrainingJob('pretrain', props);
  }

  /**
   * Creates a job that trains all weights of a pretrained model.
   *
   * @throws AiInfraError with code `TrainingJobInvalid`, `ParallelismInvalid` or `DeadlineInvalid`
   */
  static fineTune(props: TrainingJobProps): TrainingJob {
    return new TrainingJob('fine-tune', props);
  }

  /**
   * Creates a job that trains low-rank adapters on a frozen model.
   *
   * @throws AiInfraError with code `TrainingJobInvalid`, `ParallelismInvalid` or `DeadlineInvalid`
   */
  static lora(props: LoraProps): TrainingJob {
    return new TrainingJob('lora', props);
  }

  /** The model to train. */
  public readonly model: ModelSpec;
  /** Total tokens to train on, over all epochs. */
  public readonly tokens: number;
  /** Tokens per sequence. */
  public readonly sequenceLength: number;
  /** Sequences per step, over all accelerators. @default - chosen by the planner */
  public readonly globalBatch?: number;
  /** Sequences per accelerator in one forward and backward pass. */
  public readonly microBatch: number;
  /** Precision of the matrix products. */
  public readonly precision: Precision;
  /** The optimizer. */
  public readonly optimizer: Optimizer;
  /** ZeRO stage. @default - chosen by the planner */
  public readonly sharding?: Sharding;
  /** How the model is split over accelerators. @default - chosen by the planner */
  public readonly parallelism?: Parallelism;
  /** Activation recomputation. */
  public readonly recompute: Recompute;
  /** Deadline in seconds. @default - no deadline */
  public readonly finishWithinSeconds?: number;
  /** Budget for the job, in USD. @default - no limit */
  public readonly budgetUsd?: number;
  /** Rank of the low-rank adapters. @default - all weights are trained */
  public readonly loraRank?: number;

  private constructor(
    /** Kind of training. */
    public readonly kind: TrainingKind,
    props: LoraProps,
  ) {
    const problems = new ProblemCollector();
    checkTraining(problems, props);
    const seconds = secondsOf(problems, props ?? {});
    problems.throwIfAny();
    const { model, parallelism } = props;
    this.model = model;
    this.tokens = props.tokens;
    this.sequenceLength = props.sequenceLength ?? defaultSequence(model);
    this.globalBatch = props.globalBatch;
    this.microBatch = props.microBatch ?? 1;
    this.precision = props.precision ?? 'bf16';
    this.optimizer = props.optimizer ?? 'adam';
    this.sharding = props.sharding;
    this.parallelism = parallelism && completeParallelism(parallelism);
    this.recompute = props.recompute ?? 'selective';
    this.finishWithinSeconds = seconds;
    this.budgetUsd = props.budgetUsd;
    this.loraRank = kind === 'lora' ? (props.rank ?? DEFAULT_RANK) : undefined;
    Object.freeze(this);
  }

  /** Number of weights that the optimizer updates. */
  get trainableParameters(): number {
    return this.loraRank === undefined ? this.model.parameters : loraParameters(this.model, this.loraRank);
  }

  /** Tokens per step, or `undefined` without `globalBatch`. */
  get tokensPerStep(): number | undefined {
    return this.globalBatch === undefined ? undefined : this.globalBatch * this.sequenceLength;
  }

  /** Steps of the job, or `undefined` without `globalBatch`. */
  get steps(): number | undefined {
    return this.tokensPerStep === undefined ? undefined : Math.ceil(this.tokens / this.tokensPerStep);
  }
}

brand(TrainingJob, 'core.TrainingJob');

/** Returns a copy of the job with a deadline. */
export function withDeadline(job: TrainingJob, finishWithinSeconds: number): TrainingJob {
  const copy = Object.create(Object.getPrototypeOf(job) as object) as TrainingJob;
  return Object.freeze(Object.assign(copy, job, { finishWithinSeconds }));
}
