import type { PlanEvidence, PlanRange } from './plan';
import type { PlanHardware } from './plan-hardware';
import type { TrainingTerms } from './plan-terms';
import type { PlannedParallelism, PlannedTime } from './plan-training-result';
import { type TrainingRate, trainingRate } from './training-rate';
import type { TrainingRun } from './training-run';
import { trainingTime, TYPICAL_GOODPUT } from './training-time';

/** The rate of a job on a number of accelerators. */
export interface JobRate {
  readonly evidence: PlanEvidence;
  readonly class: string;
  readonly runs: number;
  readonly teraflops?: PlanRange;
  /** Estimate from other classes, if this one has no run. */
  readonly nearest?: PlanRange;
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
  const usePretraining = exact?.evidence === 'bound' && job.kind === 'fine-tune';
  const rate = usePretraining ? trainingRate({ ...run, kind: 'pretrain' }, network) : exact;
  if (!rate) return { evidence: 'no measurement', class: `${chip} ${job.precision}`, runs: 0 };
  return asJobRate(rate, hardware.fraction);
}

function asJobRate(rate: TrainingRate, fraction: number): JobRate {
  const { evidence, class: name, runs, p25, median, bound, nearest } = rate;
  if (evidence === 'bound' || p25 === undefined || median === undefined || fraction < 1) {
    const estimate = nearest && fraction === 1 ? { nearest } : {};
    return { evidence: 'no measurement', class: name, runs: 0, bound: bound * fraction, ...estimate };
  }
  return { evidence, class: name, runs, teraflops: { p25, median }, bound };
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
    ...(stated && { tp: stated.tensor, pp: stated.pipeline, cp: stated.context, microBatch: job.microBatch }),
    ...(stated && model.isMoe && { ep: stated.expert }),
    ...(job.recompute === 'full' && { activationCheckpointing: 'full-recompute' }),
  };
}

/** Returns the goodput of a job: the typical one, or less if checkpoints cost more. */
export function goodputOf(checkpointLoss: number, spotShare = 1): number {
  return Math.min(TYPICAL_GOODPUT, 1 - checkpointLoss) * spotShare;
}

/** Returns the seconds of the job, or `undefined` without a measurement or with almost no goodput. */
export function secondsAt(
  { job, flopsPerToken }: TrainingTerms,
  { teraflops: rate }: Pick<JobRate, 'teraflops'>,
  accelerators: number,
  goodput: number,
): PlanRange | undefined {
  if (!rate || goodput < MIN_GOODPUT) return undefined;
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
  goodput: number,
  { globalBatch }: PlannedParallelism,
): PlannedTime {
  const { evidence, class: name, runs, teraflops, bound, nearest } = rate;
  const seconds = secondsAt(terms, rate, accelerators, goodput);
  const min = boundSeconds(terms, rate, accelerators);
  const near = nearest && secondsAt(terms, { teraflops: nearest }, accelerators, goodput);
  const each = (tflops: number) => (accelerators * tflops * 1e12) / terms.flopsPerToken;
  const step = (tflops: number) => (globalBatch * terms.job.sequenceLength) / each(tflops);
  return {
    evidence,
    class: name,
    runs,
    goodput,
    ...(seconds && { seconds }),
    ...(min !== undefined && { boundSeconds: min }),
    ...(bound !== undefined && { boundTeraflops: bound }),
    ...(near && { nearestSeconds: near }),
    ...(teraflops && {
      teraflopsPerAccelerator: teraflops,
      stepSeconds: { p25: step(teraflops.p25), median: step(teraflops.median) },
      tokensPerSecond: { p25: each(teraflops.p25), median: each(teraflops.median) },
    }),
  };
}
