import { Problems } from '../errors';
import { checkParallelism } from '../workload/parallelism';
import type { Sharding, TrainingJob } from '../workload/training-job';

/** A way to split a model, the data-parallel replicas left open. */
export interface Layout {
  readonly tensor: number;
  readonly pipeline: number;
  readonly context: number;
  readonly expert: number;
  readonly sharding: Sharding;
  /** Accelerators of one replica: tensor · pipeline · context. */
  readonly accelerators: number;
}

const MOST_TENSOR = 64;
/** Whole, over a usual node, over eight of them: enough to tell what fits, and few enough to try on every machine. */
const EXPERTS = [1, 8, 64];

/**
 * The ways to split the model of a job: the one it states, or every split of its heads, layers and experts, fewest
 * accelerators first and, among equals, most tensor and least expert parallelism. Optimizer states are split over the
 * replicas, as of Megatron's distributed optimizer; weights too (FSDP) only after every other split.
 */
export function layoutsOf(job: TrainingJob): readonly Layout[] {
  const { parallelism, sharding } = job;
  const shardings: readonly Sharding[] = sharding === undefined ? ['zero-1', 'zero-3'] : [sharding];
  const splits = parallelism ? [withSize(parallelism)] : allSplits(job);
  return shardings.flatMap((one) => splits.map((split) => ({ ...split, sharding: one })));
}

type Split = Omit<Layout, 'sharding'>;

function allSplits(job: TrainingJob): readonly Split[] {
  const tensors = upTo(MOST_TENSOR).filter((tensor) => isPossible(job, { tensor }));
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

function isPossible({ model, sequenceLength, microBatch }: TrainingJob, given: Partial<Layout>): boolean {
  const problems = new Problems();
  checkParallelism(problems, given, { model, sequenceLength, microBatch });
  return problems.all.length === 0;
}

function upTo(most: number): number[] {
  return Array.from({ length: most }, (_, index) => index + 1);
}
