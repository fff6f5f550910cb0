import { checkNumbers } from './inputs';
import { activeParameters, checkShape, kvBytesPerToken, type ModelShape } from './model-shape';

/** What a latency follows from, at least. */
export interface LatencyInput {
  readonly shape: ModelShape;
  readonly accelerators: number;
  readonly memoryBytesPerSecond: number;
  /** Dense peak at the precision that is served, FLOP per second of one accelerator. */
  readonly peakFlops: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** @default 2 */
  readonly weightBytes?: number;
  /** @default 2 */
  readonly kvBytes?: number;
}

/** Seconds to the first token, and of each further one. */
export interface Latency {
  readonly firstTokenSeconds: number;
  readonly perTokenSeconds: number;
}

/**
 * The latency that no software beats, of one sequence alone: a step reads the active weights and the cached context once,
 * and the prompt takes two FLOP per active parameter and token. A target below it cannot be met by tuning.
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

/** Low-batch decoding, as measured: the share of bandwidth that is reached, and a time that every step takes. */
const REACHED = {
  gpu: { bandwidth: 0.65, prefill: 0.57, stepSeconds: 3.5e-3 },
  neuron: { bandwidth: 0.38, prefill: 0.57, stepSeconds: 3.5e-3 },
} as const;

/**
 * The latency to expect of a lightly loaded replica: 65 % of a GPU's bandwidth and 38 % of a Neuron chip's, plus 3 to 4 ms
 * a step. From few rows (A100 13B and GPT-J, H100 GPT-J, Trainium1 70B); the share of the peak in prefill is of the roofline.
 */
export function calibratedLatency(input: LatencyInput & { readonly kind?: 'gpu' | 'neuron' }): Latency {
  const { firstTokenSeconds, perTokenSeconds } = latencyFloor(input);
  const { bandwidth, prefill, stepSeconds } = REACHED[input.kind === 'neuron' ? 'neuron' : 'gpu'];
  return {
    firstTokenSeconds: firstTokenSeconds / prefill + stepSeconds,
    perTokenSeconds: perTokenSeconds / bandwidth + stepSeconds,
  };
}

/** Whether a latency can be kept: `impossible` by physics, `doubtful` by what was measured. */
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
