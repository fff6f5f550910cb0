import { type ModelName, MODELS } from '../catalog/models';
import { AiInfraError, ProblemCollector } from '../errors';
import { nearest } from '../nearest';
import { shapeOfConfig } from './hugging-face-config';
import { checkShape } from './model-checks';
import { countParameters, kvValuesPerToken, type ParameterCount, totalParameters } from './model-parameters';
import type { LatentAttention, MixtureOfExperts, ModelShape } from './model-shape';

/** The class of `ModelSpec`, without the statics of the table. */
export class ModelSpecBase implements ModelShape {
  /** Every model in the table. */
  static get all(): readonly ModelSpec[] {
    return Object.values(statics);
  }

  /**
   * Returns the model in the table with this name, in any case. For a name in code, use the static: `ModelSpec.LLAMA_3_1_70B`.
   *
   * @throws AiInfraError with code `ModelUnknown`
   */
  static fromName(name: string): ModelSpec {
    const typed = typeof name === 'string' ? name : '';
    const found = ModelSpecBase.all.find((spec) => spec.name.toLowerCase() === typed.toLowerCase());
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
/** A decoder-only language model. */
export type ModelSpec = ModelSpecBase;
