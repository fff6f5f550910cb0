import { BYTES_PER_VALUE } from '../workload/precision';
import type { ServingLoad } from '../workload/serving-load';
import { kvBytesPerToken, type ModelShape } from './model-shape';
import type { PlanHardware } from './plan-hardware';
import { shapeOf } from './plan-model';
import { calibratedLatency, latencyFloor, type LatencyInput, latencyVerdict } from './serving-latency';
import { type ServingMemory, servingMemory } from './serving-memory';
import type { LatencyMs, ServingLatencyPlan } from './plan-serving-result';

/** Values that depend only on the serving load, not on the machines. */
export interface ServingTerms {
  readonly load: ServingLoad;
  readonly shape: ModelShape;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly contextTokens: number;
  readonly weightBytes: number;
  readonly kvBytes: number;
  /** Bytes of all weights. */
  readonly modelBytes: number;
  readonly kvBytesPerSequence: number;
}

/** Calculates the terms of a load. Average lengths are rounded up to whole tokens. */
export function servingTerms(load: ServingLoad): ServingTerms {
  const shape = shapeOf(load.model);
  const weightBytes = Math.min(BYTES_PER_VALUE[load.weightPrecision], shape.publishedWeightBytes ?? Infinity);
  const kvBytes = BYTES_PER_VALUE[load.kvPrecision];
  const inputTokens = Math.ceil(load.inputTokens);
  const outputTokens = Math.ceil(load.outputTokens);
  const contextTokens = inputTokens + outputTokens;
  return {
    load,
    shape,
    inputTokens,
    outputTokens,
    contextTokens,
    weightBytes,
    kvBytes,
    modelBytes: shape.parameters * weightBytes,
    kvBytesPerSequence: kvBytesPerToken(shape, kvBytes) * contextTokens,
  };
}

/** Returns the memory of each accelerator of a replica. */
export function replicaMemory(terms: ServingTerms, { memoryBytes }: PlanHardware, accelerators: number): ServingMemory {
  const { shape, contextTokens, weightBytes, kvBytes } = terms;
  return servingMemory({ shape, accelerators, memoryBytes, contextTokens, weightBytes, kvBytes });
}

/** Returns the latency of a replica, or `undefined` if the peak of the chip is unknown. */
export function replicaLatency(
  terms: ServingTerms,
  hardware: PlanHardware,
  accelerators: number,
): ServingLatencyPlan | undefined {
  const { load, shape, inputTokens, outputTokens, weightBytes, kvBytes } = terms;
  const { chip, fraction } = hardware;
  // A chip that does not support the precision of the weights computes in bf16.
  const peak = chip[`${load.weightPrecision}DenseTflops`] ?? chip.bf16DenseTflops;
  if (peak === undefined) return undefined;
  const input: LatencyInput = {
    shape,
    accelerators,
    memoryBytesPerSecond: chip.memoryBandwidthGBps * 1e9 * fraction,
    peakFlops: peak * 1e12 * fraction,
    inputTokens,
    outputTokens,
    weightBytes,
    kvBytes,
  };
  const floor = latencyFloor(input);
  const calibrated = calibratedLatency({ ...input, kind: chip.vendor === 'AWS' ? 'neuron' : 'gpu' });
  const { ttftMs, tpotMs } = load;
  const target = {
    ...(ttftMs !== undefined && { firstTokenSeconds: ttftMs / 1000 }),
    ...(tpotMs !== undefined && { perTokenSeconds: tpotMs / 1000 }),
  };
  const verdict = latencyVerdict(floor, calibrated, target);
  return { floor: inMs(floor), calibrated: inMs(calibrated), verdict };
}

function inMs({ firstTokenSeconds, perTokenSeconds }: ReturnType<typeof latencyFloor>): LatencyMs {
  return { ttftMs: 1000 * firstTokenSeconds, tpotMs: 1000 * perTokenSeconds };
}
