import { type Problem, ProblemCollector } from '../errors';
import type { ModelShape } from './model-parameters';
import { BYTES_PER_VALUE } from './model-spec';

type Config = Readonly<Record<string, unknown>>;

// Names of each field, the usual one first. Older families use other names.
const NAMES = {
  layers: ['num_hidden_layers', 'n_layer'],
  hidden: ['hidden_size', 'n_embd'],
  heads: ['num_attention_heads', 'n_head'],
  kvHeads: ['num_key_value_heads'],
  headDim: ['head_dim'],
  vocabulary: ['vocab_size'],
  intermediate: ['intermediate_size', 'n_inner', 'ffn_dim'],
  context: ['max_position_embeddings', 'n_positions', 'seq_length'],
  experts: ['num_experts', 'num_local_experts', 'n_routed_experts'],
} as const;

/** Returns the shape in a parsed `config.json`. Throws one error that lists all missing fields by their names in the file. */
export function shapeOfConfig(value: unknown, name?: string): ModelShape {
  const problems = new ProblemCollector();
  const config = textPart(value);
  const type = config?.model_type;
  const family = typeof type === 'string' && Object.hasOwn(FAMILIES, type) ? FAMILIES[type] : undefined;
  if (!config || !family) problems.add(unknownArchitecture(config === undefined ? value : type));
  problems.throwIfAny();
  const shape = read({ ...family!.defaults, ...config }, family!, problems, name);
  problems.throwIfAny();
  return shape;
}

/** Returns the configuration, or the text part of a multimodal one, with the fields that only the outer part has. */
function textPart(value: unknown): Config | undefined {
  if (!isRecord(value)) return undefined;
  const text = value.text_config ?? value.llm_config;
  if (!isRecord(text)) return value;
  const { tie_word_embeddings, _name_or_path } = value;
  return { ...(tie_word_embeddings !== undefined && { tie_word_embeddings }), _name_or_path, ...text };
}

function read(config: Config, family: Family, problems: ProblemCollector, name?: string): ModelShape {
  const required = (names: readonly string[]) => numberOf(config, names) ?? missing(problems, names);
  const hidden = required(NAMES.hidden);
  const layers = required(NAMES.layers);
  const experts = numberOf(config, NAMES.experts);
  const context = numberOf(config, NAMES.context);
  const tied = config.tie_word_embeddings;
  const path =
    typeof config._name_or_path === 'string' && config._name_or_path !== '' ? config._name_or_path : undefined;
  const shape: ModelShape = {
    name: name ?? path ?? String(config.model_type),
    layers,
    globalLayers: family.windows && globalLayers(config, layers),
    hidden,
    heads: required(NAMES.heads),
    kvHeads: family.latent ? undefined : numberOf(config, NAMES.kvHeads),
    headDim: family.latent ? undefined : numberOf(config, NAMES.headDim),
    vocabulary: required(NAMES.vocabulary),
    intermediate:
      denseIntermediate(config) ?? (family.mlpRatio ? family.mlpRatio * hidden : missing(problems, NAMES.intermediate)),
    gatedMlp: family.gatedMlp,
    tiedEmbeddings: typeof tied === 'boolean' ? tied : family.tied,
    positions: family.positions ? (context ?? 0) : 0,
    contextLength: context,
    publishedWeightBytes: publishedBytes(config),
    mla: family.latent && latentOf(required, config),
    moe: experts === undefined || experts === 0 ? undefined : expertsOf(required, config, layers, experts),
    source: 'config.json',
  };
  return shape;
}

/** Number of full-attention layers: those in `layer_types`, or every second layer without that field. */
function globalLayers({ layer_types: types }: Config, layers: number): number {
  return Array.isArray(types) ? types.filter((type) => type === 'full_attention').length : Math.floor(layers / 2);
}

/** Bytes per weight of a model that is published in 4 bits, with its scales. */
function publishedBytes({ quantization_config: quantization }: Config): number | undefined {
  return isRecord(quantization) && quantization.quant_method === 'mxfp4' ? BYTES_PER_VALUE.fp4 : undefined;
}

/** Llama 4 has a separate field for the size of its dense layers. */
function denseIntermediate(config: Config): number | undefined {
  return numberOf(config, ['intermediate_size_mlp', ...NAMES.intermediate]);
}

type Required = (names: readonly string[]) => number;

function latentOf(required: Required, config: Config): ModelShape['mla'] {
  return {
    kvLoraRank: required(['kv_lora_rank']),
    qLoraRank: numberOf(config, ['q_lora_rank']),
    qkNopeHeadDim: required(['qk_nope_head_dim']),
    qkRopeHeadDim: required(['qk_rope_head_dim']),
    vHeadDim: required(['v_head_dim']),
  };
}

