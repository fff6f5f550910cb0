import type { ModelShape } from '../workload/model-parameters';

/** A row of the model table. `source` names the source of the shape. Stated sizes are from the model cards or papers. */
export type ModelRow = Omit<ModelShape, 'name'> & { readonly source: string };

// Each source is the config.json of the model, as these repositories copy or restate it; read 2026-11.
const AIC = 'config.json of the model, in ai-dynamo/aiconfigurator 095f58a (model_configs)';
const LITGPT = 'config.json of the model, restated in Lightning-AI/litgpt 26857050 (litgpt/config.py); tied embeddings as the model card';
const WINDOW = 'some layers attend to a window only: the KV cache is an upper bound beyond it';
const NEMO = 'config.json of the model, restated in kevinstephano/thunder_model_blocks (thunder_model_blocks/mistral/mistral_config.py)';
const YI = 'config.json of the model, restated alike in two public test configurations';
const MAGISTRAL = 'params.json of Magistral-Small-2509, of the same shape, restated in public source';
const TEXT = 'text part only: the vision tower is left out';

const LLAMA_3_8B = { layers: 32, hidden: 4096, heads: 32, kvHeads: 8, intermediate: 14_336, vocabulary: 128_256, statedParameters: 8.03e9, source: AIC } as const;
const LLAMA_3_70B = { layers: 80, hidden: 8192, heads: 64, kvHeads: 8, intermediate: 28_672, vocabulary: 128_256, statedParameters: 70.6e9, source: AIC } as const;
const DEEPSEEK = { layers: 61, hidden: 7168, heads: 128, intermediate: 18_432, vocabulary: 129_280, publishedWeightBytes: 1, moe: { experts: 256, activeExperts: 8, expertIntermediate: 2048, sharedExperts: 1, layers: 58 }, mla: { kvLoraRank: 512, qLoraRank: 1536, qkNopeHeadDim: 128, qkRopeHeadDim: 64, vHeadDim: 128 }, contextLength: 163_840, statedParameters: 671e9, statedActiveParameters: 37e9, source: AIC, unverified: 'the head for multi-token prediction is left out: it adds 14e9 parameters if it is trained' } as const;

