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

/** Returns whether a target can be met: `impossible` below the lower bound, `doubtful` below the expected latency. */
export function latencyVerdict(
  floor: Latency,
  expected: Latency,
  target: Partial<Latency>,
): 'ok' | 'doubtful' | 'impossible' {
  const { firstTokenSeconds: first = Infinity, perTokenSeconds: each = Infinity } = target;
  if (floor.firstTokenSeconds > first || floor.perTokenSeconds > each) return 'impossible';
  return expected.firstTokenSeconds > first || expected.perTokenSeconds > each ? 'doubtful' : 'ok';
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
