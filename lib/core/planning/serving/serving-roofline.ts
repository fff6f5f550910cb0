import {
  activeParameters,
  attentionWidth,
  globalLayers,
  kvBytesPerToken,
  kvShare,
  type ModelShape,
} from '../memory/model-shape';
import type { ServingEfficiency } from './serving-efficiency';

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
  /** Bandwidth of an accelerator to its neighbors per direction. @default - no cost: one accelerator, or unknown */
  readonly linkBytesPerSecond?: number;
  /** @default gpu */
  readonly kind?: 'gpu' | 'neuron';
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
  /** Accelerators with data-parallel attention and distributed experts. The default is tensor parallelism only. @default 1 */
  readonly replicasOfAttention?: number;
}

/** The roofline of a saturated replica. */
export interface Roofline {
  /** Average number of concurrent sequences. */
  readonly batch: number;
  readonly prefillSeconds: number;
  readonly stepSeconds: number;
  readonly outputTokensPerSecond: number;
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
  const { outputTokens } = request;
  const batch = request.batch ?? batchThatFits(shape, hardware, request, efficiency);
  const prefillSeconds = prefill(shape, hardware, request, efficiency);
  const stepSeconds = step(shape, hardware, request, batch, efficiency);
  const outputTokensPerSecond = outputTokens / (prefillSeconds + (outputTokens * stepSeconds) / batch);
  return { batch, prefillSeconds, stepSeconds, outputTokensPerSecond };
}

/**
 * Returns the number of sequences that fit in memory next to the weights and that a server supports. At least one, because another function
 * checks whether it fits. The two limits are combined smoothly, because fitting needs gradients.
 */
function batchThatFits(
  shape: ModelShape,
  hardware: ServingHardware,
  request: ServingRequest,
  efficiency: ServingEfficiency,
): number {
  const { accelerators, memoryBytes } = hardware;
  const { inputTokens, outputTokens, weightBytes, replicasOfAttention = 1 } = request;
  const { memoryShare, reserveBytes, outputHeld, maxSequences } = efficiency;
  const available = (memoryShare * memoryBytes - reserveBytes) * accelerators - shape.parameters * weightBytes;
  const perSequence = kvHeldPerToken(shape, hardware, request, efficiency) * (inputTokens + outputHeld * outputTokens);
  const fitting = Math.max(1, available / perSequence);
  const supported = maxSequences * replicasOfAttention;
  const [min, max] = [Math.min(fitting, supported), Math.max(fitting, supported)];
  return Math.max(1, min * (1 + (min / max) ** 4) ** -0.25);
}

/** Returns the bytes of KV cache per token over all accelerators. Tensor-parallel parts without their own head hold a copy. */
function kvHeldPerToken(
  shape: ModelShape,
  { accelerators, cores = 1 }: ServingHardware,
  { kvBytes, replicasOfAttention = 1 }: ServingRequest,
  { wholeHeads }: ServingEfficiency,
): number {
  const parts = Math.max(1, (accelerators * cores) / replicasOfAttention);
  return kvBytesPerToken(shape, kvBytes) * (wholeHeads ? parts * kvShare(shape, parts) : 1);
}

function step(
  shape: ModelShape,
  hardware: ServingHardware,
  request: ServingRequest,
  batch: number,
  efficiency: ServingEfficiency,
): number {
  const { accelerators: g, memoryBytesPerSecond, peakFlops, attentionFlops } = hardware;
  const { replicasOfAttention = 1 } = request;
  const context = request.inputTokens + request.outputTokens / 2;
  const read =
    weightsRead(shape, batch) * request.weightBytes +
    batch * context * kvHeldPerToken(shape, hardware, request, efficiency);
  const memory = read / (memoryBytesPerSecond * g * efficiency.bandwidth);
  const products = (2 * batch * activeParameters(shape)) / (peakFlops * fourBit(request, efficiency));
  const attention = (batch * context * attentionPerToken(shape)) / attentionFlops;
  const compute = (products + attention) / (g * efficiency.decodePeak);
  const collectives =
    g === 1 ? 0 : 2 * shape.layers * (efficiency.collectiveSeconds + exchange(shape, hardware, batch, efficiency));
  const sequences = (shape.layers * batch * efficiency.sequenceSeconds) / replicasOfAttention;
  return overlapped(memory, compute, efficiency.overlap) + efficiency.stepSeconds + sequences + collectives;
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

/** Returns the parameters that a step reads. In a mixture of experts, only experts with at least one token of the batch are read. */
function weightsRead(shape: ModelShape, batch: number): number {
  const active = activeParameters(shape);
  const untouched = (1 - active / shape.parameters) ** batch;
  return active + (shape.parameters - active) * (1 - untouched);
}

/** Half of a causal prompt is masked: 2·L·w·s FLOP per token instead of 4. */
function prefill(
  shape: ModelShape,
  hardware: ServingHardware,
  request: ServingRequest,
  efficiency: ServingEfficiency,
): number {
  const { accelerators: g, peakFlops, attentionFlops } = hardware;
  const { inputTokens } = request;
  const products = (2 * inputTokens * activeParameters(shape)) / (peakFlops * fourBit(request, efficiency));
  const attention = (2 * globalLayers(shape) * attentionWidth(shape) * inputTokens ** 2) / attentionFlops;
  const collectives = g === 1 ? 0 : 2 * shape.layers * exchange(shape, hardware, inputTokens, efficiency);
  return (products + attention) / (g * efficiency.prefillPeak) + collectives;
}

/** Returns the seconds to all-reduce the activations of the tokens. */
function exchange(
  { hidden }: ModelShape,
  { accelerators: g, linkBytesPerSecond }: ServingHardware,
  tokens: number,
  efficiency: ServingEfficiency,
): number {
  if (linkBytesPerSecond === undefined) return 0;
  return (((2 * (g - 1)) / g) * tokens * hidden * 2) / (efficiency.link * linkBytesPerSecond);
}

/** Returns the share of the peak that 4-bit products reach. */
function fourBit({ fourBit: which }: ServingRequest, { fourBitPeak }: ServingEfficiency): number {
  return which === undefined ? 1 : fourBitPeak[which];
}