/** Open models, by the name of their publisher. Dense MLPs are gated unless the row sets `gatedMlp`. */
export const MODELS = {
  'LLaMA-7B': { layers: 32, hidden: 4096, heads: 32, intermediate: 11_008, vocabulary: 32_000, contextLength: 2048, statedParameters: 6.7e9, source: 'arXiv 2302.13971' },
  'LLaMA-13B': { layers: 40, hidden: 5120, heads: 40, intermediate: 13_824, vocabulary: 32_000, contextLength: 2048, statedParameters: 13e9, source: 'arXiv 2302.13971' },
  'LLaMA-33B': { layers: 60, hidden: 6656, heads: 52, intermediate: 17_920, vocabulary: 32_000, contextLength: 2048, statedParameters: 32.5e9, source: 'arXiv 2302.13971' },
  'LLaMA-65B': { layers: 80, hidden: 8192, heads: 64, intermediate: 22_016, vocabulary: 32_000, contextLength: 2048, statedParameters: 65.2e9, source: 'arXiv 2302.13971', unverified: 'intermediate size recalled; the stated size confirms it' },
  'Llama-2-7B': { layers: 32, hidden: 4096, heads: 32, intermediate: 11_008, vocabulary: 32_000, contextLength: 4096, statedParameters: 6.74e9, source: LITGPT },
  'Llama-2-13B': { layers: 40, hidden: 5120, heads: 40, intermediate: 13_824, vocabulary: 32_000, contextLength: 4096, statedParameters: 13e9, source: LITGPT },
  'Llama-2-70B': { layers: 80, hidden: 8192, heads: 64, kvHeads: 8, intermediate: 28_672, vocabulary: 32_000, contextLength: 4096, statedParameters: 69e9, source: LITGPT },
  'CodeLlama-7B': { layers: 32, hidden: 4096, heads: 32, intermediate: 11_008, vocabulary: 32_016, contextLength: 16_384, statedParameters: 6.74e9, source: LITGPT },
  'CodeLlama-13B': { layers: 40, hidden: 5120, heads: 40, intermediate: 13_824, vocabulary: 32_016, contextLength: 16_384, statedParameters: 13e9, source: LITGPT },
  'CodeLlama-34B': { layers: 48, hidden: 8192, heads: 64, kvHeads: 8, intermediate: 22_016, vocabulary: 32_000, contextLength: 16_384, statedParameters: 33.7e9, source: LITGPT },
  'CodeLlama-70B': { layers: 80, hidden: 8192, heads: 64, kvHeads: 8, intermediate: 28_672, vocabulary: 32_016, contextLength: 16_384, statedParameters: 69e9, source: LITGPT },
  'Llama-3-8B': { ...LLAMA_3_8B, contextLength: 8192 },
  'Llama-3-70B': { ...LLAMA_3_70B, contextLength: 8192 },
  'Llama-3.1-8B': { ...LLAMA_3_8B, contextLength: 131_072 },
  'Llama-3.1-70B': { ...LLAMA_3_70B, contextLength: 131_072 },
  'Llama-3.1-405B': { layers: 126, hidden: 16_384, heads: 128, kvHeads: 8, intermediate: 53_248, vocabulary: 128_256, contextLength: 131_072, statedParameters: 405.9e9, source: AIC },
  'Llama-3.2-1B': { layers: 16, hidden: 2048, heads: 32, kvHeads: 8, intermediate: 8192, vocabulary: 128_256, tiedEmbeddings: true, contextLength: 131_072, statedParameters: 1.23e9, source: LITGPT },
  'Llama-3.2-3B': { layers: 28, hidden: 3072, heads: 24, kvHeads: 8, intermediate: 8192, vocabulary: 128_256, tiedEmbeddings: true, contextLength: 131_072, statedParameters: 3.21e9, source: LITGPT },
  'Llama-3.3-70B': { ...LLAMA_3_70B, contextLength: 131_072 },
  'Llama-4-Scout': { layers: 48, hidden: 5120, heads: 40, kvHeads: 8, headDim: 128, vocabulary: 202_048, moe: { experts: 16, activeExperts: 1, expertIntermediate: 8192, sharedExperts: 1 }, contextLength: 10_485_760, statedParameters: 109e9, statedActiveParameters: 17e9, source: AIC, unverified: `${TEXT}; ${WINDOW}` },
  'Llama-4-Maverick': { layers: 48, hidden: 5120, heads: 40, kvHeads: 8, headDim: 128, intermediate: 16_384, vocabulary: 202_048, moe: { experts: 128, activeExperts: 1, expertIntermediate: 8192, sharedExperts: 1, layers: 24 }, contextLength: 1_048_576, statedParameters: 400e9, statedActiveParameters: 17e9, source: AIC, unverified: `${TEXT}; ${WINDOW}` },
  'Mistral-7B': { layers: 32, hidden: 4096, heads: 32, kvHeads: 8, intermediate: 14_336, vocabulary: 32_000, contextLength: 32_768, statedParameters: 7.24e9, source: LITGPT },
  'Mistral-Nemo-12B': { layers: 40, hidden: 5120, heads: 32, kvHeads: 8, headDim: 128, intermediate: 14_336, vocabulary: 131_072, contextLength: 128_000, statedParameters: 12.2e9, source: NEMO },
  'Mistral-Small-24B': { layers: 40, hidden: 5120, heads: 32, kvHeads: 8, headDim: 128, intermediate: 32_768, vocabulary: 131_072, contextLength: 32_768, statedParameters: 23.6e9, source: MAGISTRAL, unverified: 'head size and context length recalled; the stated size confirms the former' },
  'Mistral-Large-2': { layers: 88, hidden: 12_288, heads: 96, kvHeads: 8, intermediate: 28_672, vocabulary: 32_768, contextLength: 131_072, statedParameters: 123e9, source: LITGPT, unverified: 'context length recalled' },
  'Mixtral-8x7B': { layers: 32, hidden: 4096, heads: 32, kvHeads: 8, vocabulary: 32_000, moe: { experts: 8, activeExperts: 2, expertIntermediate: 14_336 }, contextLength: 32_768, statedParameters: 46.7e9, statedActiveParameters: 12.9e9, source: AIC },
  'Mixtral-8x22B': { layers: 56, hidden: 6144, heads: 48, kvHeads: 8, vocabulary: 32_000, moe: { experts: 8, activeExperts: 2, expertIntermediate: 16_384 }, contextLength: 65_536, statedParameters: 141e9, statedActiveParameters: 39e9, source: AIC },
  'Qwen2.5-0.5B': { layers: 24, hidden: 896, heads: 14, kvHeads: 2, intermediate: 4864, vocabulary: 151_936, tiedEmbeddings: true, contextLength: 32_768, statedParameters: 0.49e9, source: LITGPT },
  'Qwen2.5-1.5B': { layers: 28, hidden: 1536, heads: 12, kvHeads: 2, intermediate: 8960, vocabulary: 151_936, tiedEmbeddings: true, contextLength: 131_072, statedParameters: 1.54e9, source: LITGPT },
  'Qwen2.5-3B': { layers: 36, hidden: 2048, heads: 16, kvHeads: 2, intermediate: 11_008, vocabulary: 151_936, tiedEmbeddings: true, contextLength: 32_768, statedParameters: 3.09e9, source: LITGPT },
  'Qwen2.5-7B': { layers: 28, hidden: 3584, heads: 28, kvHeads: 4, intermediate: 18_944, vocabulary: 152_064, contextLength: 131_072, statedParameters: 7.61e9, source: LITGPT },
  'Qwen2.5-14B': { layers: 48, hidden: 5120, heads: 40, kvHeads: 8, intermediate: 13_824, vocabulary: 152_064, contextLength: 131_072, statedParameters: 14.7e9, source: LITGPT },
  'Qwen2.5-32B': { layers: 64, hidden: 5120, heads: 40, kvHeads: 8, intermediate: 27_648, vocabulary: 152_064, contextLength: 131_072, statedParameters: 32.5e9, source: LITGPT },
  'Qwen2.5-72B': { layers: 80, hidden: 8192, heads: 64, kvHeads: 8, intermediate: 29_568, vocabulary: 152_064, contextLength: 131_072, statedParameters: 72.7e9, source: LITGPT },
  'QwQ-32B': { layers: 64, hidden: 5120, heads: 40, kvHeads: 8, intermediate: 27_648, vocabulary: 152_064, contextLength: 131_072, statedParameters: 32.5e9, source: LITGPT },
  'Qwen3-0.6B': { layers: 28, hidden: 1024, heads: 16, kvHeads: 8, headDim: 128, intermediate: 3072, vocabulary: 151_936, tiedEmbeddings: true, contextLength: 40_960, statedParameters: 0.6e9, source: AIC },
  'Qwen3-1.7B': { layers: 28, hidden: 2048, heads: 16, kvHeads: 8, headDim: 128, intermediate: 6144, vocabulary: 151_936, tiedEmbeddings: true, contextLength: 40_960, statedParameters: 1.7e9, source: AIC },
  'Qwen3-4B': { layers: 36, hidden: 2560, heads: 32, kvHeads: 8, headDim: 128, intermediate: 9728, vocabulary: 151_936, tiedEmbeddings: true, contextLength: 40_960, statedParameters: 4.0e9, source: LITGPT },
  'Qwen3-8B': { layers: 36, hidden: 4096, heads: 32, kvHeads: 8, headDim: 128, intermediate: 12_288, vocabulary: 151_936, contextLength: 40_960, statedParameters: 8.2e9, source: AIC },
  'Qwen3-14B': { layers: 40, hidden: 5120, heads: 40, kvHeads: 8, headDim: 128, intermediate: 17_408, vocabulary: 151_936, contextLength: 40_960, statedParameters: 14.8e9, source: LITGPT },
  'Qwen3-32B': { layers: 64, hidden: 5120, heads: 64, kvHeads: 8, headDim: 128, intermediate: 25_600, vocabulary: 151_936, contextLength: 40_960, statedParameters: 32.8e9, source: AIC },
  'Qwen3-30B-A3B': { layers: 48, hidden: 2048, heads: 32, kvHeads: 4, headDim: 128, vocabulary: 151_936, moe: { experts: 128, activeExperts: 8, expertIntermediate: 768 }, contextLength: 40_960, statedParameters: 30.5e9, statedActiveParameters: 3.3e9, source: AIC },
  'Qwen3-235B-A22B': { layers: 94, hidden: 4096, heads: 64, kvHeads: 4, headDim: 128, vocabulary: 151_936, moe: { experts: 128, activeExperts: 8, expertIntermediate: 1536 }, contextLength: 40_960, statedParameters: 235e9, statedActiveParameters: 22e9, source: AIC },
  'Qwen3-Coder-480B-A35B': { layers: 62, hidden: 6144, heads: 96, kvHeads: 8, headDim: 128, vocabulary: 151_936, moe: { experts: 160, activeExperts: 8, expertIntermediate: 2560 }, contextLength: 262_144, statedParameters: 480e9, statedActiveParameters: 35e9, source: AIC },
  'DeepSeek-V3': DEEPSEEK,
  'DeepSeek-R1': DEEPSEEK,
  'Kimi-K2': { layers: 61, hidden: 7168, heads: 64, intermediate: 18_432, vocabulary: 163_840, moe: { experts: 384, activeExperts: 8, expertIntermediate: 2048, sharedExperts: 1, layers: 60 }, mla: { kvLoraRank: 512, qLoraRank: 1536, qkNopeHeadDim: 128, qkRopeHeadDim: 64, vHeadDim: 128 }, contextLength: 131_072, statedParameters: 1026e9, statedActiveParameters: 32e9, source: AIC },
  // GPT-OSS: every second layer attends only to the last 128 tokens. Experts are published in MXFP4, 65 GB for 117e9 parameters.
  'gpt-oss-20b': { layers: 24, globalLayers: 12, hidden: 2880, heads: 64, kvHeads: 8, headDim: 64, vocabulary: 201_088, moe: { experts: 32, activeExperts: 4, expertIntermediate: 2880 }, contextLength: 131_072, statedParameters: 20.9e9, statedActiveParameters: 3.6e9, publishedWeightBytes: 0.5625, source: AIC },
  'gpt-oss-120b': { layers: 36, globalLayers: 18, hidden: 2880, heads: 64, kvHeads: 8, headDim: 64, vocabulary: 201_088, moe: { experts: 128, activeExperts: 4, expertIntermediate: 2880 }, contextLength: 131_072, statedParameters: 117e9, statedActiveParameters: 5.1e9, publishedWeightBytes: 0.5625, source: AIC },
  'Gemma-7B': { layers: 28, hidden: 3072, heads: 16, headDim: 256, intermediate: 24_576, vocabulary: 256_000, tiedEmbeddings: true, contextLength: 8192, statedParameters: 8.54e9, source: LITGPT, unverified: 'context length recalled' },
  'Gemma-2-2B': { layers: 26, hidden: 2304, heads: 8, kvHeads: 4, headDim: 256, intermediate: 9216, vocabulary: 256_000, tiedEmbeddings: true, contextLength: 8192, statedParameters: 2.61e9, source: LITGPT, unverified: WINDOW },
  'Gemma-2-9B': { layers: 42, hidden: 3584, heads: 16, kvHeads: 8, headDim: 256, intermediate: 14_336, vocabulary: 256_000, tiedEmbeddings: true, contextLength: 8192, statedParameters: 9.24e9, source: LITGPT, unverified: WINDOW },
  'Gemma-2-27B': { layers: 46, hidden: 4608, heads: 32, kvHeads: 16, headDim: 128, intermediate: 36_864, vocabulary: 256_000, tiedEmbeddings: true, contextLength: 8192, statedParameters: 27.2e9, source: LITGPT, unverified: WINDOW },
  'Gemma-3-4B': { layers: 34, hidden: 2560, heads: 8, kvHeads: 4, headDim: 256, intermediate: 10_240, vocabulary: 262_144, tiedEmbeddings: true, contextLength: 131_072, source: LITGPT, unverified: `${TEXT}; ${WINDOW}` },
  'Gemma-3-12B': { layers: 48, hidden: 3840, heads: 16, kvHeads: 8, headDim: 256, intermediate: 15_360, vocabulary: 262_144, tiedEmbeddings: true, contextLength: 131_072, source: LITGPT, unverified: `${TEXT}; ${WINDOW}` },
  'Gemma-3-27B': { layers: 62, hidden: 5376, heads: 32, kvHeads: 16, headDim: 128, intermediate: 21_504, vocabulary: 262_144, tiedEmbeddings: true, contextLength: 131_072, source: LITGPT, unverified: `${TEXT}; ${WINDOW}` },
  'Phi-4': { layers: 40, hidden: 5120, heads: 40, kvHeads: 10, intermediate: 17_920, vocabulary: 100_352, contextLength: 16_384, statedParameters: 14.7e9, source: LITGPT },
  'Phi-3-mini': { layers: 32, hidden: 3072, heads: 32, intermediate: 8192, vocabulary: 32_064, contextLength: 4096, statedParameters: 3.82e9, source: LITGPT },
  'Phi-4-mini': { layers: 32, hidden: 3072, heads: 24, kvHeads: 8, intermediate: 8192, vocabulary: 200_064, tiedEmbeddings: true, contextLength: 131_072, statedParameters: 3.84e9, source: LITGPT },
  'Yi-34B': { layers: 60, hidden: 7168, heads: 56, kvHeads: 8, intermediate: 20_480, vocabulary: 64_000, contextLength: 4096, statedParameters: 34.4e9, source: YI },
  'Falcon-7B': { layers: 32, hidden: 4544, heads: 71, kvHeads: 1, intermediate: 18_176, vocabulary: 65_024, gatedMlp: false, tiedEmbeddings: true, contextLength: 2048, statedParameters: 6.9e9, source: LITGPT },
  'Falcon-40B': { layers: 60, hidden: 8192, heads: 128, kvHeads: 8, intermediate: 32_768, vocabulary: 65_024, gatedMlp: false, tiedEmbeddings: true, contextLength: 2048, statedParameters: 41.3e9, source: LITGPT },
  'Falcon-180B': { layers: 80, hidden: 14_848, heads: 232, kvHeads: 8, intermediate: 59_392, vocabulary: 65_024, gatedMlp: false, tiedEmbeddings: true, contextLength: 2048, statedParameters: 179e9, source: LITGPT },
  'OLMo-2-7B': { layers: 32, hidden: 4096, heads: 32, intermediate: 11_008, vocabulary: 100_352, contextLength: 4096, statedParameters: 7.3e9, source: LITGPT },
  'OLMo-2-13B': { layers: 40, hidden: 5120, heads: 40, intermediate: 13_824, vocabulary: 100_352, contextLength: 4096, statedParameters: 13.7e9, source: LITGPT },
  'GPT-J-6B': { layers: 28, hidden: 4096, heads: 16, intermediate: 16_384, vocabulary: 50_400, gatedMlp: false, contextLength: 2048, statedParameters: 6.05e9, source: 'cli99/llm-analysis b60b392 (model_configs/EleutherAI_gpt-j-6b.json)' },
  'GPT-13B': { layers: 40, hidden: 5120, heads: 40, intermediate: 20_480, vocabulary: 50_257, gatedMlp: false, tiedEmbeddings: true, positions: 2048, contextLength: 2048, statedParameters: 13e9, source: 'arXiv 2005.14165 (table 2.1)', unverified: 'the table prints a width of 5140, which 40 heads of 128 contradict' },
  'GPT-3-175B': { layers: 96, hidden: 12_288, heads: 96, intermediate: 49_152, vocabulary: 50_257, gatedMlp: false, tiedEmbeddings: true, positions: 2048, contextLength: 2048, statedParameters: 174.6e9, source: 'arXiv 2005.14165', unverified: 'vocabulary recalled; others pad it to 50,272' },
  'BLOOM-176B': { layers: 70, hidden: 14_336, heads: 112, intermediate: 57_344, vocabulary: 250_880, gatedMlp: false, tiedEmbeddings: true, contextLength: 2048, statedParameters: 176.2e9, source: 'arXiv 2211.05100' },
} as const satisfies Record<string, ModelRow>;

/** The name of a model in the table, for example `Llama-3.1-70B`. */
export type ModelName = keyof typeof MODELS;
