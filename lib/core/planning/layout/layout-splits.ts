import type { TrainingTerms } from '../time/plan-time';
import type { Layout } from './layout';
import { linkedAccelerators, type PlanHardware } from './plan-hardware';

/** The degrees of a layout on a number of accelerators. */
export interface Split extends Pick<Layout, 'tensor' | 'pipeline' | 'context' | 'expert'> {
  /** Possible numbers of interleaved stages, most first. */
  readonly interleaved: readonly number[];
  /** Data-parallel replicas. */
  readonly data: number;
  /** Accelerators of a replica. */
  readonly accelerators: number;
}

/** Returns the splits that divide the accelerators, smallest replicas first. */
export function evenSplits(terms: TrainingTerms, hardware: PlanHardware, accelerators: number): readonly Split[] {
  const { space, job } = terms;
  const { parallelism, globalBatch } = job;
  const domain = parallelism ? Infinity : hardware.domain;
  const linked = linkedAccelerators(hardware);
  const maxExpert = parallelism || hardware.rdma ? Infinity : linked;
  const found: Split[] = [];
  for (const { pipeline, interleaved } of space.pipelines) {
    if (accelerators % pipeline !== 0) continue;
    for (const tensor of space.tensors) {
      if (tensor > domain || accelerators % (pipeline * tensor) !== 0) continue;
      for (const context of space.contexts) {
        const replica = tensor * pipeline * context;
        const data = accelerators / replica;
        if (!Number.isInteger(data) || (parallelism?.data ?? data) !== data) continue;
        if (globalBatch !== undefined && globalBatch % (data * space.microBatches[0]!) !== 0) continue;
        let larger = Infinity;
        for (const expert of space.experts) {
          if (expert > maxExpert || (tensor * context * data) % expert !== 0) continue;
          if (expert > 1 && isLikeLarger(expert, larger, linked)) continue;
          larger = expert;
          found.push({ tensor, context, pipeline, expert, interleaved, data, accelerators: replica });
        }
      }
    }
  }
  return found;
}

/** Within a domain, the largest degree is the fastest. Beyond, one that is half as large takes almost the same time. */
function isLikeLarger(expert: number, larger: number, linked: number): boolean {
  return larger <= linked || (larger < Infinity && 2 * expert >= larger && expert > linked);
}

/** Returns all splits, with as many whole replicas as the accelerators have. A plan that cannot run names one of them. */
export function anySplits({ space, job }: TrainingTerms, hardware: PlanHardware, accelerators: number): Split[] {
  const all = space.pipelines.flatMap(({ pipeline, interleaved }) =>
    space.tensors.flatMap((tensor) =>
      space.contexts.flatMap((context) =>
        space.experts.map((expert) => {
          const replica = tensor * pipeline * context;
          const data = Math.max(1, Math.floor(accelerators / replica));
          return { tensor, context, pipeline, expert, interleaved, data, accelerators: replica };
        }),
      ),
    ),
  );
  if (job.parallelism) return all;
  const small = all.filter((one) => one.tensor <= hardware.domain && one.accelerators <= accelerators);
  return small.length > 0 ? small : all;
}

/** Tokens per step if the job does not set them: at least this number, and as many for each accelerator. */
const DEFAULT_STEP_TOKENS = 2 ** 22;
const STEP_TOKENS_PER_ACCELERATOR = 1024;
/** A batch that is more than this many times as large teaches the model no more. */
const LARGE_BATCH = 2;

/** Returns the micro batches per replica and step, or `undefined` if they do not divide the batch. */
export function microBatchesOf(
  { job }: TrainingTerms,
  { data, pipeline }: Pick<Split, 'data' | 'pipeline'>,
  microBatch: number,
): number | undefined {
  const { globalBatch, sequenceLength } = job;
  const pass = data * microBatch;
  if (globalBatch !== undefined) return globalBatch % pass === 0 ? globalBatch / pass : undefined;
  // A pipeline needs at least as many micro batches as stages to be full, and a multiple of them to be interleaved.
  const wanted = DEFAULT_STEP_TOKENS / (sequenceLength * pass * pipeline);
  return pipeline * Math.max(1, Math.round(wanted));
}

/** Returns the sequences of a step that the model learns from: not more than in a large batch, unless the job states the batch. */
export function usefulBatch({ job }: TrainingTerms, batch: number, accelerators: number): number {
  const { globalBatch, sequenceLength } = job;
  if (globalBatch !== undefined) return globalBatch;
  const tokens = LARGE_BATCH * Math.max(DEFAULT_STEP_TOKENS, STEP_TOKENS_PER_ACCELERATOR * accelerators);
  return Math.min(batch, Math.max(1, tokens / sequenceLength));
}
