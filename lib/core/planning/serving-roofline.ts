import { activeParameters, globalLayers, kvBytesPerToken, type ModelShape } from './model-shape';

/** What serves, in the units of physics. */
export interface ServingHardware {
  /** Accelerators of one replica. */
  readonly accelerators: number;
  readonly memoryBytes: number;
  readonly memoryBytesPerSecond: number;
  /** Dense peak at the precision that is served, FLOP per second of one accelerator. */
  readonly peakFlops: number;
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
  /** Sequences that run at once. @default - as many as the memory holds */
  readonly batch?: number;
}

/** How much of the hardware serving reaches, and what it spends besides. */
export interface ServingEfficiency {
  /** Shares of datasheet bandwidth, of the dense peak in decode and prefill, of an FP4 peak, of a link. */
  readonly bandwidth: Readonly<Record<'gpu' | 'neuron', number>>;
  readonly decodePeak: number;
  readonly prefillPeak: number;
  readonly fp4Peak: number;
  readonly link: number;
  /** Seconds of a step, of each sequence in it, of each of its collectives. */
  readonly stepSeconds: Readonly<Record<'gpu' | 'neuron', number>>;
  readonly sequenceSeconds: number;
  readonly collectiveSeconds: number;
}

// Fitted on 25 rows of dense models (inference_fit.json); the Neuron figures come from 9 rows of 70B at batch 1.
export const FITTED_EFFICIENCY: ServingEfficiency = {
  bandwidth: { gpu: 0.69, neuron: 0.38 }, // 0.68 to 0.80 over seeds
  decodePeak: 0.3,
  prefillPeak: 0.57,
  fp4Peak: 0.62,
  link: 0.6,
  stepSeconds: { gpu: 1.9e-3, neuron: 3.5e-3 }, // weakly identified, as the next two
  sequenceSeconds: 9.9e-6,
  collectiveSeconds: 9e-6,
};

/** The hardware in full: what no software beats. */
export const IDEAL_EFFICIENCY: ServingEfficiency = {
  bandwidth: { gpu: 1, neuron: 1 },
  decodePeak: 1,
  prefillPeak: 1,
  fp4Peak: 1,
  link: 1,
  stepSeconds: { gpu: 0, neuron: 0 },
  sequenceSeconds: 0,
  collectiveSeconds: 0,
};

const LARGEST_BATCH = 4096;
const OUTPUT_HELD = 0.91; // of the answer, on average; fitted with the rest
const MEMORY = { share: 0.9, reserveBytes: 4e9 } as const;

/** What the roofline says of a saturated replica. */
export interface Roofline {
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
  efficiency: ServingEfficiency = FITTED_EFFICIENCY,
): Roofline {
  const { outputTokens } = request;
  const batch = request.batch ?? batchThatFits(shape, hardware, request);
  const prefillSeconds = prefill(shape, hardware, request, efficiency);
  const stepSeconds = step(shape, hardware, request, batch, efficiency);
  const outputTokensPerSecond = outputTokens / (prefillSeconds + (outputTokens * stepSeconds) / batch);
  return { batch, prefillSeconds, stepSeconds, outputTokensPerSecond };
}

/** Sequences that memory holds beside the weights: one at least, since whether it fits is another question. */
function batchThatFits(shape: ModelShape, hardware: ServingHardware, request: ServingRequest): number {
  const { accelerators, memoryBytes } = hardware;
  const { inputTokens, outputTokens, weightBytes, kvBytes } = request;
  const room = (MEMORY.share * memoryBytes - MEMORY.reserveBytes) * accelerators - shape.parameters * weightBytes;
  const perSequence = kvBytesPerToken(shape, kvBytes) * (inputTokens + OUTPUT_HELD * outputTokens);
  return Math.max(1, Math.min(LARGEST_BATCH, Math.floor(room / perSequence)));
}

function step(
  shape: ModelShape,
  hardware: ServingHardware,
  request: ServingRequest,
  batch: number,
  efficiency: ServingEfficiency,
): number {
  const { accelerators: g, memoryBytesPerSecond, kind = 'gpu' } = hardware;
  const context = request.inputTokens + request.outputTokens / 2;
  const read =
    weightsRead(shape, batch) * request.weightBytes + batch * context * kvBytesPerToken(shape, request.kvBytes);
  const memory = read / (memoryBytesPerSecond * g * efficiency.bandwidth[kind]);
  const flops = batch * (2 * activeParameters(shape) + attentionFlops(shape) * context);
  const compute = flops / (peak(hardware, request, efficiency) * g * efficiency.decodePeak);
  const collectives =
    g === 1 ? 0 : 2 * shape.layers * (efficiency.collectiveSeconds + exchange(shape, hardware, batch, efficiency));
  return Math.max(memory, compute) + efficiency.stepSeconds[kind] + batch * efficiency.sequenceSeconds + collectives;
}

/** FLOP of a token's attention per token of context. With a latent cache every head works on the whole latent. */
function attentionFlops(shape: ModelShape): number {
  const { hidden, heads, latentKv } = shape;
  return globalLayers(shape) * (latentKv === undefined ? hidden : 4 * heads * latentKv);
}

/** Parameters that a step reads: of a mixture, those experts that some sequence of the batch is sent to. */
function weightsRead(shape: ModelShape, batch: number): number {
  const active = activeParameters(shape);
  const untouched = (1 - active / shape.parameters) ** batch;
  return active + (shape.parameters - active) * (1 - untouched);
}

function prefill(
  shape: ModelShape,
  hardware: ServingHardware,
  request: ServingRequest,
  efficiency: ServingEfficiency,
): number {
  const { accelerators: g } = hardware;
  const { inputTokens } = request;
  const flops = inputTokens * (2 * activeParameters(shape) + 2 * globalLayers(shape) * shape.hidden * inputTokens);
  const collectives = g === 1 ? 0 : 2 * shape.layers * exchange(shape, hardware, inputTokens, efficiency);
  return flops / (peak(hardware, request, efficiency) * g * efficiency.prefillPeak) + collectives;
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

function peak({ peakFlops }: ServingHardware, { weightBytes }: ServingRequest, efficiency: ServingEfficiency): number {
  return weightBytes < 1 ? peakFlops * efficiency.fp4Peak : peakFlops;
}
