import { modelKey } from '../../lib/core/planning/time/run-classes';
import { type ServingContext, servingContext } from '../../lib/core/planning/serving/serving-context';
import { efficiencyOf, type RooflineNumbers, servingRegime } from '../../lib/core/planning/serving/serving-efficiency';
import { servingClass, servingFeatures } from '../../lib/core/planning/serving/serving-rate';
import { servingRoofline } from '../../lib/core/planning/serving/serving-roofline';
import type { Observation } from './cross-validation';
import { type PublishedServing, servingRuns } from './data';
import { apply, type Features, fitRidge, type Penalty } from './ridge';
import { fitRoofline } from './roofline';
import { type FitterAt, withChosenStrength } from './strength';

/** A published throughput, and its run. */
export interface ServingObservation extends Observation {
  readonly run: PublishedServing;
  readonly context: ServingContext;
}

export function servingObservations(): ServingObservation[] {
  return servingRuns().map((run) => {
    const context = servingContext(run);
    if (!context) throw new Error(`${run.id}: no shape, chip or precision of that name`);
    const family = `${run.suite} ${modelKey(run.model)}`;
    return { id: run.id, family, suite: run.suite, chip: run.chip, class: servingClass(run, context), run, context };
  });
}

interface Missed {
  readonly target: number;
  readonly features: Features;
}

/** The error of the roofline for a row, and features that can explain it. */
function missedBy(numbers: RooflineNumbers, { run, context }: ServingObservation, keep: Keep): Missed {
  const { shape, hardware, request } = context;
  const roofline = servingRoofline(shape, hardware, request, efficiencyOf(numbers, servingRegime(hardware, shape)));
  const features = servingFeatures(run, context, roofline).filter(([name]) => keep(name));
  return { target: Math.log(run.outputTokPerSec / roofline.outputTokensPerSecond), features: new Map(features) };
}

type Keep = (feature: string) => boolean;
type Numbers = (rows: readonly ServingObservation[]) => RooflineNumbers;

/** Fits the roofline, then its error. For several strengths with the same rows, the roofline is fitted once. */
export function servingFitterAt(keep: Keep): FitterAt<ServingObservation> {
  return (strength) => (rows) => {
    const numbers = numbersFor(rows);
    const coefficients = fitRidge(
      rows.map((row) => missedBy(numbers, row, keep)),
      penaltyOf(strength),
    );
    const residual = (row: ServingObservation) => {
      const { target, features } = missedBy(numbers, row, keep);
      const miss = target - apply(coefficients, features);
      return { full: miss, bare: miss };
    };
    return { coefficients, residual, numbers };
  };
}

export const servingFitter = withChosenStrength(servingFitterAt(() => true));

const numbersFor = once(rooflineOf);

function rooflineOf(rows: readonly ServingObservation[]): RooflineNumbers {
  const batches = rows.flatMap(({ run, context }) => (context.hardware.kind === 'neuron' ? [run.batch ?? 1] : []));
  return fitRoofline(
    (numbers) => rows.map((row) => missedBy(numbers, row, () => false).target),
    Math.max(1, ...batches),
  );
}

function once(fit: Numbers): Numbers {
  const known = new Map<string, RooflineNumbers>();
  return (rows) => {
    const key = rows.map(({ id, run }) => `${id} ${run.outputTokPerSec}`).join();
    const numbers = known.get(key) ?? fit(rows);
    known.set(key, numbers);
    return numbers;
  };
}

// Effects of a model on a single chip shrink to 0. Effects on a generation stay.
const PENALTIES: Readonly<Record<string, number>> = {
  regime: 0.2,
  spread: 0.2,
  model: 2.5,
  'model-generation': 0.2,
  'model-chip': 30,
  slope: 3,
  'shape-generation': 1.5,
};

// The roofline is fitted to dense models, so they need no slopes. Slopes of mixtures depend on the length of requests.
const BY_REGIME: Readonly<Record<string, number>> = { 'slope dense': 200, 'shape-generation moe': 0.5 };

function penaltyOf(strength: number): Penalty {
  return (feature) => {
    const [group = '', regime = ''] = feature.split(' ', 2);
    return (
      (BY_REGIME[`${group} ${regime}`] ?? PENALTIES[group] ?? 0) *
      (group === 'regime' || group === 'spread' ? 1 : strength)
    );
  };
}
