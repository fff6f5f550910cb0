import { checkNumbers } from '../time/inputs';
import { activeParameters, checkShape, kvBytesPerToken, type ModelShape } from '../memory/model-shape';

/** Inputs for the latency. */
export interface LatencyInput {
  readonly shape: ModelShape;
  readonly accelerators: number;
  readonly memoryBytesPerSecond: number;
  /** Dense peak in the precision of the weights, in FLOP per second and accelerator. */
  readonly peakFlops: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** @default 2 */
  readonly weightBytes?: number;
  /** @default 2 */
  readonly kvBytes?: number;
}

/** Time to first token and time per output token, in seconds. */
export interface Latency {
  readonly firstTokenSeconds: number;
  readonly perTokenSeconds: number;
}

/**
 * Returns the lower bound of the latency for a single sequence. A step reads the active weights and the KV cache once. The prompt needs two
 * FLOP per active parameter and token. Tuning cannot reach a target below it.
 */
export function latencyFloor(input: LatencyInput): Latency {
  checkLatency(input);
  const { shape, accelerators, memoryBytesPerSecond, peakFlops, inputTokens, weightBytes = 2, kvBytes = 2 } = input;
  const active = activeParameters(shape);
  const read = active * weightBytes + kvBytesPerToken(shape, kvBytes) * inputTokens;
  return {
    firstTokenSeconds: (2 * active * inputTokens) / (peakFlops * accelerators),
    perTokenSeconds: read / (memoryBytesPerSecond * accelerators),
  };
}

/** Measured at low batch: the used share of the bandwidth, and the constant time per step. */
const REACHED = {
  gpu: { bandwidth: 0.65, prefill: 0.57, stepSeconds: 3.5e-3 },
  neuron: { bandwidth: 0.38, prefill: 0.57, stepSeconds: 3.5e-3 },
} as const;

/**
 * Returns the expected latency of a lightly loaded replica. It uses 65% of the bandwidth of a GPU or 38% of a Neuron chip, plus 3 to 4 ms
 * per step. From few rows (A100 13B and GPT-J, H100 GPT-J, Trainium1 70B). The share of the peak in prefill is from the roofline.
 */
export function calibratedLatency(input: LatencyInput & { readonly kind?: 'gpu' | 'neuron' }): Latency {
  const { firstTokenSeconds, perTokenSeconds } = latencyFloor(input);
  const { bandwidth, prefill, stepSeconds } = REACHED[input.kind === 'neuron' ? 'neuron' : 'gpu'];
  return {
    firstTokenSeconds: firstTokenSeconds / prefill + stepSeconds,
    perTokenSeconds: perTokenSeconds / bandwidth + stepSeconds,
  };
}

/** Returns whether a target can be met: `impossible` below the lower bound, `doubtful` below the expected latency. */
export function latencyVerdict(
  floor: Latency,
  calibrated: Latency,
  target: Partial<Latency>,
): 'ok' | 'doubtful' | 'impossible' {
  const { firstTokenSeconds: first = Infinity, perTokenSeconds: each = Infinity } = target;
  if (floor.firstTokenSeconds > first || floor.perTokenSeconds > each) return 'impossible';
  return calibrated.firstTokenSeconds > first || calibrated.perTokenSeconds > each ? 'doubtful' : 'ok';
}

function checkLatency(input: LatencyInput): void {
  checkNumbers(input, {
    accelerators: 'count',
    memoryBytesPerSecond: 'positive',
    peakFlops: 'positive',
    inputTokens: 'count',
    outputTokens: 'count',
    weightBytes: '?positive',
    kvBytes: '?positive',
  });
  checkShape(input.shape);
}
