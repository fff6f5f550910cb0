import type { ModelShape } from '../model-shape';

/** A row of the table of shapes: which published models a name in a benchmark means. */
export interface KnownShape extends ModelShape {
  /** How the name, without signs, begins. */
  readonly names: readonly string[];
  /** Bytes of a weight as published, whatever the arithmetic. */
  readonly weightBytes?: number;
  readonly confidence: 'read' | 'recalled';
}

// Shapes of the models in published serving benchmarks, for their replay. Numbers as of each model's config.json; parameters
// as of its model card. Not read again for this table, so marked recalled; parameters of models in training-runs.json agree.
export const KNOWN_SHAPES: readonly KnownShape[] = [
  { names: ['gptj'], layers: 28, hidden: 4096, heads: 16, vocabulary: 50_400, parameters: 6.05e9, confidence: 'recalled' },
  { names: ['gpt13b'], layers: 40, hidden: 5120, heads: 40, vocabulary: 50_257, parameters: 13e9, confidence: 'recalled' },
  { names: ['llama27b'], layers: 32, hidden: 4096, heads: 32, vocabulary: 32_000, parameters: 6.74e9, confidence: 'recalled' },
  { names: ['llama213b'], layers: 40, hidden: 5120, heads: 40, vocabulary: 32_000, parameters: 13e9, confidence: 'recalled' },
  { names: ['llama270b'], layers: 80, hidden: 8192, heads: 64, kvHeads: 8, vocabulary: 32_000, parameters: 69e9, confidence: 'recalled' },
  { names: ['llama38b'], layers: 32, hidden: 4096, heads: 32, kvHeads: 8, vocabulary: 128_256, parameters: 8.03e9, confidence: 'recalled' },
  { names: ['llama370b'], layers: 80, hidden: 8192, heads: 64, kvHeads: 8, vocabulary: 128_256, parameters: 70.6e9, confidence: 'recalled' },
  { names: ['llama3405b'], layers: 126, hidden: 16_384, heads: 128, kvHeads: 8, vocabulary: 128_256, parameters: 405.9e9, confidence: 'recalled' },
  { names: ['llama4maverick'], layers: 48, hidden: 5120, heads: 40, kvHeads: 8, headDim: 128, vocabulary: 202_048, parameters: 400e9, activeParameters: 17e9, confidence: 'recalled' },
  { names: ['llama4scout'], layers: 48, hidden: 5120, heads: 40, kvHeads: 8, headDim: 128, vocabulary: 202_048, parameters: 109e9, activeParameters: 17e9, confidence: 'recalled' },
  { names: ['mixtral8x7b'], layers: 32, hidden: 4096, heads: 32, kvHeads: 8, vocabulary: 32_000, parameters: 46.7e9, activeParameters: 12.9e9, confidence: 'recalled' },
  { names: ['mixtral8x22b'], layers: 56, hidden: 6144, heads: 48, kvHeads: 8, vocabulary: 32_768, parameters: 141e9, activeParameters: 39e9, confidence: 'recalled' },
  { names: ['deepseekr1', 'deepseekv3'], layers: 61, hidden: 7168, heads: 128, latentKv: 576, vocabulary: 129_280, parameters: 671e9, activeParameters: 37e9, confidence: 'recalled' },
  { names: ['kimik2'], layers: 61, hidden: 7168, heads: 64, latentKv: 576, vocabulary: 163_840, parameters: 1040e9, activeParameters: 32e9, confidence: 'recalled' },
  { names: ['gptoss120b'], layers: 36, globalLayers: 18, weightBytes: 0.5625, hidden: 2880, heads: 64, kvHeads: 8, headDim: 64, vocabulary: 201_088, parameters: 117e9, activeParameters: 5.1e9, confidence: 'recalled' },
  { names: ['gptoss20b'], layers: 24, globalLayers: 12, weightBytes: 0.5625, hidden: 2880, heads: 64, kvHeads: 8, headDim: 64, vocabulary: 201_088, parameters: 21e9, activeParameters: 3.6e9, confidence: 'recalled' },
  { names: ['qwen3235ba22b'], layers: 94, hidden: 4096, heads: 64, kvHeads: 4, headDim: 128, vocabulary: 151_936, parameters: 235e9, activeParameters: 22e9, confidence: 'recalled' },
  { names: ['qwen330ba3b'], layers: 48, hidden: 2048, heads: 32, kvHeads: 4, headDim: 128, vocabulary: 151_936, parameters: 30.5e9, activeParameters: 3.3e9, confidence: 'recalled' },
  { names: ['qwen38b'], layers: 36, hidden: 4096, heads: 32, kvHeads: 8, headDim: 128, vocabulary: 151_936, parameters: 8.2e9, confidence: 'recalled' },
  { names: ['qwen332b'], layers: 64, hidden: 5120, heads: 64, kvHeads: 8, headDim: 128, vocabulary: 151_936, parameters: 32.8e9, confidence: 'recalled' },
];
