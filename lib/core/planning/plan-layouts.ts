import { ProblemCollector } from '../errors';
import { checkParallelism } from '../workload/parallelism';
import type { Sharding, TrainingJob } from '../workload/training-job';

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
