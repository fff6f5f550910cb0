/** Layers whose MLP is a mixture of experts. A few of the experts process each token. */
export interface MixtureOfExperts {
  /** Routed experts per layer. */
  readonly experts: number;
  /** Routed experts that process each token. */
  readonly activeExperts: number;
  /** Hidden size of one expert. */
  readonly expertIntermediate: number;
  /** Experts that process every token, with the same size as a routed expert. @default 0 */
  readonly sharedExperts?: number;
  /** Number of layers with experts. The others have a dense MLP. @default - all layers */
  readonly layers?: number;
}

/** Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434). The KV cache has one small latent vector per token. */
export interface LatentAttention {
  /** Rank of the latent vector of keys and values: `kv_lora_rank`. */
  readonly kvLoraRank: number;
  /** Rank of the query projection: `q_lora_rank`. @default - queries are projected in one step */
  readonly qLoraRank?: number;
  /** Size of the part of a query or key head without position: `qk_nope_head_dim`. */
  readonly qkNopeHeadDim: number;
  /** Size of the part of a query or key head with rotary position: `qk_rope_head_dim`. */
  readonly qkRopeHeadDim: number;
  /** Size of a value head: `v_head_dim`. */
  readonly vHeadDim: number;
}

/** The shape of a decoder-only transformer. The parameters, the KV cache and the possible parallelism follow from it. */
export interface ModelShape {
  /** Name of the model, for messages and reports. */
  readonly name: string;
  /** Number of transformer layers. */
  readonly layers: number;
  /** Hidden size: the width of the residual stream. */
  readonly hidden: number;
  /** Number of query heads. */
  readonly heads: number;
  /** Number of key and value heads. @default - the number of query heads */
  readonly kvHeads?: number;
  /** Size of a head. @default - hidden size divided by heads */
  readonly headDim?: number;
  /** Layers with attention over the full context. The others have a short window, whose KV cache is negligible. @default - all layers */
  readonly globalLayers?: number;
  /** Bytes per weight as published, if less than 2. @default 2 */
  readonly publishedWeightBytes?: number;
  /** Number of tokens in the vocabulary. */
  readonly vocabulary: number;
  /** Hidden size of the dense MLP. @default - no dense MLP: every layer is a mixture of experts */
  readonly intermediate?: number;
  /** Whether the MLP has a gate projection (SwiGLU, GeGLU). @default true */
  readonly gatedMlp?: boolean;
  /** Whether the input and output embeddings share weights. @default false */
  readonly tiedEmbeddings?: boolean;
  /** Number of learned position embeddings. Rotary positions have no parameters. @default 0 */
  readonly positions?: number;
  /** Mixture of experts. @default - the model is dense */
  readonly moe?: MixtureOfExperts;
  /** Multi-head latent attention. @default - grouped-query attention with `kvHeads` */
  readonly mla?: LatentAttention;
  /** Maximum tokens in a sequence. @default - unknown, and not checked */
  readonly contextLength?: number;
  /** Parameters that the publisher states. Must be within 3% of the shape. @default - not checked */
  readonly statedParameters?: number;
  /** Active parameters per token that the publisher states. Must be within 3% of the shape. @default - not checked */
  readonly statedActiveParameters?: number;
  /** Source of the shape. @default - your own input */
  readonly source?: string;
  /** Values that are not in the source, or are simplified. @default - every value is in the source */
  readonly unverified?: string;
}

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
