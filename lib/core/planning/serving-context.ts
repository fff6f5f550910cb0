import { checkShape, type ModelShape } from './model-shape';
import { chipNamed } from './named-chip';
import { shapeNamed } from './named-model';
import { isKnown } from './run-classes';
import { servingArithmetic } from './serving-arithmetic';
import type { ServingHardware, ServingRequest } from './serving-roofline';
import type { ServingRun } from './serving-run';

/** A serving run in base units: bytes, FLOP and seconds. */
export interface ServingContext {
  readonly shape: ModelShape;
  readonly hardware: ServingHardware;
  readonly request: ServingRequest;
}

/** Converts a run, or returns `undefined` if the chip, the model or the precision is unknown, or if a number is invalid. */
export function servingContext(run: ServingRun): ServingContext | undefined {
  const chip = chipNamed(run.chip);
  const shape = run.shape ?? shapeNamed(run.model);
  if (!chip || !shape || ![run.count, run.isl, run.osl].every(isWhole)) return undefined;
  checkShape(shape);
  const arithmetic = servingArithmetic(run.precision, chip, shape);
  if (!arithmetic) return undefined;
  const link = chip.scaleUpGBpsBidirectional;
  const { weightBytes, kvBytes, weightPeak, attentionPeak, fourBit } = arithmetic;
  return {
    shape,
    hardware: {
      accelerators: run.count,
      ...(chip.logicalCores !== undefined && { cores: chip.logicalCores }),
      memoryBytes: chip.usableMemoryMiB ? chip.usableMemoryMiB * 2 ** 20 : chip.memoryGiB * 2 ** 30,
      memoryBytesPerSecond: chip.memoryBandwidthGBps * 1e9,
      peakFlops: weightPeak,
      attentionFlops: attentionPeak,
      ...(link === undefined ? {} : { linkBytesPerSecond: link * 0.5e9 }),
      kind: chip.vendor === 'AWS' ? 'neuron' : 'gpu',
    },
    request: {
      inputTokens: run.isl,
      outputTokens: run.osl,
      weightBytes,
      kvBytes,
      ...(fourBit && { fourBit }),
      ...(isKnown(run.batch) ? { batch: Math.max(1, run.batch) } : {}),
      ...(isKnown(run.dep) ? { replicasOfAttention: Math.max(1, run.dep) } : {}),
    },
  };
}

/** Returns whether the weights fit on the accelerators of a replica. */
export function holdsWeights({ shape, hardware, request }: ServingContext): boolean {
  return shape.parameters * request.weightBytes < hardware.accelerators * hardware.memoryBytes;
}

const isWhole = (value: unknown) => isKnown(value) && value >= 1;
