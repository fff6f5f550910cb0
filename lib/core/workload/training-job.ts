import { Problems } from '../errors';
import { branded, type Kind } from '../shapes';
import { type DurationLike, secondsOf } from './deadline';
import { loraParameters } from './model-parameters';
import type { ModelSpec } from './model-spec';
import { type Parallelism, wholeParallelism } from './parallelism';
import type { Precision } from './precision';
import { checkTraining, defaultSequence } from './training-checks';

/** What is trained: all weights on new text, all weights on the text of a task, or low-rank adapters on it. */
export type TrainingKind = 'pretrain' | 'fine-tune' | 'lora';

/** What the optimizer keeps: two moments in 32 or in 8 bits, or one. */
export type Optimizer = 'adam' | 'adam-8bit' | 'sgd';

/** What is split over replicas: nothing, optimizer states, gradients too, or weights too (ZeRO, arXiv 1910.02054; FSDP is zero-3). */
export type Sharding = 'none' | 'zero-1' | 'zero-2' | 'zero-3';

/** Which activations are computed again in the backward pass (arXiv 2205.05198). */
export type Recompute = 'none' | 'selective' | 'full';

/** Properties for a training job. */
export interface TrainingJobProps {
  readonly model: ModelSpec;
  /** Tokens to train on, over all epochs. */
  readonly tokens: number;
  /** Tokens of a sequence. @default - 8192, or the model's context where that is shorter */
  readonly sequenceLength?: number;
  /** Sequences of a step, over all accelerators. @default - chosen when the job is planned */
  readonly globalBatch?: number;
  /** Sequences that an accelerator takes at once. @default 1 */
  readonly microBatch?: number;
  /** Arithmetic of the matrix products. @default bf16 */
  readonly precision?: Precision;
  /** @default adam */
  readonly optimizer?: Optimizer;
  /** @default - chosen when the job is planned */
  readonly sharding?: Sharding;
  /** Kinds that are left out are 1. @default - chosen when the job is planned */
  readonly parallelism?: Partial<Parallelism>;
  /** @default selective */
  readonly recompute?: Recompute;
  /** Deadline. @default - none */
  readonly finishWithin?: DurationLike;
  /** Deadline in days, where no `Duration` is at hand. @default - none */
  readonly finishWithinDays?: number;
  /** Most that the job may cost. @default - no limit */
  readonly budgetUsd?: number;
}

/** Properties for training low-rank adapters. */
export interface LoraProps extends TrainingJobProps {
  /** Rank of the adapters on the attention projections. @default 16 */
  readonly rank?: number;
}

const DEFAULT_RANK = 16;

/** A training run, as far as it does not depend on the machines: what a cluster is sized for and checked against. */
export class TrainingJob {
  /** Trains all weights on new text. */
  static pretrain(props: TrainingJobProps): TrainingJob {
    return new TrainingJob('pretrain', props);
  }

  /** Trains all weights on the text of a task. */
  static fineTune(props: TrainingJobProps): TrainingJob {
    return new TrainingJob('fine-tune', props);
  }

  /** Trains low-rank adapters beside the frozen weights. */
  static lora(props: LoraProps): TrainingJob {
    return new TrainingJob('lora', props);
  }

  public readonly model: ModelSpec;
  public readonly tokens: number;
  public readonly sequenceLength: number;
  public readonly globalBatch?: number;
  public readonly microBatch: number;
  public readonly precision: Precision;
  public readonly optimizer: Optimizer;
  public readonly sharding?: Sharding;
  public readonly parallelism?: Parallelism;
  public readonly recompute: Recompute;
  public readonly finishWithinSeconds?: number;
  public readonly budgetUsd?: number;
  /** Rank of the adapters. @default - all weights are trained */
  public readonly loraRank?: number;

  private constructor(
    public readonly kind: TrainingKind,
    props: LoraProps,
  ) {
    const problems = new Problems();
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
    this.parallelism = parallelism && wholeParallelism(parallelism);
    this.recompute = props.recompute ?? 'selective';
    this.finishWithinSeconds = seconds;
    this.budgetUsd = props.budgetUsd;
    this.loraRank = kind === 'lora' ? (props.rank ?? DEFAULT_RANK) : undefined;
    Object.freeze(this);
  }

  /** Weights that the optimizer updates. */
  get trainableParameters(): number {
    return this.loraRank === undefined ? this.model.parameters : loraParameters(this.model, this.loraRank);
  }

  /** Tokens of a step. @default - the batch is not given */
  get tokensPerStep(): number | undefined {
    return this.globalBatch === undefined ? undefined : this.globalBatch * this.sequenceLength;
  }

  /** Steps of the run. @default - the batch is not given */
  get steps(): number | undefined {
    return this.tokensPerStep === undefined ? undefined : Math.ceil(this.tokens / this.tokensPerStep);
  }
}

/** A training job, of whichever copy of the package. */
export const TRAINING_JOB: Kind = branded(
  TrainingJob,
  'TrainingJob',
  'a TrainingJob',
  'Use TrainingJob.pretrain({ model, tokens }) or its like.',
);

/** The same job with a deadline. */
export function withDeadline(job: TrainingJob, finishWithinSeconds: number): TrainingJob {
  const copy = Object.create(Object.getPrototypeOf(job) as object) as TrainingJob;
  return Object.freeze(Object.assign(copy, job, { finishWithinSeconds }));
}
