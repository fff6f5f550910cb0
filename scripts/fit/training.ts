import { completeTraining, type TrainingRun } from '../../lib/core/planning/time/training-rate';
import { modelKey } from '../../lib/core/planning/time/run-classes';
import { trainingRoofline } from '../../lib/core/planning/time/training-roofline';
import { measuredModel, trainingClass, trainingFeatures } from '../../lib/core/planning/time/training-features';
import type { Fitter, Observation } from './cross-validation';
import { type PublishedTraining, trainingRuns } from './data';
import { apply, type Features, fitRidge, ROUNDS } from './ridge';

/** A published training step, as a share of the rate that the limits of the hardware allow. */
export interface TrainingObservation extends Observation {
  readonly target: number;
  readonly features: Features;
  /** The same without values that a user rarely has: the target is relative to other limits. */
  readonly bareTarget: number;
  readonly bare: Features;
}

export function trainingObservations(): TrainingObservation[] {
  return trainingRuns().map((row) => {
    const published = Math.log(row.tflopsPerChip);
    const [full, bare] = [described(row), described(bareOf(row))];
    return {
      id: row.id,
      family: `${row.suite} ${modelKey(row.model)}`,
      suite: row.suite,
      chip: row.chip,
      class: trainingClass(row),
      measured: measuredModel(row)!,
      target: published - full.expected,
      features: full.features,
      bareTarget: published - bare.expected,
      bare: bare.features,
    };
  });
}

/** Returns the features of a run, and the logarithm of the TFLOP/s that the limits of the hardware allow. */
export function described(run: TrainingRun): { readonly expected: number; readonly features: Features } {
  const complete = completeTraining(run);
  return { expected: Math.log(trainingRoofline(complete)!.teraflops), features: new Map(trainingFeatures(complete)) };
}

const MODEL = ['model', 'paramsB', 'activeParamsB', 'layers', 'hidden', 'heads'];
const STEP = ['kind', 'precision', 'seqLen', 'globalBatchSeqs', 'globalBatchTokens'];
const KNOWN_BEFORE: ReadonlySet<string> = new Set(['chip', 'count', 'flops', ...MODEL, ...STEP]);

/** Returns the values that a user has before the first run: no layout, micro batch or software. */
export function bareOf(row: PublishedTraining): TrainingRun {
  const known = Object.entries<unknown>({ ...row }).filter(([prop]) => KNOWN_BEFORE.has(prop));
  return Object.fromEntries(known) as unknown as TrainingRun;
}

/** Weight of rows without values that a user rarely has, which are also fitted. */
const BARE_WEIGHT = 0.3;
/** A suite with many rows counts more, but less than in proportion, because its rows share one stack and one method. */
const SUITE_POWER = -0.7;

/** Fits shares of the limits of the hardware. */
export const trainingFitter: Fitter<TrainingObservation> = (rows) => {
  const weights = suiteWeights(rows);
  const samples = rows.flatMap(({ target, features, bareTarget, bare }, at) => [
    { target, features, weight: weights[at]! },
    { target: bareTarget, features: bare, weight: BARE_WEIGHT * weights[at]! },
  ]);
  const coefficients = fitRidge(samples, penaltyOf, ROUNDS);
  const residual = ({ target, features, bareTarget, bare }: TrainingObservation) => ({
    full: target - apply(coefficients, features),
    bare: bareTarget - apply(coefficients, bare),
  });
  return { coefficients, residual };
};

function suiteWeights(rows: readonly TrainingObservation[]): number[] {
  const counts = new Map<string, number>();
  for (const { suite } of rows) counts.set(suite, (counts.get(suite) ?? 0) + 1);
  const weights = rows.map(({ suite }) => counts.get(suite)! ** SUITE_POWER);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}

// Effects that classes share have a small penalty, and effects of one class or model a large one. Shared effects predict unseen rows.
const PENALTIES: Readonly<Record<string, number>> = {
  all: 0,
  stack: 0.3,
  'stack-precision': 0.43,
  'stack-kind': 16,
  vendor: 12,
  era: 9,
  'era-precision': 6,
  'era-kind': 2,
  kind: 0.1,
  job: 1,
  precision: 1,
  format: 2,
  chip: 9,
  'chip-precision': 2,
  'chip-kind': 6,
  'precision-kind': 2,
  class: 3,
  suite: 0.17,
  model: 40,
  'model-class': 20,
  release: 10,
  network: 10,
  recompute: 4,
  hidden: 0.6,
  on: 10,
  limit: 18,
  experts: 18,
  rack: 2,
  version: 6,
  'version-era': 2,
};
const LIMITS: Readonly<Record<string, number>> = {
  'limit speedup': 2,
  'limit intensity': 2,
  'limit latency': 4,
  'limit recompute': 4,
};
const NUMBER = 36;
const ABSENT = 10;
const INTERACTION = 120;
const EXPERTS_INTERACTION = 15;

function penaltyOf(feature: string): number {
  const group = feature.split(' ', 1)[0]!;
  if (group === 'no') return ABSENT;
  if (feature.includes(': no ')) return 2 * ABSENT;
  if (group === 'experts' && feature.includes(': ')) return EXPERTS_INTERACTION;
  if (group !== 'on' && group !== 'limit' && feature.includes(': ')) return INTERACTION;
  return LIMITS[feature] ?? PENALTIES[group] ?? NUMBER;
}
