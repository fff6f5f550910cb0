/** How a family of architectures writes its configuration. */
export interface Family {
  /** Whether its MLP has a gate. */
  readonly gatedMlp: boolean;
  /** Whether input and output embedding are one, where the configuration does not say. */
  readonly tied: boolean;
  /** Whether it keeps latent vectors, by the DeepSeek fields. */
  readonly latent?: true;
  /** Whether positions are learned. */
  readonly positions?: true;
  /** Hidden size of the MLP in hidden sizes, where the configuration has none. */
  readonly mlpRatio?: 4;
  /** Whether every other layer sees so short a window that its cache is next to nothing. */
  readonly windows?: true;
}

const GATED: Family = { gatedMlp: true, tied: false };
const GATED_TIED: Family = { gatedMlp: true, tied: true };
const LATENT: Family = { gatedMlp: true, tied: false, latent: true };

// By `model_type`. Defaults for tied embeddings are those of the configuration classes of Hugging Face transformers.
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
