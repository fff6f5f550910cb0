import type { Problem, Problems } from '../errors';
import type { ModelSpec } from './model-spec';

/** How a model is split over accelerators: the product is the number of them. */
export interface Parallelism {
  /** Accelerators that share each matrix. */
  readonly tensor: number;
  /** Stages of layers. */
  readonly pipeline: number;
  /** Accelerators that share each sequence. */
  readonly context: number;
  /** Accelerators that share the experts of a layer; they are among those of the other kinds. */
  readonly expert: number;
  /** Replicas. @default - what the number of accelerators leaves */
  readonly data?: number;
}

/** What a split is checked against. */
export interface Split {
  readonly model: ModelSpec;
  readonly sequenceLength: number;
  readonly microBatch: number;
  readonly globalBatch?: number;
}

/** A split with 1 for each kind that is not told. */
export function wholeParallelism(given: Partial<Parallelism>): Parallelism {
  const { tensor = 1, pipeline = 1, context = 1, expert = 1, data } = given;
  return Object.freeze({ tensor, pipeline, context, expert, ...(data !== undefined && { data }) });
}

/** What is impossible about a split. */
export function checkParallelism(problems: Problems, given: Partial<Parallelism>, split: Split): void {
  if (typeof given !== 'object' || given === null) {
    problems.add(invalid('parallelism', 'an object as of { tensor: 8, pipeline: 4 }', given));
    return;
  }
  const whole = wholeParallelism(given);
  const within = problems.within('parallelism');
  const wrong = Object.entries(whole).filter(([, value]) => !Number.isSafeInteger(value) || (value as number) < 1);
  for (const [prop, value] of wrong) within.add(invalid(prop, 'a whole number of 1 or more', value));
  if (wrong.length > 0) return;
  checkTensor(within, whole, split);
  checkPipeline(within, whole, split);
  checkContext(within, whole, split);
  checkExpert(within, whole, split);
  checkData(within, whole, split);
}

/** Heads are dealt out whole; key and value heads may be copied where there are fewer of them. */
function checkTensor(problems: Problems, { tensor }: Parallelism, { model }: Split): void {
  const { heads, kvHeads, mla } = model;
  if (heads % tensor !== 0) problems.add(invalid('tensor', `a divisor of the ${heads} heads of ${model.name}`, tensor));
  else if (!mla && kvHeads % tensor !== 0 && tensor % kvHeads !== 0) {
    problems.add(invalid('tensor', `a divisor or a multiple of the ${kvHeads} key and value heads`, tensor));
  }
}

/**
 * Stages are alike, where embedding, output and a head for multi-token prediction may each take the place of a layer:
 * Llama 3 405B runs 126 layers in 16 stages (arXiv 2407.21783).
 */
function checkPipeline(problems: Problems, { pipeline }: Parallelism, { model }: Split): void {
  const { layers, name } = model;
  if (pipeline <= layers && [0, 1, 2, 3].some((extra) => (layers + extra) % pipeline === 0)) return;
  problems.add(invalid('pipeline', `a divisor of the ${layers} layers of ${name}, or of up to 3 more`, pipeline));
}

/** Causal attention is balanced by dealing each sequence out in two pieces to each accelerator. */
function checkContext(problems: Problems, { context }: Parallelism, { sequenceLength }: Split): void {
  if (context === 1 || sequenceLength % (2 * context) === 0) return;
  problems.add(invalid('context', `a divisor of half the sequence, ${sequenceLength / 2} tokens`, context));
}

function checkExpert(problems: Problems, { expert, tensor, context, data }: Parallelism, { model }: Split): void {
  if (expert === 1) return;
  const { moe, name } = model;
  if (!moe) problems.add(invalid('expert', `1, as ${name} is dense`, expert));
  else if (moe.experts % expert !== 0) {
    problems.add(invalid('expert', `a divisor of the ${moe.experts} experts of ${name}`, expert));
  } else if (data !== undefined && (tensor * context * data) % expert !== 0) {
    problems.add(invalid('expert', `a divisor of tensor · context · data, ${tensor * context * data}`, expert));
  }
}

function checkData(problems: Problems, { data }: Parallelism, { globalBatch, microBatch }: Split): void {
  if (data === undefined || globalBatch === undefined || globalBatch % (data * microBatch) === 0) return;
  problems.add(
    invalid('data', `a divisor of the global batch over the micro batch, ${globalBatch / microBatch}`, data),
  );
}

function invalid(prop: string, allowed: string, got: unknown): Problem {
  return { code: 'ParallelismInvalid', prop, allowed, got, fix: 'Split the model along its own dimensions.' };
}
