import { FITTED_SERVING } from '../catalog/fitted-serving';
import { FITTED_TRAINING } from '../catalog/fitted-training';
import { FULL_RUNS } from '../catalog/full-runs';
import { combined, type PlanRange, rangeAround, spreadOf } from '../range';
import { type Evidence, type FittedModel, nearestClasses, usualPrecision } from './fitted-model';
import { estimatedShape, estimatedSizes, type ModelTraits } from '../memory/estimated-shape';
import { isMixture } from '../memory/model-shape';
import { chipByAlias } from '../named-chip';
import { isKnown, isText, modelKind } from './run-classes';
import { shapeNamed } from '../named-model';
import { holdsWeights, servingContext } from '../serving/serving-context';
import { type ServingRate, servingRate, type ServingRun } from '../serving/serving-rate';
import { type TrainingRate, trainingRate, type TrainingRun } from './training-rate';

/** A published run, and the prediction of this library for it. */
export interface Prediction {
  /** TFLOP/s per chip in training, or output tokens per second of a serving replica. @default - too little is known */
  readonly predicted?: number;
  /** Of comparable runs, 80% are between these values. @default - too little is known */
  readonly p10?: number;
  readonly p90?: number;
  /** The published value. @default - the row has none */
  readonly published?: number;
  /** ln(published ÷ predicted). @default - one of the two is unknown */
  readonly lnError?: number;
  /** Class of the run. If the model is not in the table, also how its size or shape was estimated. @default - unknown */
  readonly class?: string;
  /** Basis of the prediction. `nearest` is an estimate from other classes, without a measurement. */
  readonly evidence: Evidence | 'no measurement';
  /** Why there is no prediction, or no measurement. @default - the prediction is based on a measurement */
  readonly reason?: string;
}

/** A row of a file with published training runs. */
export type TrainingRow = Partial<TrainingRun> &
  NamedChip & { readonly tflopsPerChip?: number; readonly layers?: number; readonly dense?: boolean };

/** A row of a file with published serving runs. */
export type ServingRow = Partial<Omit<ServingRun, 'shape'>> &
  NamedChip &
  ModelTraits & {
    readonly outputTokPerSec?: number;
  };

/** Other fields that can identify the chip. */
interface NamedChip {
  readonly accelerator?: string;
  readonly acceleratorMemGB?: number;
}

/**
 * Predicts a row of published training runs. Never throws: a row that cannot be predicted has a reason. Full runs (`kind: 'full-run'`)
 * publish the rate over all hours, so their step rate is multiplied by the typical goodput.
 */
export function predictTraining(row: TrainingRow): Prediction {
  const { estimate, ...known } = trainingRowOf(row);
  const published = isKnown(known.tflopsPerChip) ? known.tflopsPerChip : undefined;
  const rate = trainingRate(withPrecision(FITTED_TRAINING, known, modelKind(known)));
  const fullRun = isText(known.kind) && known.kind.startsWith('full-run');
  const whole = rate && fullRun ? { ...rate, ...wholeRun(rate) } : rate;
  const prediction = compare(FITTED_TRAINING, whole, published, 'unknown chip, precision or model size');
  return withEstimate(prediction, estimate);
}

/** Returns the rate over all hours of a run: the step rate times the share that full runs kept, with the spread of both. */
function wholeRun(rate: TrainingRate): PlanRange {
  const spread = combined(spreadOf(rate), spreadOf(FULL_RUNS.kept));
  return rangeAround(rate.median * FULL_RUNS.kept.median, spread, rate.bound);
}

/** Returns a row with the ID of its chip and the sizes of its model, as far as they are known. */
export function trainingRowOf<T extends TrainingRow>(row: T): T & TrainingRun & { readonly estimate?: string } {
  return withSizes(withChip(withoutNulls(row)) as T & TrainingRun);
}

/** Predicts a row of published serving runs. Never throws. */
export function predictServing(row: ServingRow): Prediction {
  const known = { model: UNNAMED, ...withChip(withoutNulls(row)) } as ServingRun & ServingRow;
  const published = isKnown(known.outputTokPerSec) ? known.outputTokPerSec : undefined;
  const named = shapeNamed(known.model);
  const estimated = named ? undefined : estimatedShape(known);
  const shape = named ?? estimated?.shape;
  const run = withPrecision(FITTED_SERVING, { ...known, shape }, shape && isMixture(shape) ? 'moe' : 'dense');
  const rate = servingRate(run);
  if (rate && !holdsWeights(servingContext(run)!)) {
    const tooLarge: Prediction = {
      ...(published !== undefined && { published }),
      class: rate.class,
      evidence: 'no measurement',
      reason: TOO_LARGE,
    };
    return withEstimate(tooLarge, estimated?.estimate);
  }
  return withEstimate(
    compare(FITTED_SERVING, rate, published, 'unknown chip, model, precision or length'),
    estimated?.estimate,
  );
}

/** Placeholder for a missing model name, which matches no model. */
const UNNAMED = 'unnamed';

/** Adds to the class of a prediction how the model was estimated. */
function withEstimate(prediction: Prediction, estimate: string | undefined): Prediction {
  const { class: name } = prediction;
  return name === undefined || estimate === undefined ? prediction : { ...prediction, class: `${name}, ${estimate}` };
}

/** Adds the sizes of the model to a training row, as far as they are known. */
function withSizes<T extends TrainingRun & TrainingRow>(row: T): T & { readonly estimate?: string } {
  return { ...row, ...estimatedSizes(row) };
}

function compare(
  fitted: FittedModel,
  rate: TrainingRate | ServingRate | undefined,
  published: number | undefined,
  unknown: string,
): Prediction {
  const known = published === undefined ? {} : { published };
  if (!rate) return { ...known, evidence: 'no measurement', reason: unknown };
  const of = { ...known, class: rate.class };
  const { median: predicted, p10, p90 } = rate;
  const range = { predicted, p10, p90 };
  const lnError = published === undefined ? {} : { lnError: Math.log(published / predicted) };
  if (rate.evidence !== 'nearest') return { ...of, ...range, ...lnError, evidence: rate.evidence };
  const reason = `nearest: ${NO_RUN}, estimated from ${nearestClasses(fitted, rate.class).join(', ')}`;
  return { ...of, ...range, ...lnError, evidence: 'nearest', reason };
}

const NO_RUN = 'no published run of this class';
const TOO_LARGE = 'in that precision, the weights do not fit in the memory of the accelerators';

/** Adds a missing precision: the most frequent precision of the chip and the kind of model. The class shows it. */
function withPrecision<T extends { readonly chip: string; readonly precision?: string }>(
  fitted: FittedModel,
  row: T,
  kind: 'dense' | 'moe',
): T {
  const usual = row.precision === undefined ? usualPrecision(fitted, row.chip, kind) : undefined;
  return usual === undefined ? row : { ...row, precision: usual };
}

/** Replaces the name of the chip in a row with its ID. */
function withChip<T extends NamedChip & { readonly chip?: string }>(row: T): T {
  const { chip, accelerator, acceleratorMemGB: memory } = row;
  const id = [chip, isText(accelerator) && isKnown(memory) && `${accelerator} ${memory}GB`, accelerator]
    .map(chipByAlias)
    .find((one) => one !== undefined);
  return id === undefined ? row : { ...row, chip: id };
}

/** Removes null and undefined fields. Returns an empty row for a value that is not an object. */
function withoutNulls<T extends object>(row: T): T {
  if (typeof row !== 'object' || row === null) return {} as T;
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined)) as T;
}
