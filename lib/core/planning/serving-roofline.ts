import {
  activeParameters,
  attentionWidth,
  globalLayers,
  kvBytesPerToken,
  kvShare,
  type ModelShape,
} from './model-shape';
import type { ServingEfficiency } from './serving-efficiency';

/** What serves, in the units of physics. */
export interface ServingHardware {
  /** Accelerators of one replica. */
  readonly accelerators: number;
  /** Parts of each that a model is split over, as if each were an accelerator. @default 1 */
  readonly cores?: number;
  readonly memoryBytes: number;
  readonly memoryBytesPerSecond: number;
  /** Dense peak at the precision that is served, FLOP per second of one accelerator; and that of attention. */
  readonly peakFlops: number;
  readonly attentionFlops: number;
  /** Bytes per second of one accelerator to its neighbours, one way. @default - as if it were free: one accelerator, or unknown */
  readonly linkBytesPerSecond?: number;
  /** @default gpu */
  readonly kind?: 'gpu' | 'neuron';
}

/** What is asked of a replica. */
export interface ServingRequest {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly weightBytes: number;
  readonly kvBytes: number;
  /** Which factors of products with weights have 4 bits. @default - none */
  readonly fourBit?: 'both' | 'weights';
  /** Sequences that run at once. @default - as many as the memory holds */
  readonly batch?: number;
  /** Accelerators over which attention runs data-parallel and experts are spread. @default 1: tensor parallelism alone */
  readonly replicasOfAttention?: number;
}

/** What the roofline says of a saturated replica. */
export interface Roofline {
  /** Sequences that run at once, on average. */
  readonly batch: number;
  readonly prefillSeconds: number;
  readonly stepSeconds: number;
  readonly outputTokensPerSecond: number;
}

/**
 * Throughput of a replica that always has work, by continuous batching: each step reads the weights it needs and all cached
 * keys and values, or computes, whichever takes longer. Without a limit on latency, so an upper end in practice.
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
 * Sequences that memory holds beside the weights, and that a server takes: one at least, since whether it fits is another
 * question. The two limits are joined smoothly, for a fit follows slopes.
 */
function batchThatFits(
  shape: ModelShape,
  hardware: ServingHardware,
  request: ServingRequest,
  efficiency: ServingEfficiency,
): number {
  const { accelerators, memoryBytes } = hardware;
  const { inputTokens, outputTokens, weightBytes, replicasOfAttention = 1 } = request;
  const { memoryShare, reserveBytes, outputHeld, mostSequences } = efficiency;
  const room = (memoryShare * memoryBytes - reserveBytes) * accelerators - shape.parameters * weightBytes;
  const perSequence = kvHeldPerToken(shape, hardware, request, efficiency) * (inputTokens + outputHeld * outputTokens);
  const held = Math.max(1, room / perSequence);
  const taken = mostSequences * replicasOfAttention;
  return Math.max(1, Math.min(held, taken) * (1 + (Math.min(held, taken) / Math.max(held, taken)) ** 4) ** -0.25);
}

/** Bytes of keys and values of one token over all accelerators: a tensor-parallel part without a head of its own holds a copy. */
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

/** Seconds of two things that partly run beside each other. */
function overlapped(a: number, b: number, overlap: number): number {
  const [most, least] = [Math.max(a, b), Math.min(a, b)];
  return overlap === Infinity || most === 0 ? most : most * (1 + (least / most) ** overlap) ** (1 / overlap);
}

/** FLOP of a token's attention per token of context. With a latent cache every head works on the whole latent. */
function attentionPerToken(shape: ModelShape): number {
  const { heads, latentKv } = shape;
  return globalLayers(shape) * (latentKv === undefined ? 2 * attentionWidth(shape) : 4 * heads * latentKv);
}

/** Parameters that a step reads: of a mixture, those experts that some sequence of the batch is sent to. */
function weightsRead(shape: ModelShape, batch: number): number {
  const active = activeParameters(shape);
  const untouched = (1 - active / shape.parameters) ** batch;
  return active + (shape.parameters - active) * (1 - untouched);
}

/** Half of a causal prompt is masked: 2·L·w·s FLOP a token instead of 4. */
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

/** Seconds to all-reduce the activations of so many tokens. */
function exchange(
  { hidden }: ModelShape,
  { accelerators: g, linkBytesPerSecond }: ServingHardware,
  tokens: number,
  efficiency: ServingEfficiency,
): number {
  if (linkBytesPerSecond === undefined) return 0;
  return (((2 * (g - 1)) / g) * tokens * hidden * 2) / (efficiency.link * linkBytesPerSecond);
}

/** Share of the peak that products with 4-bit values reach beside others. */
function fourBit({ fourBit: which }: ServingRequest, { fourBitPeak }: ServingEfficiency): number {
  return which === undefined ? 1 : fourBitPeak[which];
}
