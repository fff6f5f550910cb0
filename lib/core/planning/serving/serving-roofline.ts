import {
  activeParameters,
  attentionWidth,
  globalLayers,
  isMixture,
  kvBytesPerToken,
  kvShare,
  type ModelShape,
} from '../memory/model-shape';
import type { ServingEfficiency } from './serving-efficiency';
import type { ReplicaLink, ServingLayout } from './serving-layout';

/** The hardware of a replica, in base units. */
export interface ServingHardware {
  /** Accelerators per replica. */
  readonly accelerators: number;
  /** Cores per accelerator that a model is split over like separate accelerators. @default 1 */
  readonly cores?: number;
  readonly memoryBytes: number;
  readonly memoryBytesPerSecond: number;
  /** Dense peak in the precision of the weights, and of attention, in FLOP per second and accelerator. */
  readonly peakFlops: number;
  readonly attentionFlops: number;
  /** Share of the peak that large matrix products reach: measured on the chip, or typical. */
  readonly reachable: number;
  /** Returns the link of a group of accelerators that work together, or `undefined` for one alone or an unknown link. */
  readonly linkOf: (accelerators: number) => ReplicaLink | undefined;
}

/** The requests to a replica. */
export interface ServingRequest {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly weightBytes: number;
  readonly kvBytes: number;
  /** Which factors of weight products have 4 bits. @default - no 4-bit products */
  readonly fourBit?: 'both' | 'weights';
  /** Number of concurrent sequences. @default - as many as fit in memory */
  readonly batch?: number;
  /** How the replica is split. */
  readonly layout: ServingLayout;
}

/** The roofline of a saturated replica. */
export interface Roofline {
  /** Average number of concurrent sequences. */
  readonly batch: number;
  /** Seconds of the replica per prompt. Stages and copies that work on other prompts at the same time count. */
  readonly prefillSeconds: number;
  /** Seconds from one token of a sequence to the next. */
  readonly stepSeconds: number;
  /** Seconds from the start of a prompt to its first token, without waiting. */
  readonly promptSeconds: number;
  readonly outputTokensPerSecond: number;
  readonly layout: ServingLayout;
}

/**
 * Calculates the throughput of a saturated replica with continuous batching. A step takes as long as reading the weights and the KV cache,
 * or as long as computing, if that is longer. Without a latency target, so it is an upper limit in practice.
 */
export function servingRoofline(
  shape: ModelShape,
  hardware: ServingHardware,
  request: ServingRequest,
  efficiency: ServingEfficiency,
): Roofline {
  const { outputTokens, layout } = request;
  const batch = batchOf(shape, hardware, request, efficiency);
  const groups = layout.copies * layout.pipeline;
  // A copy or a stage cannot work without a sequence.
  const each = Math.max(1, batch / groups);
  const group = groupOf(hardware, layout);
  const stages = 1 + efficiency.stageLoss * (layout.pipeline - 1);
  const prompt = promptWork(shape, group, request, efficiency);
  const step = stepWork(shape, group, request, each, efficiency);
  const promptSeconds = stages * (prompt.compute + prompt.collectives);
  const stepSeconds = stages * (overlapped(step.memory, step.compute, efficiency.overlap) + step.overhead);
  // A step with full chunks of prompts reads the weights once for both. Its share of the prompts is computed meanwhile.
  const prompts = each / outputTokens;
  const mixed =
    overlapped(step.memory, step.compute + prompts * prompt.compute, efficiency.mixedOverlap) +
    step.overhead +
    prompts * prompt.collectives;
  const prefillSeconds = promptSeconds / Math.min(groups, batch);
  const apart = prefillSeconds + (outputTokens * stepSeconds) / batch;
  const together = (stages * outputTokens * mixed) / batch;
  const outputTokensPerSecond = outputTokens / (request.batch === undefined ? together : apart);
  return { batch, prefillSeconds, stepSeconds, promptSeconds, outputTokensPerSecond, layout };
}

/** A model on a replica, and the layouts that it can have. */
export interface RooflineInput {
  readonly shape: ModelShape;
  readonly hardware: ServingHardware;
  readonly request: Omit<ServingRequest, 'layout'>;
  readonly layouts: readonly ServingLayout[];
}

/** Returns the roofline of the layout with the highest throughput. */
export function bestRoofline(
  { shape, hardware, request, layouts }: RooflineInput,
  efficiency: ServingEfficiency,
): Roofline {
  return layouts
    .map((layout) => servingRoofline(shape, hardware, { ...request, layout }, efficiency))
    .reduce((best, one) => (one.outputTokensPerSecond > best.outputTokensPerSecond ? one : best));
}

/** The accelerators that work on one batch: one stage of one copy, with all layers in turn. */
function groupOf(hardware: ServingHardware, { copies, pipeline }: ServingLayout): ServingHardware {
  return { ...hardware, accelerators: hardware.accelerators / (copies * pipeline) };
}

