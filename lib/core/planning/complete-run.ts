import { shapeNamed } from './named-model';
import type { TrainingRun } from './training-run';

/** A run with the width of its model, where the model is known by name and its width was not told. */
export function completeTraining(run: TrainingRun): TrainingRun {
  const hidden = run.hidden ?? shapeNamed(run.model)?.hidden;
  return hidden === undefined ? run : { ...run, hidden };
}
