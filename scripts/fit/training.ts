import { completeTraining, reachablePeak, type TrainingRun } from '../../lib/core/planning/time/training-rate';
import { modelKey } from '../../lib/core/planning/time/run-classes';
import { trainingClass, trainingFeatures } from '../../lib/core/planning/time/training-features';
import type { Observation } from './cross-validation';
import { type PublishedTraining, trainingRuns } from './data';
import { apply, type Features, fitRidge, type Penalty, ROUNDS } from './ridge';
import { type FitterAt, withChosenStrength } from './strength';

/** A published training step, as a share of the reachable peak of the chip. */
export interface TrainingObservation extends Observation {
  readonly target: number;
  readonly features: Features;
  /** The same without values that a user rarely has. */
  readonly bare: Features;
}

export function trainingObservations(): TrainingObservation[] {
  return trainingRuns().map((row) => ({
    id: row.id,
    family: `${row.suite} ${modelKey(row.model)}`,
    suite: row.suite,
    chip: row.chip,
    class: trainingClass(row),
    target: Math.log(row.tflopsPerChip / reachablePeak(row.chip)!),
    features: new Map(trainingFeatures(completeTraining(row))),
    bare: new Map(trainingFeatures(completeTraining(bareOf(row)))),
  }));
}

const MODEL = ['model', 'paramsB', 'activeParamsB'];
const STEP = ['kind', 'precision', 'seqLen', 'globalBatchSeqs', 'globalBatchTokens'];
const KNOWN_BEFORE: ReadonlySet<string> = new Set(['chip', 'count', ...MODEL, ...STEP]);

/** Returns the values that a user has before the first run: no layout, micro batch or software. */
export function bareOf(row: PublishedTraining): TrainingRun {
  const known = Object.entries<unknown>({ ...row }).filter(([prop]) => KNOWN_BEFORE.has(prop));
  return Object.fromEntries(known) as unknown as TrainingRun;
}

/** Weight of rows without values that a user rarely has, which are also fitted. */
const BARE_WEIGHT = 0.3;
const QUICK_ROUNDS = 2;

/** Fits shares of the peak. A quick fit has fewer rounds, and leaves out rows with few values. */
export const trainingFitterAt: FitterAt<TrainingObservation> = (strength, quick) => (rows) => {
  const samples = rows.flatMap(({ target, features, bare }) => [
    { target, features },
    ...(quick ? [] : [{ target, features: bare, weight: BARE_WEIGHT }]),
  ]);
  const coefficients = fitRidge(samples, penaltyOf(strength), quick ? QUICK_ROUNDS : ROUNDS);
  const residual = ({ target, features, bare }: TrainingObservation) => ({
    full: target - apply(coefficients, features),
    bare: target - apply(coefficients, bare),
  });
  return { coefficients, residual };
};

export const trainingFitter = withChosenStrength(trainingFitterAt);

// Effects that classes share have a small penalty, and effects of one class or model a large one. Shared effects predict unseen rows.
const PENALTIES: Readonly<Record<string, number>> = {
  all: 0,
  kind: 0.05,
  job: 0.5,
  precision: 0.5,
  format: 1,
  chip: 0.5,
  'chip-precision': 1.5,
  'chip-kind': 0.2,
  'precision-kind': 1,
  class: 1.5,
  suite: 2,
  'suite-chip': 2,
  'suite-class': 2,
  model: 20,
  'model-chip': 10,
  'model-precision': 10,
  'model-class': 10,
  'model-version': 5,
  release: 5,
  network: 5,
  recompute: 2,
  hidden: 0.3,
  on: 5,
};
const NUMBER = 6;
const ABSENT = 5;
const INTERACTION = 60;

function penaltyOf(strength: number): Penalty {
  return (feature) => {
    const group = feature.split(' ', 1)[0]!;
    if (group === 'no') return ABSENT;
    if (feature.includes(': no ')) return 2 * ABSENT;
    if (group !== 'on' && feature.includes(': ')) return INTERACTION;
    return (PENALTIES[group] ?? NUMBER) * (/^(model|suite)/.test(group) ? strength : 1);
  };
}
