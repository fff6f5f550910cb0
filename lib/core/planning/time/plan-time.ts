import { CHIPS, type ChipRow } from '../../catalog/chips';
import { exchangeSeconds } from '../layout/exchange';
import { chipNamed } from '../named-chip';
import { type PlanEvidence, shapeOf } from '../plan';
import { dividedBy, type PlanRange, scaled } from '../range';
import { classOn, type PlanHardware } from '../layout/plan-hardware';
import type { PlannedParallelism, PlannedTime } from '../plan-training';
import {
  lossWithoutRdma,
  type Network,
  type TrainingRate,
  trainingRate,
  trainingTime,
  type TrainingRun,
  trainingFlopsPerToken,
  withinPeaks,
} from './training-rate';
import type { TrainingJob } from '../../workload/training-job';
import type { ModelShape } from '../memory/model-shape';
import { CHECKPOINT_BYTES_PER_PARAMETER } from '../storage/checkpoint';
import { type JobMemory, jobMemoryOf } from '../memory/plan-memory';
import { type LayoutSpace, layoutSpaceOf } from '../layout/layout';
import { type FoundLayout, needsRecompute } from '../layout/layout-search';
import { slowdownOf } from '../layout/plan-parallelism';

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
  const network = { rdma: isLinked(hardware, accelerators) };
  const exact = chipRate(run, network);
  const usePretraining = exact?.evidence === 'nearest' && job.kind === 'fine-tune';
  const pretraining = usePretraining ? chipRate({ ...run, kind: 'pretrain' }, network) : undefined;
  const rate = pretraining ? withinPeaks(run, pretraining, network) : exact;
  const name = classOn(hardware.chip, rate?.class ?? `${chip} ${job.precision}`);
  if (!rate) return { evidence: 'no measurement', class: name, runs: 0 };
  return asJobRate({ ...rate, class: name }, hardware.fraction);
}

/**
 * Returns the rate of a run on its chip. More memory never makes a job slower. So the rate is at least that of a chip with the same peak and
 * less memory, which may have more runs.
 */
function chipRate(run: TrainingRun, network: Network): TrainingRate | undefined {
  const own = trainingRate(run, network);
  if (!own) return undefined;
  const others = smallerTwins(run.chip).flatMap((chip) => trainingRate({ ...run, chip }, network) ?? []);
  const best = others.reduce((max, one) => (one.median > max.median ? one : max), own);
  const { p10, median, p90 } = best;
  return { ...own, p10, median, p90 };
}

/** Returns the chips of the same vendor with the same peak, and less and slower memory. */
function smallerTwins(name: string): readonly string[] {
  const found = twins.get(name) ?? twinsOf(name);
  twins.set(name, found);
  return found;
}

const twins = new Map<string, readonly string[]>();

function twinsOf(name: string): readonly string[] {
  const chip = chipNamed(name);
  if (chip?.bf16DenseTflops === undefined) return [];
  return Object.entries(CHIPS as Readonly<Record<string, ChipRow>>).flatMap(([other, row]) => {
    const isTwin = row.vendor === chip.vendor && row.bf16DenseTflops === chip.bf16DenseTflops;
    const isSmaller = row.memoryBandwidthGBps < chip.memoryBandwidthGBps && row.memoryGiB < chip.memoryGiB;
    return isTwin && isSmaller ? [other] : [];
  });
}

/** A layout that the planner found, and the machines that it is for. */
export interface LayoutOnMachines {
  readonly found: FoundLayout & { readonly relativeTime?: number };
  readonly hardware: PlanHardware;
  readonly accelerators: number;
}

/**
 * Returns the rate in a layout that the planner chose. Published runs were tuned, too, so on the usual machine of a chip the rate is theirs.
 * Recomputation without which no layout fits, smaller nodes, and a slower network cost time that they did not lose. No step is shorter than
 * the exchange of its weights and gradients.
 */
export function rateIn(terms: TrainingTerms, rate: JobRate, on: LayoutOnMachines): JobRate {
  const { found, hardware, accelerators } = on;
  if (!rate.teraflops) return rate;
  const { recomputeFactor: recompute, relativeTime } = found;
  const mustRecompute =
    recompute > 1 && terms.job.recompute === undefined && needsRecompute(terms, hardware, accelerators);
  const slowdown = relativeTime === undefined ? 1 : slowdownOf(terms, hardware, accelerators, relativeTime);
  // The rate includes the loss from a network without RDMA.
  const counted = isLinked(hardware, accelerators) ? 1 : lossWithoutRdma(accelerators);
  const factor = Math.max(
    1,
    mustRecompute ? recompute : 1,
    slowdown * counted,
    fabricFactor(terms, rate.teraflops, on),
  );
  return { ...rate, teraflops: scaled(rate.teraflops, 1 / factor) };
}

/** Returns the exchange of a step as a multiple of its computation, at the median rate. */
function fabricFactor(
  { job, flopsPerToken }: TrainingTerms,
  { median }: PlanRange,
  { found, hardware, accelerators }: LayoutOnMachines,
): number {
  if (accelerators <= hardware.domain) return 0;
  const exchange = exchangeSeconds(job, { ...found.layout, data: found.data }, hardware) ?? 0;
  const step = (found.globalBatch * job.sequenceLength * flopsPerToken) / (accelerators * median * 1e12);
  return exchange / step;
}

/** Returns whether the accelerators are connected by RDMA, or need no network. */
function isLinked({ rdma, domain }: PlanHardware, accelerators: number): boolean {
  return rdma || accelerators <= domain;
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
