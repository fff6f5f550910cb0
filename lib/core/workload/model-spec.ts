import { brand } from '../prop-schema';
import { type ModelName, MODELS } from '../catalog/models';
import { AiInfraError, ProblemCollector, type Problem } from '../errors';
import { nearest } from '../nearest';
import { shapeOfConfig } from './hugging-face-config';
import {
  countParameters,
  kvValuesPerToken,
  type ParameterCount,
  totalParameters,
  type LatentAttention,
  type MixtureOfExperts,
  type ModelShape,
} from './model-parameters';

/** The class of `ModelSpec`, without the statics of the table. */
export class ModelSpecBase implements ModelShape {
  /** Every model in the table. */
  static get all(): readonly ModelSpec[] {
    return Object.values(statics);
  }

  /**
   * Returns the model in the table with this name, in any case, or with this Hugging Face ID, for example
   * `meta-llama/Llama-3.1-70B-Instruct`. For a name in code, use the static: `ModelSpec.LLAMA_3_1_70B`.
   *
   * @throws AiInfraError with code `ModelUnknown`
   */
  static fromName(name: string): ModelSpec {
    const typed = typeof name === 'string' ? name : '';
    const found = ModelSpecBase.all.find((spec) => spec.name.toLowerCase() === typed.toLowerCase()) ?? byHubId(typed);
    if (found) return found;
    const close = nearest(typed, Object.keys(MODELS));
    throw new AiInfraError([
      {
        code: 'ModelUnknown',
        prop: 'model',
        allowed: 'the name of a model in the table',
        got: name,
        fix: `${close.length > 0 ? `Did you mean ${close.join(', ')}? ` : ''}For another model, use ModelSpec.of(shape) or ModelSpec.fromConfig(json).`,
      },
    ]);
  }

  /**
   * Creates a model from its shape, for models that are not in the table.
   *
   * @throws AiInfraError with code `ModelInvalid`
   */
  static of(shape: ModelShape): ModelSpec {
    const problems = new ProblemCollector();
    checkShape(problems, shape);
    problems.throwIfAny();
    return new ModelSpecBase(shape);
  }

  /**
   * Creates a model from its parsed Hugging Face `config.json`. Uses the text part of a multimodal model. Supported families:
   * - Llama, Mistral, Mixtral, Qwen 2 and 3, DeepSeek 2 and 3, GPT-OSS, Gemma 1 to 3
   * - Phi-3, GPT-2, GPT-J, GPT-NeoX, Bloom and OPT
   *
   * @throws AiInfraError with code `ModelConfig`, for a missing field or another architecture
   */
  static fromConfig(config: object, name?: string): ModelSpec {
    return ModelSpecBase.of(shapeOfConfig(config, name));
  }

  /** Name of the model, for messages and reports. */
  public readonly name: string;
  /** Number of transformer layers. */
  public readonly layers: number;
  /** Hidden size: the width of the residual stream. */
  public readonly hidden: number;
  /** Number of query heads. */
  public readonly heads: number;
  /** Number of key and value heads. */
  public readonly kvHeads: number;
  /** Size of a key and value head. With latent attention, size of the part of a query head without position. */
  public readonly headDim: number;
  /** Layers with attention over the full context. */
  public readonly globalLayers: number;
  /** Bytes per weight as published, if less than 2. @default 2 */
  public readonly publishedWeightBytes?: number;
  /** Number of tokens in the vocabulary. */
  public readonly vocabulary: number;
  /** Hidden size of the dense MLP, or 0 if every layer is a mixture of experts. */
  public readonly intermediate: number;
  /** Whether the MLP has a gate projection. */
  public readonly gatedMlp: boolean;
  /** Whether the input and output embeddings share weights. */
  public readonly tiedEmbeddings: boolean;
  /** Number of learned position embeddings. */
  public readonly positions: number;
  /** Mixture of experts. @default - the model is dense */
  public readonly moe?: Required<MixtureOfExperts>;
  /** Multi-head latent attention. @default - grouped-query attention with `kvHeads` */
  public readonly mla?: LatentAttention;
  /** Maximum tokens in a sequence. @default - unknown, and not checked */
  public readonly contextLength?: number;
  /** Parameters that the publisher states. @default - not stated */
  public readonly statedParameters?: number;
  /** Active parameters per token that the publisher states. @default - not stated */
  public readonly statedActiveParameters?: number;
  /** Source of the shape. */
  public readonly source: string;
  /** Values that are not in the source, or are simplified. @default - every value is in the source */
  public readonly unverified?: string;
  /** Parameters by part. */
  public readonly count: ParameterCount;
  /** All parameters, calculated from the shape, without biases. */
  public readonly parameters: number;
  /** Parameters that process each token, including both embeddings. Equals `parameters` for a dense model. */
  public readonly activeParameters: number;

