import { type PlanEvidence, shapeOf } from '../plan';
import { dividedBy, type PlanRange, scaled } from '../range';
import type { PlanHardware } from '../layout/plan-hardware';
import type { PlannedParallelism, PlannedTime } from '../plan-training';
import {
  type TrainingRate,
  trainingRate,
  trainingTime,
  type TrainingRun,
  trainingFlopsPerToken,
} from './training-rate';
import type { TrainingJob } from '../../workload/training-job';
import { BYTES_PER_VALUE } from '../../workload/model-spec';
import type { ServingLoad } from '../../workload/serving-load';
import { kvBytesPerToken, type ModelShape } from '../memory/model-shape';
import { calibratedLatency, latencyFloor, type LatencyInput, latencyVerdict } from '../serving/serving-latency';
import { type ServingMemory, servingMemory } from '../serving/serving-context';
import type {
  LatencyMs,
  ServingLatencyPlan,
  PlannedReplica,
  PlannedReplicas,
  ServingCost,
  ServingMemoryPlan,
  ServingThroughput,
} from '../serving/plan-serving';
import type { Machine } from '../../catalog/machines';
import { CHECKPOINT_BYTES_PER_PARAMETER } from '../storage/checkpoint';
import { type JobMemory, jobMemoryOf } from '../memory/plan-memory';
import { type LayoutSpace, layoutSpaceOf } from '../layout/layout';
import { type FoundLayout, needsRecompute } from '../layout/layout-search';

/** The rate of a job on a number of accelerators. */
export interface JobRate {
  readonly evidence: PlanEvidence;
  readonly class: string;
  readonly runs: number;
  /** @default - the peak of the chip is unknown */
  readonly teraflops?: PlanRange;
  /** @default - the peak of the chip is unknown */
  readonly bound?: number;
}

const KIND = { pretrain: 'pretrain', 'fine-tune': 'sft', lora: 'lora' } as const;

/**
 * Returns the rate of a job. A split that the planner chose is left out, because published runs were tuned too. Fine-tuning all weights
 * has the same arithmetic as pre-training, so a fine-tuning class without runs uses the pre-training class.
 */
export function jobRate(terms: TrainingTerms, chip: string, hardware: PlanHardware, accelerators: number): JobRate {
  const { job } = terms;
  const run = runOf(terms, chip, accelerators);
  // A scale-up domain needs no network.
  const network = { rdma: hardware.rdma || accelerators <= hardware.domain };
  const exact = trainingRate(run, network);
  const usePretraining = exact?.evidence === 'nearest' && job.kind === 'fine-tune';
  const rate = usePretraining ? trainingRate({ ...run, kind: 'pretrain' }, network) : exact;
  if (!rate) return { evidence: 'no measurement', class: `${chip} ${job.precision}`, runs: 0 };
  return asJobRate(rate, hardware.fraction);
}

/**
 * Returns the rate in a layout that the planner chose. Published runs were tuned, too, so the rate is theirs. Only recomputation without which
 * no layout fits costs time that they did not lose.
 */
export function rateIn(
  terms: TrainingTerms,
  rate: JobRate,
  { recomputeFactor: factor }: Pick<FoundLayout, 'recomputeFactor'>,
  hardware: PlanHardware,
  accelerators: number,
): JobRate {
  if (!rate.teraflops || factor === 1 || terms.job.recompute !== undefined) return rate;
  if (!needsRecompute(terms, hardware, accelerators)) return rate;
  return { ...rate, teraflops: scaled(rate.teraflops, 1 / factor) };
}

/** A slice of an accelerator has its share of the rate, and no published run. */
function asJobRate({ evidence, class: name, runs, p10, median, p90, bound }: TrainingRate, fraction: number): JobRate {
  const whole = fraction === 1;
  return {
    evidence: whole ? evidence : 'nearest',
    class: name,
    runs: whole ? runs : 0,
    teraflops: scaled({ p10, median, p90 }, fraction),
    bound: bound * fraction,
  };
}

function runOf({ job, shape }: TrainingTerms, chip: string, count: number): TrainingRun {
  const { model, parallelism: stated, precision, sequenceLength: seqLen, globalBatch } = job;
  return {
    chip,
    model: model.name,
    paramsB: shape.parameters / 1e9,
    activeParamsB: model.activeParameters / 1e9,
    hidden: shape.hidden,
    precision,
    kind: KIND[job.kind],
    seqLen,
    count,
    ...(globalBatch !== undefined && { globalBatchSeqs: globalBatch }),
    ...(stated && { tp: stated.tensor, pp: stated.pipeline, cp: stated.context }),
    ...(stated && job.microBatch !== undefined && { microBatch: job.microBatch }),
    ...(stated && model.isMoe && { ep: stated.expert }),
    ...(job.recompute === 'full' && { activationCheckpointing: 'full-recompute' }),
  };
}

