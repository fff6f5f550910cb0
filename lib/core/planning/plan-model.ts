import type { ModelSpec } from '../workload/model-spec';
import type { ModelShape } from './model-shape';

/** A model in the numbers that planning takes. */
export function shapeOf(model: ModelSpec): ModelShape {
  const { layers, globalLayers, hidden, heads, kvHeads, headDim, mla, vocabulary, parameters, activeParameters } =
    model;
  const { publishedWeightBytes } = model;
  const latent = mla && {
    latentKv: mla.kvLoraRank + mla.qkRopeHeadDim,
    // Queries meet keys over their whole dimension, weights meet values over that of a value.
    attentionWidth: (heads * (mla.qkNopeHeadDim + mla.qkRopeHeadDim + mla.vHeadDim)) / 2,
  };
  return {
    layers,
    ...(globalLayers !== layers && { globalLayers }),
    hidden,
    heads,
    kvHeads,
    headDim,
    ...latent,
    vocabulary,
    parameters,
    activeParameters,
    ...(publishedWeightBytes !== undefined && { publishedWeightBytes }),
  };
}
