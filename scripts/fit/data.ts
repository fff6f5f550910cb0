import type { ServingRun } from '../../lib/core/planning/serving/serving-rate';
import { trainingRowOf } from '../../lib/core/planning/time/predict';
import type { TrainingRun } from '../../lib/core/planning/time/training-rate';
import { dataFile } from '../data';

export interface PublishedTraining extends TrainingRun {
  readonly id: string;
  readonly kind: string;
  readonly model: string;
  readonly suite: string;
  readonly tflopsPerChip: number;
}

export interface PublishedServing extends ServingRun {
  readonly id: string;
  readonly suite: string;
  readonly outputTokPerSec: number;
  readonly ttftP50Ms?: number;
  readonly tpotP50Ms?: number;
  readonly latencySec?: number;
}

/** Rows of published steps of training. Full runs include hours without steps. */
export function trainingRuns(): PublishedTraining[] {
  return allTraining().filter(({ kind }) => kind !== WHOLE);
}

/** Rows of full training runs. */
export function fullRuns(): PublishedTraining[] {
  return allTraining().filter(({ kind }) => kind === WHOLE);
}

const WHOLE = 'full-run';

const TRAINING_FILES = ['training-runs.json', 'training-runs-2.json'];

function allTraining(): readonly PublishedTraining[] {
  return TRAINING_FILES.flatMap((file) => dataFile<PublishedTraining>(file).rows).map(trainingRowOf);
}

/** Rows of published serving runs with a throughput. */
export function servingRuns(): PublishedServing[] {
  return ['inference-runs.json', 'inference-runs-2.json']
    .flatMap((file) => dataFile<PublishedServing>(file).rows)
    .filter((row) => row.outputTokPerSec !== undefined);
}
