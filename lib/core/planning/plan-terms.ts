import type { TrainingJob } from '../workload/training-job';
import { CHECKPOINT_BYTES_PER_PARAMETER } from './checkpoint';
import type { ModelShape } from './model-shape';
import { type Layout, layoutsOf } from './plan-layouts';
import { type ActiveBytes, activeBytesOf, layoutMemory } from './plan-memory';
import { shapeOf } from './plan-model';
import { trainingFlopsPerToken } from './training-time';

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
