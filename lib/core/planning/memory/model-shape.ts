import { checkNumbers } from '../time/inputs';

/** The dimensions of a transformer that the planner uses. */
export interface ModelShape {
  readonly layers: number;
  /** Hidden size: the width of the residual stream. */
  readonly hidden: number;
  readonly heads: number;
  /** Number of key and value heads. @default - `heads`: multi-head attention */
  readonly kvHeads?: number;
  /** @default - hidden / heads */
  readonly headDim?: number;
  /** Layers with attention over the full context. The others have a short window. @default - all layers */
  readonly globalLayers?: number;
  /** Cached values per token and layer with multi-head latent attention: the latent vector and its rotary part. */
  readonly latentKv?: number;
  /** Width of the attention products over a prompt. @default - heads × headDim */
  readonly attentionWidth?: number;
  /** Bytes per weight as published, if less than 2. An upper limit for every precision. */
  readonly publishedWeightBytes?: number;
  readonly vocabulary: number;
  /** All parameters. */
  readonly parameters: number;
  /** Parameters that process each token. @default - all parameters: the model is dense */
  readonly activeParameters?: number;
  /** Routed experts of a mixture. @default - unknown, or a dense model */
  readonly experts?: ExpertShape;
}

/** The routed experts of a mixture. */
export interface ExpertShape {
  /** Parameters of all routed experts. */
  readonly parameters: number;
  /** Experts that process each token, and all experts of a layer. */
  readonly active: number;
  readonly count: number;
  /** Width of the MLP of one expert. */
  readonly width: number;
}

/** Throws if a dimension of a shape is out of range. */
export function checkShape(shape: ModelShape): void {
  checkNumbers(shape, {
    layers: 'count',
    hidden: 'count',
    heads: 'count',
    kvHeads: '?count',
    headDim: '?count',
    globalLayers: '?count',
    latentKv: '?count',
    attentionWidth: '?count',
    publishedWeightBytes: '?positive',
    vocabulary: 'count',
    parameters: 'positive',
    activeParameters: '?positive',
  });
}

/** Returns the parameters that process each token. */
export function activeParameters({ parameters, activeParameters: active = parameters }: ModelShape): number {
  return Math.min(active, parameters);
}

/** Returns whether only a part of the model processes each token. */
export function isMixture(shape: ModelShape): boolean {
  return activeParameters(shape) < 0.9 * shape.parameters;
}

/** Returns the bytes of KV cache per token over all full-attention layers: 2·L·nKv·d·bytes, or only the latent vector. */
export function kvBytesPerToken(shape: ModelShape, bytesPerValue = 2): number {
  const { hidden, heads, kvHeads = heads, headDim = hidden / heads, latentKv } = shape;
  return globalLayers(shape) * (latentKv ?? 2 * kvHeads * headDim) * bytesPerValue;
}

/**
 * Returns the share of the keys and values of a sequence in each tensor-parallel part. Parts hold whole heads: copies if there are fewer
 * heads than parts, or padding if they do not divide evenly. A latent vector is not split.
 */
export function kvShare({ heads, kvHeads = heads, latentKv }: ModelShape, parts: number): number {
  const units = latentKv === undefined ? kvHeads : 1;
  return Math.ceil(units / parts) / units;
}

/** Returns the number of layers with attention over the full context. */
export function globalLayers({ layers, globalLayers: stated = layers }: ModelShape): number {
  return Math.min(stated, layers);
}

/** Returns the width of the attention products over a prompt. */
export function attentionWidth({
  hidden,
  heads,
  headDim = hidden / heads,
  attentionWidth: stated,
}: ModelShape): number {
  return stated ?? heads * headDim;
}