function expertsOf(required: Required, config: Config, layers: number, experts: number): ModelShape['moe'] {
  const size = required(['moe_intermediate_size', 'intermediate_size']);
  const shared = numberOf(config, ['shared_expert_intermediate_size']);
  return {
    experts,
    activeExperts: required(['num_experts_per_tok', 'num_experts_per_token']),
    expertIntermediate: size,
    sharedExperts: shared === undefined ? sharedOf(config) : shared / size,
    layers: expertLayers(config, layers),
  };
}

/** Llama 4 has one shared expert and no field for it. */
function sharedOf(config: Config): number {
  return numberOf(config, ['n_shared_experts']) ?? (config.model_type === 'llama4_text' ? 1 : 0);
}

/** Number of layers with experts. DeepSeek starts with dense layers, Llama 4 and Qwen have a step, and Qwen lists exceptions. */
function expertLayers(config: Config, layers: number): number {
  const dense = numberOf(config, ['first_k_dense_replace']) ?? 0;
  const step = numberOf(config, ['interleave_moe_layer_step', 'decoder_sparse_step', 'moe_layer_freq']) ?? 1;
  const exceptions = Array.isArray(config.mlp_only_layers) ? config.mlp_only_layers.length : 0;
  return Math.floor((layers - dense) / Math.max(1, step)) - exceptions;
}

function numberOf(config: Config, names: readonly string[]): number | undefined {
  const value = names.map((name) => config[name]).find((one) => one !== undefined && one !== null);
  if (value === undefined) return undefined;
  return typeof value === 'number' ? value : NaN;
}

function missing(problems: ProblemCollector, names: readonly string[]): number {
  const field = names.join(' or ');
  problems.add({
    code: 'ModelConfig',
    prop: names[0]!,
    allowed: `a number in config.json, in the field ${field}`,
    got: undefined,
    fix: 'Add the field, or use ModelSpec.of(shape).',
  });
  return NaN;
}

function unknownArchitecture(got: unknown): Problem {
  return {
    code: 'ModelConfig',
    prop: 'model_type',
    allowed: `one of ${Object.keys(FAMILIES).join(', ')}`,
    got,
    fix: 'Pass the parsed config.json, or use ModelSpec.of(shape).',
  };
}

function isRecord(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Conventions of a family of architectures, for fields that its configuration leaves out. */
export interface Family {
  /** Whether the MLP has a gate. */
  readonly gatedMlp: boolean;
  /** Whether the input and output embeddings share weights by default. */
  readonly tied: boolean;
  /** Whether it uses multi-head latent attention, with the fields of DeepSeek. */
  readonly latent?: true;
  /** Whether position embeddings are learned. */
  readonly positions?: true;
  /** Default hidden size of the MLP, as a multiple of the model's hidden size. */
  readonly mlpRatio?: 4;
  /** Whether every second layer has a short attention window, whose KV cache is negligible. */
  readonly windows?: true;
  /** Values of fields that a configuration leaves out if they equal the defaults of its class. @default - none */
  readonly defaults?: Config;
}

const GATED: Family = { gatedMlp: true, tied: false };
const GATED_TIED: Family = { gatedMlp: true, tied: true };
const LATENT: Family = { gatedMlp: true, tied: false, latent: true };

/** Defaults of `Gemma3TextConfig` in Hugging Face transformers. The published files of the 4B model leave out most of them. */
const GEMMA_3: Family = {
  ...GATED_TIED,
  defaults: {
    vocab_size: 262_208,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: 256,
    max_position_embeddings: 131_072,
  },
};

/** Families by `model_type`. Defaults for tied embeddings are from the configuration classes of Hugging Face transformers. */
export const FAMILIES: Readonly<Record<string, Family>> = {
  llama: GATED,
  llama4_text: GATED,
  mistral: GATED,
  mixtral: GATED,
  qwen2: GATED,
  qwen2_moe: GATED,
  qwen3: GATED,
  qwen3_moe: GATED,
  qwen3_vl_text: GATED,
  qwen3_vl_moe_text: GATED,
  phi3: GATED,
  olmo2: GATED,
  gpt_oss: { gatedMlp: true, tied: false, windows: true },
  gemma: GATED_TIED,
  gemma2: GATED_TIED,
  gemma3: GEMMA_3,
  gemma3_text: GEMMA_3,
  deepseek_v2: LATENT,
  deepseek_v3: LATENT,
  kimi_k2: LATENT,
  gpt2: { gatedMlp: false, tied: true, positions: true, mlpRatio: 4 },
  gptj: { gatedMlp: false, tied: false, mlpRatio: 4 },
  gpt_neox: { gatedMlp: false, tied: false },
  bloom: { gatedMlp: false, tied: true, mlpRatio: 4 },
  opt: { gatedMlp: false, tied: true, positions: true },
};
