import { type ChipRow, CHIPS } from '../catalog/chips';
import { type KnownShape, KNOWN_SHAPES } from './catalog/known-shapes';
import { checkShape, type ModelShape } from './model-shape';
import { isKnown, modelKey, precisionName } from './run-classes';
import type { ServingHardware, ServingRequest } from './serving-roofline';
import type { ServingRun } from './serving-run';

/** A serving run in the units of physics. */
export interface ServingContext {
  readonly shape: ModelShape;
  readonly hardware: ServingHardware;
  readonly request: ServingRequest;
}

/** The chip of that name, where the catalogue has it. */
export function chipNamed(name: unknown): ChipRow | undefined {
  return typeof name === 'string' && Object.hasOwn(CHIPS, name) ? (CHIPS as Record<string, ChipRow>)[name] : undefined;
}

/** The shape of the published model of that name, where the table has it. */
export function shapeNamed(name: unknown): KnownShape | undefined {
  if (typeof name !== 'string') return undefined;
  const key = modelKey(name);
  return KNOWN_SHAPES.find(({ names }) => names.some((start) => key.startsWith(start)));
}

/** What runs on what; absent where chip, model or precision are unknown, or a number makes no sense. */
export function servingContext(run: ServingRun): ServingContext | undefined {
  const chip = chipNamed(run.chip);
  const shape: (ModelShape & { readonly weightBytes?: number }) | undefined = run.shape ?? shapeNamed(run.model);
  if (!chip || !shape || ![run.count, run.isl, run.osl].every(isWhole)) return undefined;
  checkShape(shape);
  const precision = arithmetic(run, chip, shape);
  const peakTflops = precision && chip[`${precision.peak}DenseTflops`];
  if (!precision || !isKnown(peakTflops)) return undefined;
  const link = chip.scaleUpGBpsBidirectional;
  return {
    shape,
    hardware: {
      accelerators: run.count,
      memoryBytes: chip.usableMemoryMiB ? chip.usableMemoryMiB * 2 ** 20 : chip.memoryGiB * 2 ** 30,
      memoryBytesPerSecond: chip.memoryBandwidthGBps * 1e9,
      peakFlops: peakTflops * 1e12,
      ...(link === undefined ? {} : { linkBytesPerSecond: link * 0.5e9 }),
      kind: chip.vendor === 'AWS' ? 'neuron' : 'gpu',
    },
    request: {
      inputTokens: run.isl,
      outputTokens: run.osl,
      weightBytes: precision.weightBytes,
      kvBytes: precision.kvBytes,
      ...(isKnown(run.batch) ? { batch: run.batch } : {}),
    },
  };
}

const isWhole = (value: unknown) => isKnown(value) && value >= 1;

interface Arithmetic {
  readonly peak: 'bf16' | 'fp8' | 'fp4';
  readonly weightBytes: number;
  readonly kvBytes: number;
}

const PRECISIONS: Readonly<Record<string, Arithmetic>> = {
  bf16: { peak: 'bf16', weightBytes: 2, kvBytes: 2 },
  fp16: { peak: 'bf16', weightBytes: 2, kvBytes: 2 },
  int8w: { peak: 'bf16', weightBytes: 1, kvBytes: 2 },
  fp8: { peak: 'fp8', weightBytes: 1, kvBytes: 1 },
  fp4: { peak: 'fp4', weightBytes: 0.5625, kvBytes: 1 },
};

/** Weights that are published in 4 bits stay so; a chip that cannot multiply them works in bf16. */
function arithmetic(run: ServingRun, chip: ChipRow, shape: { readonly weightBytes?: number }): Arithmetic | undefined {
  const name = precisionName(run.precision);
  const stated = Object.hasOwn(PRECISIONS, name) ? PRECISIONS[name] : undefined;
  const { weightBytes } = shape;
  if (!stated || weightBytes === undefined) return stated;
  return chip.fp4DenseTflops === undefined ? { peak: 'bf16', weightBytes, kvBytes: 2 } : { ...stated, weightBytes };
}
