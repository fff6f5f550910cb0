import type { Problem, ProblemCollector } from '../errors';
import { isModel, isPositive } from './guards';
import type { ModelSpec } from './model-spec';
import { checkParallelism } from './parallelism';
import { PRECISIONS } from './precision';
import type { LoraProps } from './training-job';

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
  const { model, tokens, budgetUsd } = props;
  if (!isModel(model)) problems.add(invalid('model', 'a ModelSpec', model));
  if (!isPositive(tokens) || tokens < 1) problems.add(invalid('tokens', 'at least 1', tokens));
  for (const prop of ['sequenceLength', 'globalBatch', 'microBatch', 'rank'] as const) {
    const value = props[prop];
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      problems.add(invalid(prop, 'a whole number of at least 1', value));
    }
  }
  if (budgetUsd !== undefined && !isPositive(budgetUsd)) problems.add(invalid('budgetUsd', 'more than 0', budgetUsd));
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
  const { model, tokens, globalBatch, microBatch = 1, parallelism } = props;
  const sequenceLength = props.sequenceLength ?? defaultSequence(model);
  if (tokens < sequenceLength * (globalBatch ?? 1)) {
    problems.add(invalid('tokens', `at least ${sequenceLength * (globalBatch ?? 1)}, the tokens of one step`, tokens));
  }
  if (globalBatch !== undefined && globalBatch % microBatch !== 0) {
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
