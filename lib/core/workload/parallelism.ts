import type { Problem, ProblemCollector } from '../errors';
import type { ModelSpec } from './model-spec';

/** How a model is split over accelerators. The number of accelerators is tensor × pipeline × context × data. */
export interface Parallelism {
  /** Accelerators that share each weight matrix. */
  readonly tensor: number;
  /** Pipeline stages. */
  readonly pipeline: number;
  /** Interleaved stages per pipeline rank, which shorten the pipeline's idle time (arXiv 2104.04473). @default - chosen by the planner */
  readonly virtualPipeline?: number;
  /** Accelerators that share each sequence. */
  readonly context: number;
  /** Accelerators that share the experts of a layer. They are part of tensor × context × data, not an additional factor. */
  readonly expert: number;
  /** Data-parallel replicas. @default - the accelerators divided by the other degrees */
  readonly data?: number;
}

/** The workload that a split is checked against. */
export interface Split {
  readonly model: ModelSpec;
  readonly sequenceLength: number;
  /** @default - any that divides the batch */
  readonly microBatch?: number;
  readonly globalBatch?: number;
}

/** Returns the split with 1 for each degree that is not set. `virtualPipeline` and `data` stay undefined. */
export function completeParallelism(partial: Partial<Parallelism>): Parallelism {
  const { tensor = 1, pipeline = 1, virtualPipeline, context = 1, expert = 1, data } = partial;
  return Object.freeze({
    tensor,
    pipeline,
    ...(virtualPipeline !== undefined && { virtualPipeline }),
    context,
    expert,
    ...(data !== undefined && { data }),
  });
}

/** Adds a problem for each invalid degree of a split. */
export function checkParallelism(problems: ProblemCollector, partial: Partial<Parallelism>, split: Split): void {
  if (typeof partial !== 'object' || partial === null) {
    problems.add(invalid('parallelism', 'an object like { tensor: 8, pipeline: 4 }', partial));
    return;
  }
  const parallelism = completeParallelism(partial);
  const within = problems.within('parallelism');
  const wrong = Object.entries(parallelism).filter(
    ([, value]) => !Number.isSafeInteger(value) || (value as number) < 1,
  );
  for (const [prop, value] of wrong) within.add(invalid(prop, 'a whole number of at least 1', value));
  if (wrong.length > 0) return;
  checkTensor(within, parallelism, split);
  checkPipeline(within, parallelism, split);
  checkContext(within, parallelism, split);
  checkExpert(within, parallelism, split);
  checkData(within, parallelism, split);
}

/** Each accelerator holds whole heads. Key and value heads are copied if there are fewer heads than accelerators. */
function checkTensor(problems: ProblemCollector, { tensor }: Parallelism, { model }: Split): void {
  const { heads, kvHeads, mla } = model;
  if (heads % tensor !== 0) problems.add(invalid('tensor', `a divisor of the ${heads} heads of ${model.name}`, tensor));
  else if (!mla && kvHeads % tensor !== 0 && tensor % kvHeads !== 0) {
    problems.add(invalid('tensor', `a divisor or a multiple of the ${kvHeads} key and value heads`, tensor));
  }
}

/** Each stage has at least one layer. Stages of unequal size are slower, but possible: BLOOM's precursor ran 78 layers in 12 stages. */
function checkPipeline(
  problems: ProblemCollector,
  { pipeline, virtualPipeline = 1 }: Parallelism,
  { model }: Split,
): void {
  const { layers, name } = model;
  const stages = pipeline * virtualPipeline;
  if (pipeline > layers) {
    problems.add(invalid('pipeline', `at most ${layers}, the layers of ${name}`, pipeline));
  } else if (virtualPipeline > 1 && pipeline === 1) {
    problems.add(invalid('virtualPipeline', '1 without pipeline parallelism', virtualPipeline));
  } else if (virtualPipeline > 1 && stages > layers + MAX_OTHERS) {
    const max = Math.floor((layers + MAX_OTHERS) / pipeline);
    problems.add(
      invalid('virtualPipeline', `at most ${max}, so that each stage of ${name} has a layer`, virtualPipeline),
    );
  }
}

/** The embedding, the output and a multi-token prediction head can each replace a layer. */
const MAX_OTHERS = 3;

/** Layers of a stage in the published layout of DeepSeek-V3, the smallest one in which other parts replace layers. */
const MIN_LAYERS = 4;