/**
 * Returns the number of sequences: as stated, but not more than fit in memory next to the weights, or as many as a server supports. At
 * least one, because another function checks whether it fits. Limits are combined smoothly, because fitting needs gradients.
 */
function batchOf(
  shape: ModelShape,
  hardware: ServingHardware,
  request: ServingRequest,
  efficiency: ServingEfficiency,
): number {
  const { accelerators, memoryBytes } = hardware;
  const { inputTokens, outputTokens, weightBytes, layout, batch } = request;
  const { memoryShare, reserveBytes, outputHeld, maxSequences } = efficiency;
  const weights = layout.copies * shape.parameters + (layout.attention - 1) * commonParameters(shape);
  const free = (memoryBytes - reserveBytes) * accelerators - weights * weightBytes;
  const perSequence = kvHeldPerToken(shape, hardware, request, efficiency) * (inputTokens + outputHeld * outputTokens);
  const fitting = Math.max(1, (memoryShare * free) / perSequence);
  if (batch !== undefined) return Math.min(batch, fitting);
  const supported = maxSequences * layout.attention * layout.copies;
  const [min, max] = [Math.min(fitting, supported), Math.max(fitting, supported)];
  return Math.max(1, min * (1 + (min / max) ** 4) ** -0.25);
}

/** Returns the bytes of KV cache per token over all accelerators. Tensor-parallel parts without their own head hold a copy. */
function kvHeldPerToken(
  shape: ModelShape,
  { cores = 1 }: ServingHardware,
  { kvBytes, layout }: ServingRequest,
  { wholeHeads }: ServingEfficiency,
): number {
  const parts = Math.max(1, layout.tensor * cores);
  return kvBytesPerToken(shape, kvBytes) * (wholeHeads ? parts * kvShare(shape, parts) : 1);
}

/** Parts of the time of a step of all layers on one group. */
function stepWork(
  shape: ModelShape,
  hardware: ServingHardware,
  request: ServingRequest,
  batch: number,
  efficiency: ServingEfficiency,
): { readonly memory: number; readonly compute: number; readonly overhead: number } {
  const { accelerators: g, memoryBytesPerSecond, attentionFlops } = hardware;
  const { attention: attentions, tensor } = request.layout;
  const { layers } = shape;
  const context = request.inputTokens + request.outputTokens / 2;
  // Each copy of attention reads the weights outside of the experts.
  const copied = (attentions - 1) * commonParameters(shape);
  const read =
    (weightsRead(shape, batch) + copied) * request.weightBytes +
    batch * context * kvHeldPerToken(shape, hardware, request, efficiency);
  const memory = read / (memoryBytesPerSecond * g * efficiency.bandwidth);
  const products = productSeconds(shape, hardware, request, batch, efficiency);
  const attention =
    (batch * context * attentionPerToken(shape)) /
    (attentionFlops * g * efficiency.decodePeak * reached(hardware, efficiency));
  const sent = shape.layers * sending(shape, hardware, request, batch, efficiency);
  const compute = overlapped(products + attention, sent, efficiency.overlap);
  const collectives =
    exchangeLatency(hardware, tensor * attentions, efficiency) + exchange(shape, hardware, request, batch, efficiency);
  const perLayer = efficiency.layerSeconds + (batch * efficiency.sequenceSeconds) / attentions + 2 * collectives;
  return { memory, compute, overhead: efficiency.stepSeconds + layers * perLayer };
}

/** Returns the time of two operations that partly overlap. */
function overlapped(a: number, b: number, overlap: number): number {
  const [max, min] = [Math.max(a, b), Math.min(a, b)];
  return overlap === Infinity || max === 0 ? max : max * (1 + (min / max) ** overlap) ** (1 / overlap);
}

/** Returns the attention FLOP per token and token of context. With a latent cache, each head processes the whole latent vector. */
function attentionPerToken(shape: ModelShape): number {
  const { heads, latentKv } = shape;
  return globalLayers(shape) * (latentKv === undefined ? 2 * attentionWidth(shape) : 4 * heads * latentKv);
}

/** Share of the active parameters that are not in routed experts, if the experts are unknown. */
const TYPICAL_COMMON_SHARE = 0.5;

/** Returns the parameters that every token needs: all parameters outside of routed experts. */
export function commonParameters(shape: ModelShape): number {
  if (!isMixture(shape)) return shape.parameters;
  return shape.experts ? shape.parameters - shape.experts.parameters : TYPICAL_COMMON_SHARE * activeParameters(shape);
}

/** Returns the parameters that a step reads. In a mixture of experts, only experts with at least one token of the batch are read. */
function weightsRead(shape: ModelShape, batch: number): number {
  const common = commonParameters(shape);
  const routed = shape.parameters - common;
  if (routed <= 0) return shape.parameters;
  const each = shape.experts ? shape.experts.active / shape.experts.count : (activeParameters(shape) - common) / routed;
  return common + routed * (1 - (1 - each) ** batch);
}

