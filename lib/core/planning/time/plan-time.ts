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
import { ProblemCollector } from '../../errors';
import { checkParallelism } from '../../workload/parallelism';
import type { Sharding, TrainingJob } from '../../workload/training-job';
import type { ModelShape } from '../memory/model-shape';
import { CHECKPOINT_BYTES_PER_PARAMETER } from '../storage/checkpoint';
import { type ActiveBytes, activeBytesOf, layoutMemory } from '../memory/plan-memory';

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
    ...(stated && { tp: stated.tensor, pp: stated.pipeline, cp: stated.context, microBatch: job.microBatch }),
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

/** A split of a model, without the number of data-parallel replicas. */
export interface Layout {
  readonly tensor: number;
  readonly pipeline: number;
  readonly context: number;
  readonly expert: number;
  readonly sharding: Sharding;
  /** Accelerators per replica: tensor × pipeline × context. */
  readonly accelerators: number;
}

const MAX_TENSOR = 64;
/** Degrees to try: no split, a typical node, and eight of them. More degrees would take too long for all machines. */
const EXPERTS = [1, 8, 64];

/**
 * Returns the split of the job, or every possible split of its heads, layers and experts. Splits with fewer accelerators come first.
 * Among equals, those with more tensor and less expert parallelism come first. Optimizer states are split over the replicas, as in the
 * distributed optimizer of Megatron. Splits that also shard the weights (FSDP) come last.
 */
export function layoutsOf(job: TrainingJob): readonly Layout[] {
  const { parallelism, sharding } = job;
  const shardings: readonly Sharding[] = sharding === undefined ? ['zero-1', 'zero-3'] : [sharding];
  const splits = parallelism ? [withSize(parallelism)] : allSplits(job);
  return shardings.flatMap((one) => splits.map((split) => ({ ...split, sharding: one })));
}

type Split = Omit<Layout, 'sharding'>;

function allSplits(job: TrainingJob): readonly Split[] {
  const tensors = upTo(MAX_TENSOR).filter((tensor) => isPossible(job, { tensor }));
  const pipelines = upTo(job.model.layers).filter((pipeline) => isPossible(job, { pipeline }));
  const experts = EXPERTS.filter((expert) => isPossible(job, { expert }));
  return tensors
    .flatMap((tensor) =>
      pipelines.flatMap((pipeline) => experts.map((expert) => withSize({ tensor, pipeline, context: 1, expert }))),
    )
    .sort((a, b) => a.accelerators - b.accelerators || b.tensor - a.tensor || a.expert - b.expert);
}

function withSize({ tensor, pipeline, context, expert }: Omit<Split, 'accelerators'>): Split {
  return { tensor, pipeline, context, expert, accelerators: tensor * pipeline * context };
}

function isPossible({ model, sequenceLength, microBatch }: TrainingJob, split: Partial<Layout>): boolean {
  const problems = new ProblemCollector();
  checkParallelism(problems, split, { model, sequenceLength, microBatch });
  return problems.all.length === 0;
}

function upTo(max: number): number[] {
  return Array.from({ length: max }, (_, index) => index + 1);
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
  /** Possible splits of the model, fewer accelerators first. */
  readonly layouts: readonly Layout[];
  /** Memory of a split without its states. */
  readonly activeBytes: ActiveBytes;
  /** Returns the memory without the reserve. */
  readonly availableBytes: (memoryBytes: number) => number;
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
  const available = new Map<number, number>();
  const terms: TrainingTerms = {
    job,
    shape,
    common: model.parameters - model.count.routedExperts,
    routed: model.count.routedExperts,
    flopsPerToken: trainingFlopsPerToken(shape, job.sequenceLength, { frozen: job.kind === 'lora' }),
    gradientBytes: GRADIENT_BYTES * trainedShare,
    optimizerBytes: OPTIMIZER_BYTES[optimizer] * trainedShare,
    checkpointBytes: saved * trained,
    layouts: layoutsOf(job),
    activeBytes: activeBytesOf(job),
    availableBytes: (memoryBytes) => {
      const bytes =
        available.get(memoryBytes) ?? memoryBytes - layoutMemory(terms, terms.layouts[0]!, 1, memoryBytes).reserve;
      available.set(memoryBytes, bytes);
      return bytes;
    },
  };
  return terms;
}