/**
 * Returns whether all stages can have the same size: they hold equal numbers of layers, or other parts replace layers. Embedding and
 * output replace one each: BLOOM runs 70 layers in 12 stages, and Llama 3 405B runs 126 in 16 (arXiv 2211.05100 and 2407.21783). A head for
 * multi-token prediction can replace another one: DeepSeek-V3 runs 61 layers in 16 stages (arXiv 2412.19437).
 */
export function isEvenlyStaged(layers: number, stages: number): boolean {
  if (layers % stages === 0) return true;
  const isPowerOfTwo = Number.isInteger(Math.log2(stages));
  const isPublished = (others: number) => isPowerOfTwo || (others === 2 && (layers + others) / stages >= MIN_LAYERS);
  return stages <= layers && [2, MAX_OTHERS].some((others) => (layers + others) % stages === 0 && isPublished(others));
}

/** Each accelerator gets two pieces of each sequence, which balances causal attention. */
function checkContext(problems: ProblemCollector, { context }: Parallelism, { sequenceLength }: Split): void {
  if (context === 1 || sequenceLength % (2 * context) === 0) return;
  problems.add(invalid('context', `a divisor of half the sequence, ${sequenceLength / 2} tokens`, context));
}

function checkExpert(
  problems: ProblemCollector,
  { expert, tensor, context, data }: Parallelism,
  { model }: Split,
): void {
  if (expert === 1) return;
  const { moe, name } = model;
  if (!moe) problems.add(invalid('expert', `1, because ${name} has no experts`, expert));
  else if (moe.experts % expert !== 0) {
    problems.add(invalid('expert', `a divisor of the ${moe.experts} experts of ${name}`, expert));
  } else if (data !== undefined && (tensor * context * data) % expert !== 0) {
    problems.add(invalid('expert', `a divisor of tensor × context × data, ${tensor * context * data}`, expert));
  }
}

function checkData(problems: ProblemCollector, { data }: Parallelism, { globalBatch, microBatch = 1 }: Split): void {
  if (data === undefined || globalBatch === undefined || globalBatch % (data * microBatch) === 0) return;
  problems.add(
    invalid('data', `a divisor of ${globalBatch / microBatch}, the global batch divided by the micro batch`, data),
  );
}

function invalid(prop: string, allowed: string, got: unknown): Problem {
  return {
    code: 'ParallelismInvalid',
    prop,
    allowed,
    got,
    fix: 'Choose a degree that divides the model and the batch evenly.',
  };
}

// Letters that need no escape in a URI, in JSON and in JSONata, and no comma, which ends an option of a mount.
const PREFIX = /^([A-Za-z0-9!_.=-]+\/)+$/;
/**
 * Object names have at most 1,024 bytes, and the files below a prefix need a part of them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 * @see https://cloud.google.com/storage/docs/objects#naming
 */
const LONGEST_PREFIX = 256;

/** Returns whether a prefix of shards or results is valid, and adds a problem if not. The prefix must be known at synthesis. */
export function checkPrefix(
  problems: ProblemCollector,
  prop: 'inputPrefix' | 'resultsPrefix',
  prefix: string,
): boolean {
  if (prop === 'inputPrefix' && prefix === '') return true;
  if (PREFIX.test(prefix) && prefix.length <= LONGEST_PREFIX) return true;
  problems.add({
    code: 'ShardPrefix',
    prop,
    allowed: `a prefix of at most ${LONGEST_PREFIX} letters, digits and !_.=-/ that ends with a slash and does not begin with one`,
    got: prefix,
    fix: "Use a prefix like 'requests/2026/'.",
  });
  return false;
}

/**
 * Adds a problem if results in the bucket of the shards would become shards of the next run.
 *
 * @param written prefixes that a run writes below its results prefix
 */
export function checkResultsApart(
  problems: ProblemCollector,
  { inputPrefix, resultsPrefix }: { readonly inputPrefix: string; readonly resultsPrefix: string },
  written: readonly string[],
): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ShardPrefix', prop, allowed, got, fix });
  if (resultsPrefix.startsWith(inputPrefix)) {
    const input = inputPrefix === '' ? 'the input bucket, in which every object is a shard' : inputPrefix;
    const allowed = `outside ${input}, or results become shards of the next run`;
    wrong('resultsPrefix', allowed, resultsPrefix, 'Use a separate bucket for results, or a prefix outside the input.');
    return;
  }
  const overlap = written.find((each) => inputPrefix.startsWith(resultsPrefix + each));
  if (overlap === undefined) return;
  const allowed = `outside ${resultsPrefix}${overlap}, which this workflow writes, or results become shards of the next run`;
  wrong('inputPrefix', allowed, inputPrefix, 'Use another resultsPrefix.');
}
