import type { ModelSpec } from '../workload/model-spec';
import type { ModelShape } from './model-shape';

/** A model in the numbers that planning takes. */
export function shapeOf(model: ModelSpec): ModelShape {
  const { layers, hidden, heads, kvHeads, headDim, mla, vocabulary, parameters, activeParameters } = model;
  const latent = mla && { latentKv: mla.kvLoraRank + mla.qkRopeHeadDim };
  return { layers, hidden, heads, kvHeads, headDim, ...latent, vocabulary, parameters, activeParameters };
}
