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
}

const GATED: Family = { gatedMlp: true, tied: false };
const GATED_TIED: Family = { gatedMlp: true, tied: true };
const LATENT: Family = { gatedMlp: true, tied: false, latent: true };

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
  gemma3: GATED_TIED,
  gemma3_text: GATED_TIED,
  deepseek_v2: LATENT,
  deepseek_v3: LATENT,
  kimi_k2: LATENT,
  gpt2: { gatedMlp: false, tied: true, positions: true, mlpRatio: 4 },
  gptj: { gatedMlp: false, tied: false, mlpRatio: 4 },
  gpt_neox: { gatedMlp: false, tied: false },
  bloom: { gatedMlp: false, tied: true, mlpRatio: 4 },
  opt: { gatedMlp: false, tied: true, positions: true },
};
