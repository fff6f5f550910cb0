import { ProblemCollector, type Problem } from '../errors';
import { brand, checkPropNames } from '../prop-schema';
import { LORA_PROPS } from '../prop-schemas';
import { loraParameters } from './model-parameters';
import { type ModelSpec, type Precision, PRECISIONS } from './model-spec';
import { completeParallelism, type Parallelism, checkParallelism } from './parallelism';
import { isModel, isPositive } from './guards';

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
  /** Sequences per accelerator in one forward and backward pass. Must divide `globalBatch`. @default - chosen by the planner */
  readonly microBatch?: number;
  /** Precision of the matrix products. @default bf16 */
  readonly precision?: Precision;
  /** The optimizer. @default adam */
  readonly optimizer?: Optimizer;
  /** ZeRO stage. @default - chosen by the planner */
  readonly sharding?: Sharding;
  /** How the model is split over accelerators. A degree that is not set is 1. @default - chosen by the planner */
  readonly parallelism?: Partial<Parallelism>;
  /** Activation recomputation. @default - chosen by the planner: as little as the memory allows */
  readonly recompute?: Recompute;
  /** Deadline, as a duration. @default - no deadline */
  readonly finishWithin?: DurationLike;
  /** Deadline in days, for code without a `Duration`. Set only one of the two. @default - no deadline */
  readonly finishWithinDays?: number;
  /** Budget for the job, in USD. @default - no limit */
  readonly budgetUsd?: number;
  /**
   * Probability of meeting the deadline and the budget, from 0.5 to 0.99. A higher probability needs more nodes.
   *
   * @default 0.8
   */
  readonly probability?: number;
}

/** Properties for `TrainingJob.lora`. */
export interface LoraProps extends TrainingJobProps {
  /** Rank of the adapters on all attention projections. @default 16 */
  readonly rank?: number;
}

const DEFAULT_RANK = 16;

/** Probability of meeting a deadline and a budget, unless the user sets another. */
export const DEFAULT_PROBABILITY = 0.8;
const PROBABILITIES = { min: 0.5, max: 0.99 } as const;

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
  /** Sequences per accelerator in one forward and backward pass. @default - chosen by the planner */
  public readonly microBatch?: number;
  /** Precision of the matrix products. */
  public readonly precision: Precision;
  /** The optimizer. */
  public readonly optimizer: Optimizer;
  /** ZeRO stage. @default - chosen by the planner */
  public readonly sharding?: Sharding;
  /** How the model is split over accelerators. @default - chosen by the planner */
  public readonly parallelism?: Parallelism;
  /** Activation recomputation. @default - chosen by the planner */
  public readonly recompute?: Recompute;
  /** Deadline in seconds. @default - no deadline */
  public readonly finishWithinSeconds?: number;
  /** Budget for the job, in USD. @default - no limit */
  public readonly budgetUsd?: number;
  /** Probability of meeting the deadline and the budget. */
  public readonly probability: number;
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
    this.microBatch = props.microBatch;
    this.precision = props.precision ?? 'bf16';
    this.optimizer = props.optimizer ?? 'adam';
    this.sharding = props.sharding;
    this.parallelism = parallelism && completeParallelism(parallelism);
    this.recompute = props.recompute;
    this.finishWithinSeconds = seconds;
    this.budgetUsd = props.budgetUsd;
    this.probability = props.probability ?? DEFAULT_PROBABILITY;
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
  return copyWith(job, { finishWithinSeconds });
}

/** Returns a copy of the job in another precision. */
export function withPrecision(job: TrainingJob, precision: Precision): TrainingJob {
  return copyWith(job, { precision });
}

function copyWith(job: TrainingJob, change: Partial<TrainingJob>): TrainingJob {
  const copy = Object.create(Object.getPrototypeOf(job) as object) as TrainingJob;
  return Object.freeze(Object.assign(copy, job, change));
}

/** A `Duration` of the AWS CDK, or any object with one of its methods `toSeconds` or `toDays`. */
export type DurationLike = { toSeconds(): number } | { toDays(): number };

const SECONDS_PER_DAY = 86_400;

/** A deadline. Set one of the two props. */
export interface Deadline {
  /** Time until the job must be finished. @default - no deadline */
  readonly finishWithin?: DurationLike;
  /** The same time in days, for code without a `Duration`. @default - no deadline */
  readonly finishWithinDays?: number;
}

