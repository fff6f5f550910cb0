import { CHIPS } from '../../catalog/chips';
import type { Machine } from '../../catalog/machines';
import { BYTES_PER_VALUE, type Precision } from '../../workload/model-spec';
import { type ServingLoad, withWeightPrecision } from '../../workload/serving-load';
import { type PlanHardware, type PlannedPrecision, precisionOn } from '../layout/plan-hardware';
import { kvBytesPerToken, type ModelShape } from '../memory/model-shape';
import { shapeOf } from '../plan';
import type {
  PlannedReplica,
  PlannedReplicas,
  ServingCost,
  ServingLatencyPlan,
  ServingMemoryPlan,
  ServingThroughput,
} from './plan-serving';
import { type ServingMemory, servingMemory } from './serving-context';
import type { ResolvedReplica } from './plan-replicas';

/** A serving plan before it is checked. */
export interface ServingDraft {
  readonly load: ServingLoad;
  readonly shape: ModelShape;
  readonly weightPrecision: Precision;
  readonly formats: ServedFormats;
  readonly machine: Machine;
  readonly hardware: PlanHardware;
  readonly replica: PlannedReplica;
  readonly memory: ServingMemoryPlan;
  readonly latency?: ServingLatencyPlan;
  readonly throughput: ServingThroughput;
  readonly replicas: PlannedReplicas;
  readonly machines: number;
  readonly costs: readonly ServingCost[];
}

/** Values that depend only on the serving load and the precision, not on the machines. */
export interface ServingTerms {
  readonly load: ServingLoad;
  readonly shape: ModelShape;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly contextTokens: number;
  readonly weightPrecision: Precision;
  readonly weightBytes: number;
  readonly kvBytes: number;
  /** Bytes of all weights. */
  readonly modelBytes: number;
  readonly kvBytesPerSequence: number;
  /** Replicas that machines with the same chips share, by what they depend on. */
  readonly replicas: Map<string, ResolvedReplica>;
}

/** Calculates the terms of a load. Average lengths are rounded up to whole tokens. */
export function servingTerms(load: ServingLoad, weightPrecision: Precision): ServingTerms {
  const shape = shapeOf(load.model);
  const weightBytes = Math.min(BYTES_PER_VALUE[weightPrecision], shape.publishedWeightBytes ?? Infinity);
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
    weightPrecision,
    weightBytes,
    kvBytes,
    modelBytes: shape.parameters * weightBytes,
    kvBytesPerSequence: kvBytesPerToken(shape, kvBytes) * contextTokens,
    replicas: new Map(),
  };
}

/** Precisions from few to many bits. */
const PRECISIONS = ['fp4', 'fp8', 'bf16'] as const;

/** Bytes of weights that keep the quality of a model published in 16 bits: fp8 is effectively lossless (arXiv 2411.02355). */
const LOSSLESS_BYTES = BYTES_PER_VALUE.fp8;

/**
 * Returns the precisions that the weights of a load can have on a chip. Without a stated one, they are those that the chip multiplies in,
 * down to fp8 or to the published weights, if these have fewer bits. Every chip can compute in bf16.
 */
export function weightPrecisions(load: ServingLoad, chip: PlanHardware['chip']): readonly Precision[] {
  if (load.weightPrecision !== undefined) return [load.weightPrecision];
  const least = Math.min(LOSSLESS_BYTES, load.model.publishedWeightBytes ?? BYTES_PER_VALUE.bf16);
  return PRECISIONS.filter(
    (one) => one === 'bf16' || (chip[`${one}DenseTflops`] !== undefined && BYTES_PER_VALUE[one] >= least),
  );
}

/** Number formats of a served model on a chip. */
export interface ServedFormats {
  /** Of the weights in memory. */
  readonly stored: PlannedPrecision;
  /** Of the matrix products. */
  readonly computed: PlannedPrecision;
  readonly kvCache: PlannedPrecision;
}

/** Returns the number formats of a load. Weights that are published in fewer bits stay in them. */
export function servedFormats(
  { load, shape, weightPrecision, weightBytes }: ServingTerms,
  chip: PlanHardware['chip'],
): ServedFormats {
  const stored = PRECISIONS.find((one) => BYTES_PER_VALUE[one] >= weightBytes) ?? weightPrecision;
  // Activations of weights that are published in 4 bits have 8 bits, if the chip multiplies 4 bits.
  const few = (shape.publishedWeightBytes ?? BYTES_PER_VALUE.bf16) < 1;
  const wanted = few ? (chip.fp4DenseTflops === undefined ? 'bf16' : 'fp8') : weightPrecision;
  const computed = chip[`${wanted}DenseTflops`] === undefined ? 'bf16' : wanted;
  return {
    stored: precisionOn(chip, stored),
    computed: precisionOn(chip, computed),
    kvCache: precisionOn(chip, load.kvPrecision),
  };
}

/** Returns the load in the precision of the published weights, unless it states one. A server reads the files as they are. */
export function asPublished(load: ServingLoad, { chip: name }: Machine): ServingLoad {
  if (load.weightPrecision !== undefined) return load;
  const bytes = load.model.publishedWeightBytes ?? BYTES_PER_VALUE.bf16;
  const chip: Partial<PlanHardware['chip']> = CHIPS[name] ?? {};
  const published = PRECISIONS.find((one) => BYTES_PER_VALUE[one] >= bytes && chip[`${one}DenseTflops`] !== undefined);
  return withWeightPrecision(load, published ?? 'bf16');
}

/** Returns the memory of each accelerator of a replica. */
export function replicaMemory(terms: ServingTerms, { memoryBytes }: PlanHardware, accelerators: number): ServingMemory {
  const { shape, contextTokens, weightBytes, kvBytes } = terms;
  return servingMemory({ shape, accelerators, memoryBytes, contextTokens, weightBytes, kvBytes });
}
