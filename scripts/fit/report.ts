import type { RangeBasis } from '../../lib/core/planning/time/fitted-model';
import {
  crossValidate,
  type Fitted,
  type Fitter,
  groupings,
  groupsBy,
  type HeldOut,
  meanAbsolute,
  type Observation,
  weightedQuantile,
} from './cross-validation';

/** A fit and its errors. */
export interface FitReport<Row> {
  readonly fitted: Fitted<Row>;
  /** Errors of rows whose whole family was left out. */
  readonly family: readonly HeldOut<Row>[];
  /** Errors of rows left out at random, while other rows of their family stayed. */
  readonly random: readonly HeldOut<Row>[];
  /** Errors of rows whose chip was left out, in any class. */
  readonly chip: readonly HeldOut<Row>[];
  readonly errors: FitErrors;
}

/** Mean absolute ln(published ÷ predicted). */
export interface FitErrors {
  readonly rows: number;
  readonly inSample: number;
  /** Whole families left out: all rows, rows whose class has other runs, and rows whose class has no other run. */
  readonly family: number;
  readonly familyClass: number;
  readonly familyNearest: number;
  /** Number of rows whose class has no run outside their family. */
  readonly nearestRows: number;
  /** Whole families left out, without layout, microbatch, and software. */
  readonly familyBare: number;
  /** Random rows left out. */
  readonly random: number;
  readonly randomBare: number;
  /** Whole chips left out. */
  readonly chip: number;
  readonly chipBare: number;
}

export const FAMILY_FOLDS = 15;
export const RANDOM_FOLDS = 10;
export const CHIP_FOLDS = 8;

export function report<Row extends Observation>(rows: readonly Row[], fitter: Fitter<Row>): FitReport<Row> {
  const groups = groupings(rows, FAMILY_FOLDS, RANDOM_FOLDS);
  const chips = groupsBy(
    rows.map(({ chip }) => chip),
    CHIP_FOLDS,
  );
  const fitted = fitter(rows);
  const family = crossValidate(rows, fitter, groups.family);
  const random = crossValidate(rows, fitter, groups.random);
  const chip = crossValidate(rows, fitter, chips);
  return { fitted, family, random, chip, errors: errorsOf(rows, fitted, { family, random, chip }) };
}

function errorsOf<Row>(
  rows: readonly Row[],
  { residual }: Fitted<Row>,
  { family, random, chip }: Pick<FitReport<Row>, 'family' | 'random' | 'chip'>,
): FitErrors {
  const full = (held: readonly HeldOut<Row>[]) => meanAbsolute(held.map((one) => one.full));
  const bare = (held: readonly HeldOut<Row>[]) => meanAbsolute(held.map((one) => one.bare));
  const nearest = family.filter(({ covered }) => !covered);
  return {
    rows: rows.length,
    inSample: meanAbsolute(rows.map((row) => residual(row).full)),
    family: full(family),
    familyClass: full(family.filter(({ covered }) => covered)),
    familyNearest: full(nearest),
    nearestRows: nearest.length,
    familyBare: bare(family),
    random: full(random),
    randomBare: bare(random),
    chip: full(chip),
    chipBare: bare(chip),
  };
}

type ByKind = Record<'dense' | 'moe', number>;

/**
 * The lower quartile of the prediction error, for two groups of rows. The first are rows whose whole family was left out and whose class
 * has other runs. The second are rows whose chip was left out. The second group limits how far an estimate from other classes is trusted. The errors are
 * without layout, microbatch, and software, because a plan is made before the first run and does not have them.
 */
export function lowerQuartiles<Row extends Observation>({ family, chip }: FitReport<Row>): Record<RangeBasis, ByKind> {
  const seen = byKind(family.filter(({ covered }) => covered));
  const nearest = byKind(chip);
  // The range of a class without runs is never narrower than that of a class with runs. With few rows, it could be by chance.
  const wider = (kind: 'dense' | 'moe') => Math.min(nearest[kind], seen[kind]);
  return { class: seen, nearest: { dense: wider('dense'), moe: wider('moe') } };
}

function byKind<Row extends Observation>(held: readonly HeldOut<Row>[]): ByKind {
  return { dense: lower(ofKind(held, 'dense')), moe: lower(ofKind(held, 'moe')) };
}

/** Rows of dense models or of mixtures. */
export function ofKind<Row extends Observation>(held: readonly HeldOut<Row>[], kind: 'dense' | 'moe'): HeldOut<Row>[] {
  return held.filter(({ row }) => row.class.split(' ').includes(kind));
}

/** The lower quartile. Families have equal weight, regardless of their number of rows. */
function lower<Row extends Observation>(held: readonly HeldOut<Row>[]): number {
  return weightedQuantile(
    held.map(({ bare }) => bare),
    familyWeights(held),
    0.25,
  );
}

/** Weights that add up to one for each family. */
export function familyWeights<Row extends Observation>(held: readonly HeldOut<Row>[]): number[] {
  const rows = new Map<string, number>();
  for (const { row } of held) rows.set(row.family, (rows.get(row.family) ?? 0) + 1);
  return held.map(({ row }) => 1 / rows.get(row.family)!);
}

/**
 * Shares of rows left out that are below, within, and above the range that plans show. Families have equal weight. The lower end for
 * each family comes from the other families, so no family checks itself.
 */
export function coverage<Row extends Observation>(held: readonly HeldOut<Row>[]): readonly [number, number, number] {
  const weights = familyWeights(held);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const ends = new Map(
    [...new Set(held.map(({ row }) => row.family))].map((family) => [
      family,
      Math.min(0, lower(held.filter(({ row }) => row.family !== family))),
    ]),
  );
  const share = (holds: (miss: number, end: number) => boolean) =>
    held.reduce((sum, { row, bare }, at) => sum + (holds(bare, ends.get(row.family)!) ? weights[at]! : 0), 0) / total;
  return [share((miss, end) => miss < end), share((miss, end) => miss >= end && miss <= 0), share((miss) => miss > 0)];
}
