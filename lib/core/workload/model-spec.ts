import { type ModelName, MODELS } from '../catalog/models';
import { AiInfraError, Problems } from '../errors';
import { nearest } from '../nearest';
import { shapeOfConfig } from './hugging-face-config';
import { checkShape } from './model-checks';
import { countParameters, kvValuesPerToken, type ParameterCount, totalParameters } from './model-parameters';
import type { LatentAttention, MixtureOfExperts, ModelShape } from './model-shape';

class Spec implements ModelShape {
  /** Every model of the table. */
  static get all(): readonly ModelSpec[] {
    return Object.values(statics);
  }

  /** The model of that name, in any case of letters. For a literal name prefer the static: `ModelSpec.LLAMA_3_1_70B`. */
  static named(name: string): ModelSpec {
    const typed = typeof name === 'string' ? name : '';
    const found = Spec.all.find((spec) => spec.name.toLowerCase() === typed.toLowerCase());
    if (found) return found;
    const close = nearest(typed, Object.keys(MODELS));
    throw new AiInfraError([
      {
        code: 'ModelUnknown',
        prop: 'model',
        allowed: 'the name of a model of the table',
        got: name,
        fix: `${close.length > 0 ? `Did you mean ${close.join(', ')}? ` : ''}For one that the table lacks, use ModelSpec.of(shape) or ModelSpec.fromConfig(json).`,
      },
    ]);
  }

  /** A model that the table lacks, described by its shape. */
  static of(shape: ModelShape): ModelSpec {
    const problems = new Problems();
    checkShape(problems, shape);
    problems.throwIfAny();
    return new Spec(shape);
  }

  /**
   * A model by its Hugging Face `config.json`, parsed. Knows the Llama, Mistral, Mixtral, Qwen 2 and 3, DeepSeek 2 and 3, GPT-OSS,
   * Gemma 1 to 3, Phi-3, GPT-2, GPT-J, GPT-NeoX, Bloom and OPT families; of a multimodal model it takes the text part.
   */
  static fromConfig(config: object, name?: string): ModelSpec {
    return Spec.of(shapeOfConfig(config, name));
  }

  public readonly name: string;
  public readonly layers: number;
  public readonly hidden: number;
  public readonly heads: number;
  public readonly kvHeads: number;
  /** Of keys and values; with latent attention, of the part of a query without position. */
  public readonly headDim: number;
  /** Layers whose attention sees the whole context. */
  public readonly globalLayers: number;
  public readonly publishedWeightBytes?: number;
  public readonly vocabulary: number;
  /** 0 where no layer has a dense MLP. */
  public readonly intermediate: number;
  public readonly gatedMlp: boolean;
  public readonly tiedEmbeddings: boolean;
  public readonly positions: number;
  public readonly moe?: Required<MixtureOfExperts>;
  public readonly mla?: LatentAttention;
  public readonly contextLength?: number;
  public readonly statedParameters?: number;
  public readonly statedActiveParameters?: number;
  public readonly source: string;
  public readonly unverified?: string;
  /** Parameters by part. */
  public readonly count: ParameterCount;
  /** All parameters, derived from the shape, biases left out. */
  public readonly parameters: number;
  /** Parameters that a token passes, both embeddings included; all of them where the model is dense. */
  public readonly activeParameters: number;

  /** @internal Made by `of`, `named`, `fromConfig` and the statics. */
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
    this.source = shape.source ?? 'given by hand';
    this.unverified = shape.unverified;
    this.count = Object.freeze(countParameters(shape));
    this.parameters = totalParameters(this.count);
    this.activeParameters = this.parameters - this.count.idleExperts;
    Object.freeze(this);
  }

  /** Whether some of its layers are a mixture of experts. */
  get isMoe(): boolean {
    return this.moe !== undefined;
  }

  /** Bytes of KV cache that a token takes over all layers. @param bytesPerValue 2 for bf16, 1 for fp8 */
  kvBytesPerToken(bytesPerValue = 2): number {
    return kvValuesPerToken(this) * bytesPerValue;
  }

  toString(): string {
    return this.name;
  }
}

function defined(moe: MixtureOfExperts): MixtureOfExperts {
  return Object.fromEntries(
    Object.entries(moe).filter(([, value]) => value !== undefined),
  ) as unknown as MixtureOfExperts;
}

type StaticName<Name extends string> = Name extends `${infer Head}.${infer Tail}`
  ? StaticName<`${Head}_${Tail}`>
  : Name extends `${infer Head}-${infer Tail}`
    ? StaticName<`${Head}_${Tail}`>
    : Uppercase<Name>;

type Statics = { readonly [Name in ModelName as StaticName<Name>]: ModelSpec };

const statics = Object.fromEntries(
  Object.entries(MODELS).map(([name, row]) => [name.replace(/[.-]/g, '_').toUpperCase(), new Spec({ name, ...row })]),
) as unknown as Statics;

/**
 * A decoder-only language model: `ModelSpec.LLAMA_3_1_70B` and its like for each row of the table, `ModelSpec.all`,
 * `ModelSpec.named('Llama-3.1-70B')`, `ModelSpec.of(shape)` and `ModelSpec.fromConfig(json)` for one that the table lacks.
 */
export const ModelSpec = Object.assign(Spec, statics);
export type ModelSpec = Spec;