  /** @internal Use `of`, `fromName`, `fromConfig` or a static. */
  constructor(shape: ModelShape) {
    const { layers, hidden, heads, moe, mla } = shape;
    this.name = shape.name;
    this.layers = layers;
    this.hidden = hidden;
    this.heads = heads;
    this.kvHeads = shape.kvHeads ?? heads;
    this.headDim = shape.headDim ?? mla?.qkNopeHeadDim ?? hidden / heads;
    this.globalLayers = shape.globalLayers ?? layers;
    this.publishedWeightBytes = shape.publishedWeightBytes;
    this.vocabulary = shape.vocabulary;
    this.intermediate = shape.intermediate ?? 0;
    this.gatedMlp = shape.gatedMlp ?? true;
    this.tiedEmbeddings = shape.tiedEmbeddings ?? false;
    this.positions = shape.positions ?? 0;
    this.moe = moe && Object.freeze({ sharedExperts: 0, layers, ...defined(moe) });
    this.mla = mla && Object.freeze({ ...mla });
    this.contextLength = shape.contextLength;
    this.statedParameters = shape.statedParameters;
    this.statedActiveParameters = shape.statedActiveParameters;
    this.source = shape.source ?? 'your own input';
    this.unverified = shape.unverified;
    this.count = Object.freeze(countParameters(shape));
    this.parameters = totalParameters(this.count);
    this.activeParameters = this.parameters - this.count.idleExperts;
    Object.freeze(this);
  }

  /** Whether the model has layers with a mixture of experts. */
  get isMoe(): boolean {
    return this.moe !== undefined;
  }

  /** Returns the bytes of KV cache per token, over all layers. @param bytesPerValue 2 for bf16, 1 for fp8 */
  kvBytesPerToken(bytesPerValue = 2): number {
    return kvValuesPerToken(this) * bytesPerValue;
  }

  /** Returns the name. */
  toString(): string {
    return this.name;
  }
}

function defined(moe: MixtureOfExperts): MixtureOfExperts {
  return Object.fromEntries(
    Object.entries(moe).filter(([, value]) => value !== undefined),
  ) as unknown as MixtureOfExperts;
}

/** Parts of a name after which it denotes another model: smaller, or with other inputs. */
const OTHER_MODEL = /distill|mini|lite|nano|tiny|vision|embed|reward|guard|draft|eagle|medusa/i;

/** Returns the model with a Hugging Face ID: an owner and a name, which can have a suffix such as `-Instruct`, `-hf` or a date. */
function byHubId(id: string): ModelSpec | undefined {
  const [, name] = /^[\w.-]+\/(?:meta-)?([\w.-]+)$/i.exec(id) ?? [];
  if (name === undefined) return undefined;
  const starts = ({ name: start }: ModelSpec) =>
    new RegExp(`^${start.replaceAll('.', '\\.')}(?:-|$)`, 'i').test(name) &&
    !OTHER_MODEL.test(name.slice(start.length));
  return ModelSpecBase.all.filter(starts).sort((a, b) => b.name.length - a.name.length)[0];
}

/** The name of a model as a static: `Llama-3.1-70B` becomes `LLAMA_3_1_70B`. */
export type ModelStaticName<Name extends string> = Name extends `${infer Head}.${infer Tail}`
  ? ModelStaticName<`${Head}_${Tail}`>
  : Name extends `${infer Head}-${infer Tail}`
    ? ModelStaticName<`${Head}_${Tail}`>
    : Uppercase<Name>;

