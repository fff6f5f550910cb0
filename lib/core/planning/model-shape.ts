import { checkNumbers } from './inputs';

/** The numbers of a transformer that planning needs. */
export interface ModelShape {
  readonly layers: number;
  /** Width of the residual stream. */
  readonly hidden: number;
  readonly heads: number;
  /** Heads of keys and values. @default heads: multi-head attention */
  readonly kvHeads?: number;
  /** @default hidden / heads */
  readonly headDim?: number;
  /** Layers whose attention sees the whole context; the others see a short window. @default layers */
  readonly globalLayers?: number;
  /** Values that a layer caches per token with multi-head latent attention: the latent and its rotary part. */
  readonly latentKv?: number;
  /** Width that attention multiplies over a prompt. @default heads · headDim */
  readonly attentionWidth?: number;
  /** Bytes of a weight as published, where that is less than two: whatever the arithmetic, it takes no more. */
  readonly publishedWeightBytes?: number;
  readonly vocabulary: number;
  /** All parameters. */
  readonly parameters: number;
  /** Parameters that a token passes. @default parameters: the model is dense */
  readonly activeParameters?: number;
}

/** Throws unless a shape is made of numbers that a transformer can have. */
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

/** Parameters that a token passes. */
export function activeParameters({ parameters, activeParameters: active = parameters }: ModelShape): number {
  return Math.min(active, parameters);
}

/** Whether a token passes but a part of the model. */
export function isMixture(shape: ModelShape): boolean {
  return activeParameters(shape) < 0.9 * shape.parameters;
}

/** Bytes of keys and values of one token over all layers that keep it: 2·L·nKv·d·bytes, or the latent alone. */
export function kvBytesPerToken(shape: ModelShape, bytesPerValue = 2): number {
  const { hidden, heads, kvHeads = heads, headDim = hidden / heads, latentKv } = shape;
  return globalLayers(shape) * (latentKv ?? 2 * kvHeads * headDim) * bytesPerValue;
}

/**
 * Share of the keys and values of a sequence that each of so many tensor-parallel parts holds: heads are dealt out whole, so
 * parts hold copies where there are fewer heads, or padding where they do not divide; one latent is not dealt out at all.
 */
export function kvShare({ heads, kvHeads = heads, latentKv }: ModelShape, parts: number): number {
  const dealt = latentKv === undefined ? kvHeads : 1;
  return Math.ceil(dealt / parts) / dealt;
}

/** Layers whose attention sees the whole context. */
export function globalLayers({ layers, globalLayers: stated = layers }: ModelShape): number {
  return Math.min(stated, layers);
}

/** Width that attention multiplies over a prompt. */
export function attentionWidth({
  hidden,
  heads,
  headDim = hidden / heads,
  attentionWidth: stated,
}: ModelShape): number {
  return stated ?? heads * headDim;
}
