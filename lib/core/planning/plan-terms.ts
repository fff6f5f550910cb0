import type { TrainingJob } from '../workload/training-job';
import { CHECKPOINT_BYTES_PER_PARAMETER } from './checkpoint';
import type { ModelShape } from './model-shape';
import { type Layout, layoutsOf } from './plan-layouts';
import { type ActiveBytes, activeBytesOf, layoutMemory } from './plan-memory';
import { shapeOf } from './plan-model';
import { trainingFlopsPerToken } from './training-time';

/** What follows from a training job alone: computed once, whatever the number of machines that it is planned on. */
export interface TrainingTerms {
  readonly job: TrainingJob;
  readonly shape: ModelShape;
  /** Parameters outside of routed experts. */
  readonly common: number;
  /** Parameters of routed experts. */
  readonly routed: number;
  readonly flopsPerToken: number;
  /** Bytes of gradients and of the optimizer per parameter, averaged over those that are trained and those that are not. */
  readonly gradientBytes: number;
  readonly optimizerBytes: number;
  readonly checkpointBytes: number;
  /** Ways to split the model, fewest accelerators first. */
  readonly layouts: readonly Layout[];
  /** What a split takes besides states. */
  readonly activeBytes: ActiveBytes;
  /** What the reserve leaves of a memory. */
  readonly roomOf: (memoryBytes: number) => number;
}

/** Bytes per parameter: an fp32 copy with two moments in 32 or 8 bits (arXiv 2110.02861), or with one. */
const OPTIMIZER_BYTES = { adam: 12, 'adam-8bit': 6, sgd: 8 } as const;
const GRADIENT_BYTES = 4;

/** The terms of a job. */
export function trainingTerms(job: TrainingJob): TrainingTerms {
  const { model, optimizer, trainableParameters: trained } = job;
  const shape = shapeOf(model);
  const trainedShare = trained / model.parameters;
  const saved = CHECKPOINT_BYTES_PER_PARAMETER - OPTIMIZER_BYTES.adam + OPTIMIZER_BYTES[optimizer];
  const rooms = new Map<number, number>();
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
    roomOf: (memoryBytes) => {
      const room =
        rooms.get(memoryBytes) ?? memoryBytes - layoutMemory(terms, terms.layouts[0]!, 1, memoryBytes).reserve;
      rooms.set(memoryBytes, room);
      return room;
    },
  };
  return terms;
}