/** Returns the seconds of the job if every step runs at the median rate and nothing fails. */
export function steppingSeconds(
  { job, flopsPerToken }: TrainingTerms,
  { teraflops }: Pick<JobRate, 'teraflops'>,
  accelerators: number,
): number | undefined {
  return teraflops && (job.tokens * flopsPerToken) / (accelerators * teraflops.median * 1e12);
}

/** Returns the seconds of the job, or `undefined` with almost no goodput, or if the peak of the chip is unknown. */
export function secondsAt(
  { job, flopsPerToken }: TrainingTerms,
  { teraflops: rate }: Pick<JobRate, 'teraflops'>,
  accelerators: number,
  goodput: PlanRange,
): PlanRange | undefined {
  if (!rate || goodput.p10 < MIN_GOODPUT) return undefined;
  return trainingTime({ tokens: job.tokens, flopsPerToken, accelerators, rate, goodput });
}

/** Below this goodput, a time is not meaningful. */
const MIN_GOODPUT = 0.01;

/** Returns the seconds of the job at the peak of the accelerators. */
export function boundSeconds({ job, flopsPerToken }: TrainingTerms, { bound }: JobRate, accelerators: number) {
  return bound === undefined ? undefined : (job.tokens * flopsPerToken) / (accelerators * bound * 1e12);
}

/** Returns the time in the format of a plan. */
export function timeOf(
  terms: TrainingTerms,
  rate: JobRate,
  accelerators: number,
  goodput: PlanRange,
  { globalBatch }: PlannedParallelism,
): PlannedTime {
  const { evidence, class: name, runs, teraflops, bound } = rate;
  const seconds = secondsAt(terms, rate, accelerators, goodput);
  const min = boundSeconds(terms, rate, accelerators);
  const tokensPerSecond = teraflops && scaled(teraflops, (accelerators * 1e12) / terms.flopsPerToken);
  return {
    evidence,
    class: name,
    runs,
    goodput: goodput.median,
    ...(seconds && { seconds }),
    ...(min !== undefined && { boundSeconds: min }),
    ...(bound !== undefined && { boundTeraflops: bound }),
    ...(teraflops && { teraflopsPerAccelerator: teraflops }),
    ...(tokensPerSecond && {
      stepSeconds: dividedBy(globalBatch * terms.job.sequenceLength, tokensPerSecond),
      tokensPerSecond,
    }),
  };
}

/** A serving plan before it is checked. */
export interface ServingDraft {
  readonly load: ServingLoad;
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

/** Values that depend only on the training job, not on the machines. They are calculated once. */
export interface TrainingTerms {
  readonly job: TrainingJob;
  readonly shape: ModelShape;
  /** Parameters outside of routed experts. */
  readonly common: number;
  /** Parameters of routed experts. */
  readonly routed: number;
  readonly flopsPerToken: number;
  /** Bytes of gradients and of the optimizer per parameter, averaged over trained and frozen parameters. */
  readonly gradientBytes: number;
  readonly optimizerBytes: number;
  readonly checkpointBytes: number;
  /** The layouts to try. */
  readonly space: LayoutSpace;
  /** The memory of these layouts. */
  readonly memory: JobMemory;
}

/** Bytes per parameter: an fp32 copy with two moments in 32 or 8 bits (arXiv 2110.02861), or with one. */
const OPTIMIZER_BYTES = { adam: 12, 'adam-8bit': 6, sgd: 8 } as const;
const GRADIENT_BYTES = 4;

/** Calculates the terms of a job. */
export function trainingTerms(job: TrainingJob): TrainingTerms {
  const { model, optimizer, trainableParameters: trained } = job;
  const shape = shapeOf(model);
  const trainedShare = trained / model.parameters;
  const saved = CHECKPOINT_BYTES_PER_PARAMETER - OPTIMIZER_BYTES.adam + OPTIMIZER_BYTES[optimizer];
  const terms = {
    job,
    shape,
    common: model.parameters - model.count.routedExperts,
    routed: model.count.routedExperts,
    flopsPerToken: trainingFlopsPerToken(shape, job.sequenceLength, { frozen: job.kind === 'lora' }),
    gradientBytes: GRADIENT_BYTES * trainedShare,
    optimizerBytes: OPTIMIZER_BYTES[optimizer] * trainedShare,
    checkpointBytes: saved * trained,
    space: layoutSpaceOf(job),
  };
  return { ...terms, memory: jobMemoryOf(terms) };
}
