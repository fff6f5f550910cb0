import fc from 'fast-check';
import { ModelSpec } from 'ai-infra-constructs';
import { problemsOf } from '../catalog/errors-of';

const ATTENTION = { num_attention_heads: 32, num_key_value_heads: 8, num_hidden_layers: 32 };
const LLAMA = {
  ...ATTENTION,
  model_type: 'llama',
  hidden_size: 4096,
  intermediate_size: 14_336,
  vocab_size: 128_256,
  tie_word_embeddings: false,
  max_position_embeddings: 131_072,
};
const LLAMA_4 = {
  model_type: 'llama4_text',
  head_dim: 128,
  hidden_size: 5120,
  intermediate_size: 8192,
  intermediate_size_mlp: 16_384,
  num_attention_heads: 40,
  num_key_value_heads: 8,
  num_hidden_layers: 48,
  num_experts_per_tok: 1,
  vocab_size: 202_048,
  max_position_embeddings: 1_048_576,
};

// Fields of published configurations that affect the shape.
const CONFIGS: Record<string, object> = {
  'Llama-3.1-8B': LLAMA,
  'Mixtral-8x7B': {
    ...ATTENTION,
    model_type: 'mixtral',
    hidden_size: 4096,
    intermediate_size: 14_336,
    vocab_size: 32_000,
    num_local_experts: 8,
    num_experts_per_tok: 2,
    max_position_embeddings: 32_768,
  },
  'Qwen2.5-0.5B': {
    model_type: 'qwen2',
    hidden_size: 896,
    intermediate_size: 4864,
    num_attention_heads: 14,
    num_hidden_layers: 24,
    num_key_value_heads: 2,
    tie_word_embeddings: true,
    vocab_size: 151_936,
    max_position_embeddings: 32_768,
  },
  'Qwen3-30B-A3B': {
    model_type: 'qwen3_moe',
    head_dim: 128,
    hidden_size: 2048,
    intermediate_size: 6144,
    num_attention_heads: 32,
    num_hidden_layers: 48,
    num_key_value_heads: 4,
    num_experts: 128,
    num_experts_per_tok: 8,
    moe_intermediate_size: 768,
    decoder_sparse_step: 1,
    mlp_only_layers: [],
    vocab_size: 151_936,
    max_position_embeddings: 40_960,
  },
  'DeepSeek-V3': {
    model_type: 'deepseek_v3',
    hidden_size: 7168,
    intermediate_size: 18_432,
    num_attention_heads: 128,
    num_key_value_heads: 128,
    num_hidden_layers: 61,
    vocab_size: 129_280,
    kv_lora_rank: 512,
    q_lora_rank: 1536,
    qk_nope_head_dim: 128,
    qk_rope_head_dim: 64,
    v_head_dim: 128,
    n_routed_experts: 256,
    n_shared_experts: 1,
    num_experts_per_tok: 8,
    moe_intermediate_size: 2048,
    first_k_dense_replace: 3,
    moe_layer_freq: 1,
    max_position_embeddings: 163_840,
  },
  'gpt-oss-20b': {
    model_type: 'gpt_oss',
    head_dim: 64,
    hidden_size: 2880,
    intermediate_size: 2880,
    num_attention_heads: 64,
    num_key_value_heads: 8,
    num_hidden_layers: 24,
    num_local_experts: 32,
    num_experts_per_tok: 4,
    vocab_size: 201_088,
    max_position_embeddings: 131_072,
    quantization_config: { quant_method: 'mxfp4' },
  },
  'Llama-4-Scout': {
    model_type: 'llama4',
    text_config: {
      ...LLAMA_4,
      num_local_experts: 16,
      interleave_moe_layer_step: 1,
      max_position_embeddings: 10_485_760,
    },
  },
  'Llama-4-Maverick': {
    model_type: 'llama4',
    text_config: { ...LLAMA_4, num_local_experts: 128, interleave_moe_layer_step: 2 },
  },
  'Gemma-2-9B': {
    model_type: 'gemma2',
    head_dim: 256,
    hidden_size: 3584,
    intermediate_size: 14_336,
    num_attention_heads: 16,
    num_key_value_heads: 8,
    num_hidden_layers: 42,
    vocab_size: 256_000,
    max_position_embeddings: 8192,
  },
  'GPT-J-6B': {
    model_type: 'gptj',
    n_embd: 4096,
    n_head: 16,
    n_layer: 28,
    n_positions: 2048,
    vocab_size: 50_400,
    n_inner: null,
    tie_word_embeddings: false,
  },
  'BLOOM-176B': {
    model_type: 'bloom',
    hidden_size: 14_336,
    n_head: 112,
    n_layer: 70,
    vocab_size: 250_880,
    seq_length: 2048,
  },
};

