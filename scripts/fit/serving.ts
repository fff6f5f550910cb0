import { isMixture } from '../../lib/core/planning/memory/model-shape';
import { modelKey, precisionName } from '../../lib/core/planning/time/run-classes';
import { type ServingContext, servingContext } from '../../lib/core/planning/serving/serving-context';
import { efficiencyOf, type RooflineNumbers, servingRegime } from '../../lib/core/planning/serving/serving-efficiency';
import { servedModel, servingClass, servingFeatures } from '../../lib/core/planning/serving/serving-rate';
import { bestRoofline, type Roofline } from '../../lib/core/planning/serving/serving-roofline';
import type { Observation } from './cross-validation';
import { type PublishedServing, servingRuns } from './data';
import { latenciesOf } from './latency';
import { apply, type Features, fitRidge, type Penalty } from './ridge';
import { fitRoofline, type RooflineRow } from './roofline';
import type { FitterAt } from './strength';

/** A published throughput, and its run. */
export interface ServingObservation extends Observation {
  readonly run: PublishedServing;
  readonly context: ServingContext;
  /** Feature of runs of the same model on the same chip. */
  readonly measured: string;
}

export function servingObservations(): ServingObservation[] {
  return servingRuns().map((run) => {
    const context = servingContext(run);
    if (!context) throw new Error(`${run.id}: no shape, chip or precision of that name`);
    const family = `${run.suite} ${modelKey(run.model)}`;
    const { id, suite, chip } = run;
    return { id, family, suite, chip, class: servingClass(run, context), measured: servedModel(run), run, context };
  });
}

type Keep = (feature: string) => boolean;

/** Features that describe the software of a row, which a plan does not have. */
const SOFTWARE = /^(suite|software) /;

/** Fits the roofline, then what it misses. For several strengths with the same rows, the roofline is fitted once. */
export function servingFitterAt(keep: Keep): FitterAt<ServingObservation> {
  return (strength) => (rows) => {
    const numbers = numbersFor(rows);
    const weights = weightsOf(rows);
    const featuresOf = ({ run, context }: ServingObservation): Features =>
      new Map(servingFeatures(run, context).filter(([name]) => keep(name)));
    const samples = rows.map((row, at) => ({
      features: featuresOf(row),
      target: missOf(numbers, row),
      weight: weights[at]!,
    }));
    const coefficients = fitRidge(samples, penaltyOf(strength));
    const residual = (row: ServingObservation) => {
      const features = featuresOf(row);
      const bare = new Map([...features].filter(([name]) => !SOFTWARE.test(name)));
      const miss = missOf(numbers, row);
      return { full: miss - apply(coefficients, features), bare: miss - apply(coefficients, bare) };
    };
    return { coefficients, residual, numbers };
  };
}

/** The penalties were chosen by leaving out suites and chips, so one strength is enough. */
export const servingFitter = servingFitterAt(() => true)(1, false);

/** ln(published ÷ roofline). */
export function missOf(numbers: RooflineNumbers, row: ServingObservation): number {
  return Math.log(row.run.outputTokPerSec / rooflineOf(numbers, row).outputTokensPerSecond);
}

export function rooflineOf(numbers: RooflineNumbers, { context }: ServingObservation): Roofline {
  return bestRoofline(context, efficiencyOf(numbers, servingRegime(context.vendor, context.shape)));
}

/** Rows of one table differ only in lengths, so together they count as much as the square root of their number. */
function weightsOf(rows: readonly ServingObservation[]): number[] {
  const keys = rows.map(({ run }) => `${run.suite} ${run.chip} ${modelKey(run.model)} ${precisionName(run.precision)}`);
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return keys.map((key) => counts.get(key)! ** -0.5);
}

const known = new Map<string, RooflineNumbers>();

function numbersFor(rows: readonly ServingObservation[]): RooflineNumbers {
  const key = rows.map(({ id, run }) => `${id} ${run.outputTokPerSec}`).join();
  const weights = weightsOf(rows);
  const numbers =
    known.get(key) ??
    fitRoofline(
      rows.flatMap((row, at) => rooflineRows(row, weights[at]!)),
      largestNeuronBatch(rows),
    );
  known.set(key, numbers);
  return numbers;
}

/** Sequences that Neuron software is compiled for, if the rows do not state them. */
const TYPICAL_NEURON_BATCH = 8;

function largestNeuronBatch(rows: readonly ServingObservation[]): number {
  return Math.max(
    TYPICAL_NEURON_BATCH,
    ...rows.flatMap(({ run, context }) => (context.vendor === 'AWS' ? [run.batch ?? 1] : [])),
  );
}

/** A latency counts as much as a throughput. It shows the prompts and the steps apart. */
function rooflineRows(row: ServingObservation, weight: number): readonly RooflineRow[] {
  const affectedBy = (name: string) => AFFECTED.every(([start, holds]) => !start.test(name) || holds(row.context));
  const base = { group: row.suite, weight, affectedBy };
  return [
    { ...base, miss: (numbers) => missOf(numbers, row) },
    ...latenciesOf(row.run).map(({ published, predicted }) => ({
      ...base,
      miss: (numbers: RooflineNumbers) => Math.log(predicted(rooflineOf(numbers, row), row.run.osl) / published),
    })),
  ];
}

/** Which rows the numbers with these names can change. Others are skipped, to save time. */
const AFFECTED: readonly (readonly [RegExp, (context: ServingContext) => boolean])[] = [
  [/^moe|^narrow/, ({ shape }) => isMixture(shape)],
  [/^amd/, ({ vendor }) => vendor === 'AMD'],
  [/^neuron/, ({ vendor }) => vendor === 'AWS'],
  [/^tpu/, ({ vendor }) => vendor === 'Google'],
  [/^fourBit/, ({ request }) => request.fourBit !== undefined],
  [/^(scaleUp|collective|pcie|host)/, ({ hardware }) => hardware.accelerators > 1],
  [/^stageLoss/, ({ layouts }) => layouts.some(({ pipeline }) => pipeline > 1)],
];

// Effects of a single chip in a single precision, and of a model on a single chip, shrink most.
const PENALTIES: Readonly<Record<string, number>> = {
  all: 0,
  suite: 20,
  software: 25,
  kind: 1,
  chip: 2,
  'chip-precision': 5,
  model: 6,
  'model-chip': 30,
};

function penaltyOf(strength: number): Penalty {
  return (feature) => {
    const [group = ''] = feature.split(' ', 1);
    return (PENALTIES[group] ?? 1) * (/^(model|suite)/.test(group) ? strength : 1);
  };
}
