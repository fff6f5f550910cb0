import type { ModelSpec } from '../workload/model-spec';
import type { ModelShape } from './model-shape';

/** Converts a model to the shape that the planner uses. */
export function shapeOf(model: ModelSpec): ModelShape {
  const { layers, globalLayers, hidden, heads, kvHeads, headDim, mla, vocabulary, parameters, activeParameters } =
    model;
  const { publishedWeightBytes } = model;
  const latent = mla && {
    latentKv: mla.kvLoraRank + mla.qkRopeHeadDim,
    // Queries are multiplied with keys over their full dimension, and weights with values over the dimension of a value.
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
