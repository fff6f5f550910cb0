import { FITTED_SERVING } from './catalog/fitted-serving';
import { FITTED_TRAINING } from './catalog/fitted-training';
import { type Evidence, type FittedModel, nearestClasses, usualPrecision } from './fitted-model';
import { estimatedShape, estimatedSizes, type ModelTraits } from './estimated-shape';
import { isMixture } from './model-shape';
import { chipCalled, chipNamed } from './named-chip';
import { isKnown, isText } from './run-classes';
import { shapeNamed } from './named-model';
import { holdsWeights, servingContext } from './serving-context';
import { type ServingRate, servingRate } from './serving-rate';
import type { ServingRun } from './serving-run';
import { modelKind } from './training-features';
import { type TrainingRate, trainingRate } from './training-rate';
import type { TrainingRun } from './training-run';
import { USUAL_GOODPUT } from './training-time';

/** A published run against what this library would have said of it. */
export interface Prediction {
  /** TFLOP/s per chip of training, output tokens a second of a serving replica. Absent where too little is known. */
  readonly predicted?: number;
  readonly published?: number;
  /** ln(published ÷ predicted). */
  readonly lnError?: number;
  /** What the number was fitted to; where the tables lack the model, also what its size or shape was told from. */
  readonly class?: string;
  /** `nearest` where the class has no run, so that others speak for it: no measurement stands behind the number. */
  readonly evidence: Exclude<Evidence, 'bound'> | 'nearest' | 'no measurement';
  /** Why there is no prediction, or no measurement behind it. */
  readonly reason?: string;
}

/** A row of a file of training runs, with what was published. */
export type TrainingRow = Partial<TrainingRun> &
  NamedChip & { readonly tflopsPerChip?: number; readonly layers?: number; readonly dense?: boolean };

/** A row of a file of serving runs, with what was published. */
export type ServingRow = Partial<Omit<ServingRun, 'shape'>> &
  NamedChip &
  ModelTraits & {
    readonly outputTokPerSec?: number;
    /** Accelerators that share each matrix, and stages of layers; attention runs data-parallel over what they leave. */
    readonly tp?: number;
    readonly pp?: number;
  };

/** Other fields that tell the chip, where `chip` does not. */
interface NamedChip {
  readonly accelerator?: string;
  readonly acceleratorMemGB?: number;
}

/**
 * Predicts a row of published training runs. What it does not know it says; it throws for no row, whatever stands in it.
 * Whole runs (`kind: 'full-run'`) publish hours in which not all stepped, so their rate is times the usual goodput.
 */
export function predictTraining(row: TrainingRow): Prediction {
  const { estimate, ...known } = withSizes(withChip(withoutNulls(row)) as TrainingRun & TrainingRow);
  const published = isKnown(known.tflopsPerChip) ? known.tflopsPerChip : undefined;
  const rate = trainingRate(withPrecision(FITTED_TRAINING, known, modelKind(known)));
  const whole = isText(known.kind) && known.kind.startsWith('full-run');
  const goodput = whole ? USUAL_GOODPUT : 1;
  return told(compare(FITTED_TRAINING, rate, goodput, published, 'unknown chip, precision or model size'), estimate);
}

/** Predicts a row of published serving runs, and throws for none. */
export function predictServing(row: ServingRow): Prediction {
  const known = { model: UNNAMED, ...withChip(withoutNulls(row)) } as ServingRun & ServingRow;
  const published = isKnown(known.outputTokPerSec) ? known.outputTokPerSec : undefined;
  const named = shapeNamed(known.model);
  const estimated = named ? undefined : estimatedShape(known);
  const shape = named ?? estimated?.shape;
  const run = withPrecision(
    FITTED_SERVING,
    { ...known, ...spread(known), shape },
    shape && isMixture(shape) ? 'moe' : 'dense',
  );
  const rate = servingRate(run);
  if (rate && !holdsWeights(servingContext(run)!)) {
    const tooLarge: Prediction = {
      ...(published !== undefined && { published }),
      class: rate.class,
      evidence: 'no measurement',
      reason: TOO_LARGE,
    };
    return told(tooLarge, estimated?.estimate);
  }
  return told(
    compare(FITTED_SERVING, rate, 1, published, 'unknown chip, model, precision or length'),
    estimated?.estimate,
  );
}

/** The name of a model that has none: it resembles no other. */
const UNNAMED = 'unnamed';

/** A prediction whose class says what of the model is an estimate. */
function told(prediction: Prediction, estimate: string | undefined): Prediction {
  const { class: name } = prediction;
  return name === undefined || estimate === undefined ? prediction : { ...prediction, class: `${name}, ${estimate}` };
}

/** A training row with the sizes of its model, as far as anything tells them. */
function withSizes(row: TrainingRun & TrainingRow): TrainingRun & TrainingRow & { readonly estimate?: string } {
  return { ...row, ...estimatedSizes(row) };
}

function compare(
  fitted: FittedModel,
  rate: TrainingRate | ServingRate | undefined,
  factor: number,
  published: number | undefined,
  unknown: string,
): Prediction {
  const known = published === undefined ? {} : { published };
  if (!rate) return { ...known, evidence: 'no measurement', reason: unknown };
  const of = { ...known, class: rate.class };
  const median = rate.median ?? rate.nearest?.median;
  if (median === undefined) return { ...of, evidence: 'no measurement', reason: NO_RUN };
  const predicted = median * factor;
  const lnError = published === undefined ? {} : { lnError: Math.log(published / predicted) };
  if (rate.evidence !== 'bound') return { ...of, predicted, ...lnError, evidence: rate.evidence };
  const reason = `nearest: ${NO_RUN}, told from ${nearestClasses(fitted, rate.class).join(', ')}`;
  return { ...of, predicted, ...lnError, evidence: 'nearest', reason };
}

const NO_RUN = 'no published run of this class';
const TOO_LARGE = 'the weights do not fit the memory of so many accelerators in that precision';

/** How far attention runs data-parallel, where the row tells it by what is split: not on chips of several cores, which split too. */
function spread({ chip, count, dep, tp, pp = 1 }: ServingRun & ServingRow): { readonly dep?: number } {
  if (dep !== undefined || !isKnown(tp) || !isKnown(pp) || chipNamed(chip)?.logicalCores !== undefined) return {};
  const rest = count / (tp * pp);
  return Number.isInteger(rest) && rest > 1 ? { dep: rest } : {};
}

/** A row that leaves the precision open, in that of most runs of its chip and kind of model; the class tells which. */
function withPrecision<T extends { readonly chip: string; readonly precision?: string }>(
  fitted: FittedModel,
  row: T,
  kind: 'dense' | 'moe',
): T {
  const usual = row.precision === undefined ? usualPrecision(fitted, row.chip, kind) : undefined;
  return usual === undefined ? row : { ...row, precision: usual };
}

/** A row by the id of its chip, whatever it is called there. */
function withChip<T extends NamedChip & { readonly chip?: string }>(row: T): T {
  const { chip, accelerator, acceleratorMemGB: memory } = row;
  const id = [chip, isText(accelerator) && isKnown(memory) && `${accelerator} ${memory}GB`, accelerator]
    .map(chipCalled)
    .find((one) => one !== undefined);
  return id === undefined ? row : { ...row, chip: id };
}

/** A row without fields of nothing; what is no row at all has no field. */
function withoutNulls<T extends object>(row: T): T {
  if (typeof row !== 'object' || row === null) return {} as T;
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined)) as T;
}