/** A static for each model in the table. */
export type ModelStatics = { readonly [Name in ModelName as ModelStaticName<Name>]: ModelSpec };

const statics = Object.fromEntries(
  Object.entries(MODELS).map(([name, row]) => [
    name.replace(/[.-]/g, '_').toUpperCase(),
    new ModelSpecBase({ name, ...row }),
  ]),
) as unknown as ModelStatics;

/**
 * A decoder-only language model. Has a static for each row of the table, for example `ModelSpec.LLAMA_3_1_70B`. For other models, use
 * `ModelSpec.of(shape)` or `ModelSpec.fromConfig(json)`.
 *
 * @example
 * ```ts
 * import { ModelSpec } from 'ai-infra-constructs';
 *
 * const model = ModelSpec.of({
 *   name: 'our-8b',
 *   layers: 32,
 *   hidden: 4096,
 *   heads: 32,
 *   kvHeads: 8,
 *   vocabulary: 128_256,
 *   intermediate: 14_336,
 * });
 * console.log(model.parameters, model.kvBytesPerToken());
 * console.log(ModelSpec.LLAMA_3_1_70B.parameters);
 * ```
 */
export const ModelSpec = Object.assign(ModelSpecBase, statics);
brand(ModelSpecBase, 'core.ModelSpec');
/** A decoder-only language model. */
export type ModelSpec = ModelSpecBase;

/** Number format of the matrix products, or of a stored value. */
export type Precision = 'bf16' | 'fp8' | 'fp4';

/** Bytes per value. In 4 bits, 16 values share a scale of one byte, as in NVFP4. */
export const BYTES_PER_VALUE: Readonly<Record<Precision, number>> = { bf16: 2, fp8: 1, fp4: 0.5625 };

/** The names of the precisions. */
export const PRECISIONS: readonly Precision[] = ['bf16', 'fp8', 'fp4'];

/** Relative difference allowed between a stated size and the shape. Publishers round to two digits, and differ on which small parts they count. */
export const STATED_TOLERANCE = 0.03;

/** Adds a problem for each invalid value in the shape of a model. */
export function checkShape(problems: ProblemCollector, shape: ModelShape): void {
  if (typeof shape !== 'object' || shape === null) {
    problems.add(invalid('model', 'an object with name, layers, hidden, heads and vocabulary', shape));
    return;
  }
  const before = problems.all.length;
  if (typeof shape.name !== 'string' || shape.name === '') problems.add(invalid('name', 'a string', shape.name));
  for (const prop of ['layers', 'hidden', 'heads', 'vocabulary'] as const) checkCount(problems, prop, shape[prop]);
  for (const prop of ['kvHeads', 'headDim', 'intermediate', 'contextLength'] as const) {
    if (shape[prop] !== undefined) checkCount(problems, prop, shape[prop]);
  }
  if (shape.globalLayers !== undefined) checkCount(problems, 'globalLayers', shape.globalLayers);
  const { publishedWeightBytes: published } = shape;
  if (published !== undefined && !(typeof published === 'number' && published >= 0.1 && published < 2)) {
    problems.add(invalid('publishedWeightBytes', 'at least 0.1 and less than 2, the size in bf16', published));
  }
  if (shape.positions !== undefined) checkCount(problems, 'positions', shape.positions, 0);
  for (const prop of ['gatedMlp', 'tiedEmbeddings'] as const) {
    const value: unknown = shape[prop];
    if (value !== undefined && typeof value !== 'boolean') problems.add(invalid(prop, 'true or false', value));
  }
  if (shape.moe !== undefined) checkExperts(problems.within('moe'), shape.moe, shape.layers);
  if (shape.mla !== undefined) checkLatent(problems.within('mla'), shape.mla);
  if (problems.all.length > before) return;
  const { layers, globalLayers = layers } = shape;
  if (globalLayers > layers) {
    problems.add(invalid('globalLayers', `at most ${layers}, the layers of the model`, globalLayers));
  }
  checkHeads(problems, shape);
  checkMlp(problems, shape);
  if (problems.all.length === before) checkDeclared(problems, shape);
}

