/** Layers whose MLP is a mixture of experts: a token passes few of them. */
export interface MixtureOfExperts {
  /** Routed experts of a layer. */
  readonly experts: number;
  /** Routed experts that a token passes. */
  readonly activeExperts: number;
  /** Hidden size of one expert. */
  readonly expertIntermediate: number;
  /** Experts that every token passes, of the same size. @default 0 */
  readonly sharedExperts?: number;
  /** Layers that are such; the others have the dense MLP. @default - all */
  readonly layers?: number;
}

/** Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434): keys and values are kept as one small latent vector a token. */
export interface LatentAttention {
  readonly kvLoraRank: number;
  /** @default - queries are projected in one step */
  readonly qLoraRank?: number;
  readonly qkNopeHeadDim: number;
  readonly qkRopeHeadDim: number;
  readonly vHeadDim: number;
}

/** The shape of a decoder-only transformer. All else follows from it: parameters, KV cache, what it can be split into. */
export interface ModelShape {
  readonly name: string;
  readonly layers: number;
  /** Size of the residual stream. */
  readonly hidden: number;
  /** Query heads. */
  readonly heads: number;
  /** Heads of keys and values. @default - as many as query heads */
  readonly kvHeads?: number;
  /** @default - hidden size divided by heads */
  readonly headDim?: number;
  /** Layers whose attention sees the whole context; the others see so short a window that their cache is next to nothing. @default - all */
  readonly globalLayers?: number;
  /** Bytes of a weight as published, where that is less than two. @default - 2, bf16 */
  readonly publishedWeightBytes?: number;
  readonly vocabulary: number;
  /** Hidden size of the dense MLP. @default - none: every layer is a mixture of experts */
  readonly intermediate?: number;
  /** Whether the MLP has a gate beside up and down (SwiGLU, GeGLU). @default true */
  readonly gatedMlp?: boolean;
  /** Whether input and output embedding are one. @default false */
  readonly tiedEmbeddings?: boolean;
  /** Learned positions; rotary ones take no parameters. @default 0 */
  readonly positions?: number;
  /** @default - the model is dense */
  readonly moe?: MixtureOfExperts;
  /** @default - grouped-query attention by `kvHeads` */
  readonly mla?: LatentAttention;
  /** Tokens that it was made for. @default - unknown */
  readonly contextLength?: number;
  /** What its publisher says it has; checked against the shape. */
  readonly statedParameters?: number;
  /** What its publisher says a token passes; checked against the shape. */
  readonly statedActiveParameters?: number;
  /** Where the shape was read. @default - given by hand */
  readonly source?: string;
  /** What in it was not read there, or is simplified. */
  readonly unverified?: string;
}
