import { chipNamed } from '../../lib/core/planning/serving-context';
import { completeTraining } from '../../lib/core/planning/complete-run';
import { modelKey } from '../../lib/core/planning/run-classes';
import { trainingClass, trainingFeatures } from '../../lib/core/planning/training-features';
import type { TrainingRun } from '../../lib/core/planning/training-run';
import type { Observation } from './cross-validation';
import { type PublishedTraining, trainingRuns } from './data';
import type { Penalty } from './ridge';

/** Rows of steps, as shares of the dense BF16 peak. */
export function trainingObservations(): Observation[] {
  return trainingRuns().map((row) => ({
    id: row.id,
    family: `${row.suite} ${modelKey(row.model)}`,
    suite: row.suite,
    class: trainingClass(row),
    target: Math.log(row.tflopsPerChip / chipNamed(row.chip)!.bf16DenseTflops!),
    features: new Map(trainingFeatures(completeTraining(row))),
    bare: new Map(trainingFeatures(completeTraining(bareOf(row)))),
  }));
}

/** What a user knows before the first run: no layout, no microbatch, no software. */
function bareOf({
  chip,
  precision,
  kind,
  model,
  paramsB,
  activeParamsB,
  seqLen,
  count,
  ...row
}: PublishedTraining): TrainingRun {
  const { globalBatchSeqs, globalBatchTokens } = row;
  const asked = {
    chip,
    precision,
    kind,
    model,
    paramsB,
    activeParamsB,
    seqLen,
    count,
    globalBatchSeqs,
    globalBatchTokens,
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as unknown as TrainingRun;
}

// Chosen by cross-validation, for rows of families that the fit has not seen: effects of one model shrink most.
const PENALTIES: Readonly<Record<string, number>> = {
  all: 0,
  kind: 0.5,
  job: 0.5,
  precision: 0.5,
  format: 1,
  chip: 0.5,
  'chip-precision': 0.3,
  'chip-kind': 1,
  'precision-kind': 1,
  class: 0.3,
  suite: 2,
  'suite-chip': 2,
  'suite-class': 2,
  model: 20,
  'model-chip': 10,
  'model-precision': 10,
  'model-class': 10,
  release: 5,
  network: 5,
  recompute: 2,
  hidden: 0.3,
};
const NUMBER = 6;
const ABSENT = 5;
const INTERACTION = 20;

export const trainingPenalty: Penalty = (feature) => {
  if (feature.startsWith('no ')) return ABSENT;
  if (feature.includes(': no ')) return 2 * ABSENT;
  if (feature.includes(': ')) return feature.includes('²') ? 3 * INTERACTION : INTERACTION;
  return PENALTIES[feature.split(' ', 1)[0]!] ?? NUMBER;
};
