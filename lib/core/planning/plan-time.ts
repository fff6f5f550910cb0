import type { PlanEvidence, PlanRange } from './plan';
import type { PlanHardware } from './plan-hardware';
import type { TrainingTerms } from './plan-terms';
import type { PlannedParallelism, PlannedTime } from './plan-training-result';
import { type TrainingRate, trainingRate } from './training-rate';
import type { TrainingRun } from './training-run';
import { trainingTime, USUAL_GOODPUT } from './training-time';

/** The rate of a job on so many accelerators of one kind. */
export interface JobRate {
  readonly evidence: PlanEvidence;
  readonly class: string;
  readonly runs: number;
  readonly teraflops?: PlanRange;
  /** What runs of other classes suggest where this one has none. */
  readonly nearest?: PlanRange;
  readonly bound?: number;
}

const KIND = { pretrain: 'pretrain', 'fine-tune': 'sft', lora: 'lora' } as const;

/**
 * The rate of a job. A split that the planner chose is no evidence and is left out: published runs were tuned, too.
 * Training all weights is one arithmetic on whatever text, so a fine-tuning class without runs is read off pre-training.
 */
export function jobRate(terms: TrainingTerms, chip: string, hardware: PlanHardware, accelerators: number): JobRate {
  const { job } = terms;
  const run = runOf(terms, chip, accelerators);
  // Within one scale-up domain nothing goes over the network.
  const network = { rdma: hardware.rdma || accelerators <= hardware.domain };
  const own = trainingRate(run, network);
  const rate =
    own?.evidence === 'bound' && job.kind === 'fine-tune' ? trainingRate({ ...run, kind: 'pretrain' }, network) : own;
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

/** Share of the hours in which the job steps: the usual one, or less where checkpoints cost more than that leaves. */
export function goodputOf(checkpointLoss: number, spotShare = 1): number {
  return Math.min(USUAL_GOODPUT, 1 - checkpointLoss) * spotShare;
}

/** Seconds of the job at a goodput; nothing where nothing was measured or no work is kept. */
export function secondsAt(
  { job, flopsPerToken }: TrainingTerms,
  { teraflops: rate }: Pick<JobRate, 'teraflops'>,
  accelerators: number,
  goodput: number,
): PlanRange | undefined {
  if (!rate || goodput < LEAST_GOODPUT) return undefined;
  return trainingTime({ tokens: job.tokens, flopsPerToken, accelerators, rate, goodput });
}

/** Below this share of kept work a time means nothing. */
const LEAST_GOODPUT = 0.01;

/** Seconds that the peak of the accelerators takes. */
export function boundSeconds({ job, flopsPerToken }: TrainingTerms, { bound }: JobRate, accelerators: number) {
  return bound === undefined ? undefined : (job.tokens * flopsPerToken) / (accelerators * bound * 1e12);
}

/** The time that a plan states. */
export function timeOf(
  terms: TrainingTerms,
  rate: JobRate,
  accelerators: number,
  goodput: number,
  { globalBatch }: PlannedParallelism,
): PlannedTime {
  const { evidence, class: name, runs, teraflops, bound, nearest } = rate;
  const seconds = secondsAt(terms, rate, accelerators, goodput);
  const least = boundSeconds(terms, rate, accelerators);
  const near = nearest && secondsAt(terms, { teraflops: nearest }, accelerators, goodput);
  const each = (tflops: number) => (accelerators * tflops * 1e12) / terms.flopsPerToken;
  const step = (tflops: number) => (globalBatch * terms.job.sequenceLength) / each(tflops);
  return {
    evidence,
    class: name,
    runs,
    goodput,
    ...(seconds && { seconds }),
    ...(least !== undefined && { boundSeconds: least }),
    ...(bound !== undefined && { boundTeraflops: bound }),
    ...(near && { nearestSeconds: near }),
    ...(teraflops && {
      teraflopsPerAccelerator: teraflops,
      stepSeconds: { p25: step(teraflops.p25), median: step(teraflops.median) },
      tokensPerSecond: { p25: each(teraflops.p25), median: each(teraflops.median) },
    }),
  };
}
