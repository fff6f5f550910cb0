import type { ModelShape } from './model-shape';

/** Parameters of a model by part. Biases are left out: they are less than 0.1% of any model in the table. */
export interface ParameterCount {
  /** Input and output embeddings, and learned positions. */
  readonly embedding: number;
  /** Attention projections of all layers. */
  readonly attention: number;
  /** Normalization layers. */
  readonly norms: number;
  /** MLPs of the layers without experts. */
  readonly denseMlp: number;
  /** Routed experts and their routers. */
  readonly routedExperts: number;
  /** Experts that process every token. */
  readonly sharedExperts: number;
  /** Routed experts that do not process a given token. */
  readonly idleExperts: number;
}

/** Counts the weights of each part of a model. */
export function countParameters(shape: ModelShape): ParameterCount {
  const { layers, hidden, vocabulary, positions = 0, tiedEmbeddings = false, moe } = shape;
  const moeLayers = moe ? (moe.layers ?? layers) : 0;
  const expert = moe ? mlp(shape, moe.expertIntermediate) : 0;
  const { experts = 0, activeExperts = 0, sharedExperts = 0 } = moe ?? {};
  return {
    embedding: vocabulary * hidden * (tiedEmbeddings ? 1 : 2) + positions * hidden,
    attention: layers * sum(attentionProjections(shape).map(([from, to]) => from * to)),
    norms: (2 * layers + 1) * hidden,
    denseMlp: (layers - moeLayers) * mlp(shape, shape.intermediate ?? 0),
    routedExperts: moeLayers * experts * (expert + hidden),
    sharedExperts: moeLayers * sharedExperts * expert,
    idleExperts: moeLayers * (experts - activeExperts) * expert,
  };
}

/** Returns the sum of all parts. */
export function totalParameters(count: ParameterCount): number {
  const { embedding, attention, norms, denseMlp, routedExperts, sharedExperts } = count;
  return embedding + attention + norms + denseMlp + routedExperts + sharedExperts;
}

/** Input and output size of a weight matrix. */
export type Projection = readonly [from: number, to: number];

/** Projections of one attention layer: query, key, value and output. Latent attention projects down to its ranks and up again. */
export function attentionProjections(shape: ModelShape): readonly Projection[] {
  const { hidden, heads, kvHeads = heads, headDim = hidden / heads, mla } = shape;
  if (!mla) {
    const [query, keyValue] = [heads * headDim, kvHeads * headDim];
    return [
      [hidden, query],
      [hidden, keyValue],
      [hidden, keyValue],
      [query, hidden],
    ];
  }
  const { kvLoraRank, qLoraRank, qkNopeHeadDim, qkRopeHeadDim, vHeadDim } = mla;
  const query = heads * (qkNopeHeadDim + qkRopeHeadDim);
  return [
    ...(qLoraRank === undefined
      ? [[hidden, query] as const]
      : [[hidden, qLoraRank] as const, [qLoraRank, query] as const]),
    [hidden, kvLoraRank + qkRopeHeadDim],
    [kvLoraRank, heads * (qkNopeHeadDim + vHeadDim)],
    [heads * vHeadDim, hidden],
  ];
}

/** Parameters of low-rank adapters on every attention projection (Hu et al. 2021, arXiv 2106.09685): rank·(in + out) each. */
export function loraParameters(shape: ModelShape, rank: number): number {
  return shape.layers * sum(attentionProjections(shape).map(([from, to]) => rank * (from + to)));
}

/** Counts the up and down projections, and the gate if the MLP has one. */
function mlp({ hidden, gatedMlp = true }: ModelShape, intermediate: number): number {
  return (gatedMlp ? 3 : 2) * hidden * intermediate;
}

/** Values per token in the KV cache: keys and values of each full-attention layer, or the latent vector and its rotary part. */
export function kvValuesPerToken({
  layers,
  globalLayers = layers,
  hidden,
  heads,
  kvHeads = heads,
  headDim = hidden / heads,
  mla,
}: ModelShape): number {
  return globalLayers * (mla ? mla.kvLoraRank + mla.qkRopeHeadDim : 2 * kvHeads * headDim);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