function checkHeads(problems: ProblemCollector, { hidden, heads, kvHeads = heads, headDim, mla }: ModelShape): void {
  if (headDim === undefined && mla === undefined && hidden % heads !== 0) {
    problems.add(invalid('heads', `a divisor of the hidden size ${hidden}, unless headDim is set`, heads));
  }
  if (heads % kvHeads !== 0) problems.add(invalid('kvHeads', `a divisor of the ${heads} heads`, kvHeads));
}

function checkMlp(problems: ProblemCollector, { layers, intermediate, moe }: ModelShape): void {
  const dense = layers - (moe ? (moe.layers ?? layers) : 0);
  if (dense > 0 && intermediate === undefined) {
    problems.add(invalid('intermediate', `a whole number, because ${dense} layers have a dense MLP`, intermediate));
  }
}

function checkExperts(problems: ProblemCollector, moe: MixtureOfExperts, layers: number): void {
  if (typeof moe !== 'object' || moe === null) {
    problems.add(
      invalid('experts', 'a whole number, in an object with experts, activeExperts and expertIntermediate', moe),
    );
    return;
  }
  const { experts, activeExperts, expertIntermediate, sharedExperts, layers: moeLayers } = moe;
  checkCount(problems, 'experts', experts);
  checkCount(problems, 'activeExperts', activeExperts);
  checkCount(problems, 'expertIntermediate', expertIntermediate);
  if (sharedExperts !== undefined) checkCount(problems, 'sharedExperts', sharedExperts, 0);
  if (activeExperts > experts)
    problems.add(invalid('activeExperts', `at most ${experts}, the experts of a layer`, activeExperts));
  if (moeLayers === undefined) return;
  checkCount(problems, 'layers', moeLayers);
  if (moeLayers > layers) problems.add(invalid('layers', `at most ${layers}, the layers of the model`, moeLayers));
}

function checkLatent(problems: ProblemCollector, mla: LatentAttention): void {
  if (typeof mla !== 'object' || mla === null) {
    problems.add(invalid('kvLoraRank', 'a whole number, in an object with the ranks and head dimensions', mla));
    return;
  }
  for (const prop of ['kvLoraRank', 'qkNopeHeadDim', 'qkRopeHeadDim', 'vHeadDim'] as const) {
    checkCount(problems, prop, mla[prop]);
  }
  if (mla.qLoraRank !== undefined) checkCount(problems, 'qLoraRank', mla.qLoraRank);
}

/** Checks a stated size against the shape. Sources differ on whether the input embedding counts as active. */
function checkDeclared(problems: ProblemCollector, shape: ModelShape): void {
  const { statedParameters, statedActiveParameters, hidden, vocabulary } = shape;
  const count = countParameters(shape);
  const total = totalParameters(count);
  const active = total - count.idleExperts;
  const stated = (prop: string, got: unknown, low: number, high: number) => {
    if (got === undefined || (typeof got === 'number' && got >= low && got <= high)) return;
    problems.add(invalid(prop, `from ${round(low)} to ${round(high)}, calculated from the shape`, got));
  };
  const lowest = 1 - STATED_TOLERANCE;
  const highest = 1 + STATED_TOLERANCE;
  stated('statedParameters', statedParameters, total * lowest, total * highest);
  stated('statedActiveParameters', statedActiveParameters, (active - vocabulary * hidden) * lowest, active * highest);
}

function checkCount(problems: ProblemCollector, prop: string, value: unknown, min = 1): void {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= MAX) return;
  problems.add(invalid(prop, `a whole number from ${min} to ${MAX}`, value));
}

/** Larger than any dimension of a model, and small enough that no product overflows. */
const MAX = 1e9;

function invalid(prop: string, allowed: string, got: unknown): Problem {
  return { code: 'ModelInvalid', prop, allowed, got, fix: 'Copy the shape from the configuration of the model.' };
}

function round(parameters: number): string {
  return `${(parameters / 1e9).toPrecision(4)}e9`;
}