/** Returns the seconds until a deadline, or `undefined` without one. Adds a problem if it is invalid. */
export function secondsOf(
  problems: ProblemCollector,
  { finishWithin, finishWithinDays }: Deadline,
): number | undefined {
  if (finishWithin === undefined && finishWithinDays === undefined) return undefined;
  const wrong = (prop: string, allowed: string, got: unknown) => {
    problems.add({
      code: 'DeadlineInvalid',
      prop,
      allowed,
      got,
      fix: 'Set `finishWithin: Duration.days(60)` or `finishWithinDays: 60`.',
    });
  };
  if (finishWithin !== undefined && finishWithinDays !== undefined) {
    wrong('finishWithinDays', 'undefined if finishWithin is set', finishWithinDays);
    return undefined;
  }
  const seconds = finishWithin === undefined ? daysToSeconds(finishWithinDays) : lengthOf(finishWithin);
  if (seconds !== undefined && Number.isFinite(seconds) && seconds > 0) return seconds;
  const prop = finishWithin === undefined ? 'finishWithinDays' : 'finishWithin';
  wrong(prop, 'a positive time that is known at synthesis', finishWithin ?? finishWithinDays);
  return undefined;
}

function daysToSeconds(days: unknown): number | undefined {
  return typeof days === 'number' ? days * SECONDS_PER_DAY : undefined;
}

/** Returns the length of a duration. A `Duration` throws for fractions of a second, and for tokens. */
function lengthOf(duration: DurationLike): number | undefined {
  try {
    return 'toSeconds' in duration ? duration.toSeconds() : daysToSeconds(duration.toDays());
  } catch {
    return undefined;
  }
}

const CHOICES = {
  precision: PRECISIONS,
  optimizer: ['adam', 'adam-8bit', 'sgd'],
  sharding: ['none', 'zero-1', 'zero-2', 'zero-3'],
  recompute: ['none', 'selective', 'full'],
} as const satisfies { readonly [Prop in keyof LoraProps]?: readonly string[] };

const DEFAULT_SEQUENCE = 8192;

/** Default sequence length, in tokens. */
export function defaultSequence({ contextLength }: ModelSpec): number {
  return Math.min(DEFAULT_SEQUENCE, contextLength ?? DEFAULT_SEQUENCE);
}

/** Adds a problem for each invalid value of a training job. */
export function checkTraining(problems: ProblemCollector, props: LoraProps): void {
  if (typeof props !== 'object' || props === null) {
    problems.add(invalid('props', 'an object with model and tokens', props));
    return;
  }
  const before = problems.all.length;
  checkPropNames(problems, props, LORA_PROPS);
  const { model, tokens, budgetUsd, probability } = props;
  if (!isModel(model)) problems.add(invalid('model', 'a ModelSpec', model));
  if (!isPositive(tokens) || tokens < 1) problems.add(invalid('tokens', 'at least 1', tokens));
  for (const prop of ['sequenceLength', 'globalBatch', 'microBatch', 'rank'] as const) {
    const value = props[prop];
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      problems.add(invalid(prop, 'a whole number of at least 1', value));
    }
  }
  if (budgetUsd !== undefined && !isPositive(budgetUsd)) problems.add(invalid('budgetUsd', 'more than 0', budgetUsd));
  const { min, max } = PROBABILITIES;
  if (probability !== undefined && !(isPositive(probability) && probability >= min && probability <= max)) {
    problems.add(invalid('probability', `from ${min} to ${max}`, probability));
  }
  checkChoices(problems, props);
  if (problems.all.length === before) checkSteps(problems, props);
}

function checkChoices(problems: ProblemCollector, props: LoraProps): void {
  for (const [prop, choices] of Object.entries(CHOICES)) {
    const value: unknown = props[prop as keyof typeof CHOICES];
    if (value === undefined || (choices as readonly unknown[]).includes(value)) continue;
    problems.add(invalid(prop, `one of ${choices.join(', ')}`, value));
  }
}

function checkSteps(problems: ProblemCollector, props: LoraProps): void {
  const { model, tokens, globalBatch, microBatch, parallelism } = props;
  const sequenceLength = props.sequenceLength ?? defaultSequence(model);
  if (tokens < sequenceLength * (globalBatch ?? 1)) {
    problems.add(invalid('tokens', `at least ${sequenceLength * (globalBatch ?? 1)}, the tokens of one step`, tokens));
  }
  if (globalBatch !== undefined && microBatch !== undefined && globalBatch % microBatch !== 0) {
    problems.add(invalid('microBatch', `a divisor of ${globalBatch}, the sequences of the global batch`, microBatch));
  }
  if (parallelism !== undefined) {
    checkParallelism(problems, parallelism, { model, sequenceLength, microBatch, globalBatch });
  }
}

function invalid(prop: string, allowed: string, got: unknown): Problem {
  return {
    code: 'TrainingJobInvalid',
    prop,
    allowed,
    got,
    fix: 'Correct the value. Every option except model and tokens has a default.',
  };
}