/** Returns the share of the peak that the products of small experts reach, compared with large matrices. */
function expertPeak(shape: ModelShape, { narrowWidth }: ServingEfficiency): number {
  if (!isMixture(shape)) return 1;
  const active = activeParameters(shape);
  const common = Math.min(active, commonParameters(shape)) / active;
  const width = shape.experts?.width ?? TYPICAL_WIDTH;
  return 1 / (common + (1 - common) * (1 + narrowWidth / width));
}

/** Width of an expert in mixtures of unknown shape. */
const TYPICAL_WIDTH = 2048;

/** Half of a causal prompt is masked: 2·L·w·s FLOP per token instead of 4. */
function promptWork(
  shape: ModelShape,
  hardware: ServingHardware,
  request: ServingRequest,
  efficiency: ServingEfficiency,
): { readonly compute: number; readonly collectives: number } {
  const { accelerators: g, attentionFlops } = hardware;
  const { inputTokens } = request;
  const products = productSeconds(shape, hardware, request, inputTokens, efficiency);
  const attention = (2 * globalLayers(shape) * attentionWidth(shape) * inputTokens ** 2) / attentionFlops;
  const collectives = 2 * shape.layers * exchange(shape, hardware, request, inputTokens, efficiency);
  const alone = products + attention / (g * efficiency.prefillPeak * reached(hardware, efficiency));
  const sent = shape.layers * sending(shape, hardware, request, inputTokens, efficiency);
  return { compute: overlapped(alone, sent, efficiency.overlap), collectives };
}

/** Seconds of the matrix products of tokens, and of the operations between them, which read and write the activations. */
function productSeconds(
  shape: ModelShape,
  hardware: ServingHardware,
  request: ServingRequest,
  tokens: number,
  efficiency: ServingEfficiency,
): number {
  const { accelerators: g, peakFlops, memoryBytesPerSecond } = hardware;
  const peak = peakFlops * fourBit(request, efficiency) * efficiency.prefillPeak * reached(hardware, efficiency);
  const products = (2 * tokens * activeParameters(shape)) / (peak * expertPeak(shape, efficiency));
  const passes = (efficiency.activationPasses * 2 * tokens * shape.layers * shape.hidden) / memoryBytesPerSecond;
  return (products + passes) / g;
}

/** The share of the peak that efficiency refers to: that of large matrix products, or all of it. */
function reached({ reachable }: ServingHardware, { fullPeak }: ServingEfficiency): number {
  return fullPeak ? 1 : reachable;
}

/** Returns the constant seconds of a collective. A PCIe bus serves one pair of cards after the other. */
function exchangeLatency({ linkOf }: ServingHardware, parts: number, efficiency: ServingEfficiency): number {
  const link = linkOf(parts);
  if (!link) return 0;
  if (link.kind === 'scaleUp') return efficiency.collectiveSeconds;
  return link.kind !== 'network' ? efficiency.pcieSeconds * (parts - 1) : efficiency.networkSeconds;
}

/** Accelerators that a token is sent to, at most: DeepSeek-V3 limits its experts to four nodes. @see https://arxiv.org/abs/2412.19437 */
const MAX_SENT = 4;
/** Bytes of a value to an expert and back. Within a node, 16 bits in each direction. Over a network, 8 bits to the expert. */
const SENT_BYTES = { node: 4, network: 3 } as const;

/**
 * Returns the seconds to exchange the activations of the tokens, for half of a layer. Tensor-parallel groups all-reduce them. Data-parallel
 * attention sends each token to its experts and back.
 */
function exchange(
  { hidden }: ModelShape,
  { linkOf }: ServingHardware,
  { layout: { tensor, attention } }: ServingRequest,
  tokens: number,
  efficiency: ServingEfficiency,
): number {
  const link = linkOf(tensor * attention);
  if (!link) return 0;
  const reduced = tensor > 1 ? (2 * (tensor - 1) * 2) / tensor : 0;
  const sent = link.kind === 'network' ? 0 : (MAX_SENT * (attention - 1) * SENT_BYTES.node) / 2 / attention;
  return ((reduced + sent) * tokens * hidden) / attention / (efficiency.link[link.kind] * link.bytesPerSecond);
}

/** Returns the seconds to send the tokens of a layer to experts over a network and back. Servers compute other tokens meanwhile. */
function sending(
  { hidden }: ModelShape,
  { linkOf }: ServingHardware,
  { layout: { tensor, attention } }: ServingRequest,
  tokens: number,
  efficiency: ServingEfficiency,
): number {
  const link = attention > 1 ? linkOf(tensor * attention) : undefined;
  if (link?.kind !== 'network') return 0;
  const bytes = (MAX_SENT * (attention - 1) * tokens * hidden * SENT_BYTES.network) / attention / attention;
  return bytes / (efficiency.link.network * link.bytesPerSecond);
}

/** Returns the share of the peak that 4-bit products reach. */
function fourBit({ fourBit: which }: ServingRequest, { fourBitPeak }: ServingEfficiency): number {
  return which === undefined ? 1 : fourBitPeak[which];
}
