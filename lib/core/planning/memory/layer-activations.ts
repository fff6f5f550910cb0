import type { ModelSpec } from '../../workload/model-spec';

/** Bytes per value in bf16. */
const BYTES = 2;

/**
 * Returns the bytes of activations per token and layer that the backward pass needs: the mean over the layers, with flash attention and
 * without dropout. They are the inputs and outputs of the norms, the operands of attention, and the inputs and outputs of the MLP. With the
 * dimensions of GPT-3 they are 32 × hidden, and its two dropout masks make 34.
 * @see https://arxiv.org/abs/2205.05198 (section 4.1, counted for gated MLPs, grouped heads and experts)
 */
export function layerActivationBytes(model: ModelSpec): number {
  const { hidden, layers, intermediate, moe } = model;
  const dense = mlpValues(model, intermediate);
  const mean = moe ? (moe.layers * expertValues(model) + (layers - moe.layers) * dense) / layers : dense;
  return BYTES * (NORMS * hidden + attentionValues(model) + mean);
}

/** The input and the output of both norms. */
const NORMS = 4;

/** Queries, keys, values and the output of attention. Latent attention also keeps its latent vectors. */
function attentionValues({ heads, kvHeads, headDim, mla }: ModelSpec): number {
  if (!mla) return 2 * heads * headDim + 2 * kvHeads * headDim;
  const { qkNopeHeadDim, qkRopeHeadDim, vHeadDim, kvLoraRank, qLoraRank = 0 } = mla;
  return heads * (2 * (qkNopeHeadDim + qkRopeHeadDim) + 2 * vHeadDim) + kvLoraRank + qkRopeHeadDim + qLoraRank;
}

/** The outputs of the gate and the up projection, and the input of the down projection. */
function mlpValues({ gatedMlp }: ModelSpec, intermediate: number): number {
  return (gatedMlp ? 3 : 2) * intermediate;
}

/** Each token is copied to its experts, and their outputs are kept until they are added. */
function expertValues(model: ModelSpec): number {
  const { activeExperts, sharedExperts, expertIntermediate } = model.moe!;
  const each = mlpValues(model, expertIntermediate);
  return activeExperts * (each + 2 * model.hidden) + sharedExperts * each;
}