describe('a model from its configuration', () => {
  test.each(Object.entries(CONFIGS))('%s is the model of the table', (name, config) => {
    const spec = ModelSpec.fromConfig(config, name);
    const { parameters, activeParameters, contextLength, count, publishedWeightBytes } = ModelSpec.fromName(name);
    expect(spec).toMatchObject({ name, parameters, activeParameters, contextLength, count, publishedWeightBytes });
    expect(spec.kvBytesPerToken()).toBe(ModelSpec.fromName(name).kvBytesPerToken());
  });

  test('has the defaults of its configuration class for fields that the file leaves out', () => {
    const text = { hidden_size: 2560, intermediate_size: 10_240, model_type: 'gemma3_text', num_hidden_layers: 34 };
    const spec = ModelSpec.fromConfig({ model_type: 'gemma3', text_config: text }, 'Gemma-3-4B');

    expect(spec).toMatchObject({ heads: 8, kvHeads: 4, headDim: 256, vocabulary: 262_208, contextLength: 131_072 });
    expect(spec.parameters / ModelSpec.GEMMA_3_4B.parameters).toBeCloseTo(1, 3);
  });

  test('with windows has a KV cache for full-attention layers only', () => {
    const layers = { layer_types: ['sliding_attention', 'full_attention', 'sliding_attention', 'sliding_attention'] };
    const oss = { ...CONFIGS['gpt-oss-20b'], num_hidden_layers: 4 };

    expect(ModelSpec.fromConfig({ ...oss, ...layers }).globalLayers).toBe(1);
    expect(ModelSpec.fromConfig(oss).globalLayers).toBe(2);
  });

  test('has the name of the configuration, or else its type', () => {
    expect(ModelSpec.fromConfig({ ...LLAMA, _name_or_path: 'org/mine' }).name).toBe('org/mine');
    expect(ModelSpec.fromConfig(LLAMA).name).toBe('llama');
  });

  test('has learned positions and a fourfold MLP if its family has', () => {
    const gpt2 = { model_type: 'gpt2', n_embd: 768, n_head: 12, n_layer: 12, n_positions: 1024, vocab_size: 50_257 };
    expect(ModelSpec.fromConfig(gpt2)).toMatchObject({ positions: 1024, intermediate: 3072, tiedEmbeddings: true });
    expect(ModelSpec.fromConfig(gpt2).parameters / 124.4e6).toBeCloseTo(1, 2);
  });

  test('counts a shared expert of another size in experts', () => {
    const qwen = {
      ...CONFIGS['Qwen3-30B-A3B'],
      model_type: 'qwen2_moe',
      shared_expert_intermediate_size: 4 * 768,
      mlp_only_layers: [0, 1],
    };
    expect(ModelSpec.fromConfig(qwen).moe).toMatchObject({ sharedExperts: 4, layers: 46 });
  });

  test('is rejected with the names of all missing fields', () => {
    expect(problemsOf(() => ModelSpec.fromConfig({ model_type: 'llama', hidden_size: 64 }))).toEqual([
      'ModelConfig num_hidden_layers',
      'ModelConfig num_attention_heads',
      'ModelConfig vocab_size',
      'ModelConfig intermediate_size',
    ]);
    expect(problemsOf(() => ModelSpec.fromConfig({ ...LLAMA, model_type: 'deepseek_v3' }))).toContain(
      'ModelConfig kv_lora_rank',
    );
    expect(problemsOf(() => ModelSpec.fromConfig({ ...LLAMA, num_experts: 8 }))).toEqual([
      'ModelConfig num_experts_per_tok',
    ]);
  });

  test.each([undefined, null, 7, '{}', [], {}, { model_type: 'mamba' }, { model_type: 'toString' }])(
    '%p is rejected as an unsupported architecture',
    (config) => {
      expect(problemsOf(() => ModelSpec.fromConfig(config as unknown as object))).toEqual(['ModelConfig model_type']);
    },
  );

  test('is rejected if the shape contradicts itself', () => {
    expect(problemsOf(() => ModelSpec.fromConfig({ ...LLAMA, num_key_value_heads: 7 }))).toEqual([
      'ModelInvalid kvHeads',
    ]);
    expect(problemsOf(() => ModelSpec.fromConfig({ ...LLAMA, hidden_size: 'wide' }))).toEqual(['ModelInvalid hidden']);
  });

  test('is created or rejected with codes for any field', () => {
    const field = fc.constantFrom(...Object.keys(CONFIGS['DeepSeek-V3']!), ...Object.keys(LLAMA_4));
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(CONFIGS)), field, fc.anything(), (config, name, value) => {
        try {
          return ModelSpec.fromConfig({ ...config, [name]: value }).parameters > 0;
        } catch (error) {
          return ['ModelInvalid', 'ModelConfig'].includes((error as { code: string }).code);
        }
      }),
    );
  });
});
