import { shapeNamed } from './named-model';
import type { TrainingRun } from './training-run';

/** Returns a run with the hidden size of its model, if the run lacks it and the model is in the table. */
export function completeTraining(run: TrainingRun): TrainingRun {
  const hidden = run.hidden ?? shapeNamed(run.model)?.hidden;
  return hidden === undefined ? run : { ...run, hidden };
}
