import type { Evidence } from './fitted-model';
import { isKnown } from './run-classes';
import { shapeNamed } from './serving-context';
import { type ServingRate, servingRate } from './serving-rate';
import type { ServingRun } from './serving-run';
import { type TrainingRate, trainingRate } from './training-rate';
import type { TrainingRun } from './training-run';
import { defaultGoodput } from './training-time';

/** A published run against what this library would have said of it. */
export interface Prediction {
  /** TFLOP/s per chip of training, output tokens a second of a serving replica. Absent without a measurement. */
  readonly predicted?: number;
  readonly published?: number;
  /** ln(published ÷ predicted). */
  readonly lnError?: number;
  readonly class?: string;
  readonly evidence: Evidence | 'no measurement';
  /** Why there is no prediction. */
  readonly reason?: string;
}

/** A row of a file of training runs, with what was published. */
export type TrainingRow = Partial<TrainingRun> & { readonly tflopsPerChip?: number };

/** A row of a file of serving runs, with what was published. */
export type ServingRow = Partial<Omit<ServingRun, 'shape'>> & { readonly outputTokPerSec?: number };

/**
 * Predicts a row of published training runs. What it does not know it says; it throws for no row, whatever stands in it.
 * Whole runs (`kind: 'full-run'`) publish hours in which not all stepped, so their rate is times the default goodput.
 */
export function predictTraining(row: TrainingRow): Prediction {
  const known = withoutNulls(row);
  const published = isKnown(known.tflopsPerChip) ? known.tflopsPerChip : undefined;
  const rate = trainingRate(known as TrainingRun);
  const whole = String(known.kind).startsWith('full-run');
  const goodput = whole ? defaultGoodput(isKnown(known.count) ? known.count : 1) : 1;
  return compare(rate, goodput, published, 'unknown chip, precision or model size');
}

/** Predicts a row of published serving runs, and throws for none. */
export function predictServing(row: ServingRow): Prediction {
  const known = withoutNulls(row);
  const published = isKnown(known.outputTokPerSec) ? known.outputTokPerSec : undefined;
  return compare(
    servingRate({ ...(known as ServingRun), shape: shapeNamed(known.model) }),
    1,
    published,
    'unknown chip, model, precision or length',
  );
}

function compare(
  rate: TrainingRate | ServingRate | undefined,
  factor: number,
  published: number | undefined,
  unknown: string,
): Prediction {
  const known = published === undefined ? {} : { published };
  if (!rate) return { ...known, evidence: 'no measurement', reason: unknown };
  const { evidence, median } = rate;
  const of = { ...known, class: rate.class };
  if (median === undefined) return { ...of, evidence: 'no measurement', reason: 'no published run of this class' };
  const predicted = median * factor;
  const lnError = published === undefined ? {} : { lnError: Math.log(published / predicted) };
  return { ...of, evidence, predicted, ...lnError };
}

/** A row without fields of nothing; what is no row at all has no field. */
function withoutNulls<T extends object>(row: T): T {
  if (typeof row !== 'object' || row === null) return {} as T;
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined)) as T;
}
