import {
  crossValidate,
  type Fitted,
  type Fitter,
  groupings,
  type HeldOut,
  meanAbsolute,
  type Observation,
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
  /** Errors of rows whose suite was left out. */
  readonly suite: readonly HeldOut<Row>[];
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
  /** Whole suites left out. */
  readonly suite: number;
  readonly suiteBare: number;
}

export const FAMILY_FOLDS = 15;
export const RANDOM_FOLDS = 10;

export function report<Row extends Observation>(rows: readonly Row[], fitter: Fitter<Row>): FitReport<Row> {
  const groups = groupings(rows, FAMILY_FOLDS, RANDOM_FOLDS);
  const fitted = fitter(rows);
  const held = {
    family: crossValidate(rows, fitter, groups.family),
    random: crossValidate(rows, fitter, groups.random),
    chip: crossValidate(rows, fitter, groups.chip),
    suite: crossValidate(rows, fitter, groups.suite),
  };
  return { fitted, ...held, errors: errorsOf(rows, fitted, held) };
}

function errorsOf<Row>(
  rows: readonly Row[],
  { residual }: Fitted<Row>,
  { family, random, chip, suite }: Pick<FitReport<Row>, 'family' | 'random' | 'chip' | 'suite'>,
): FitErrors {
  const full = (held: readonly HeldOut<Row>[]) => meanAbsolute(held.map((one) => one.full));
  const bare = (held: readonly HeldOut<Row>[]) => meanAbsolute(held.map((one) => one.bare));
  const nearest = family.filter(({ grade }) => grade === 'nearest');
  return {
    rows: rows.length,
    inSample: meanAbsolute(rows.map((row) => residual(row).full)),
    family: full(family),
    familyClass: full(family.filter(({ grade }) => grade !== 'nearest')),
    familyNearest: full(nearest),
    nearestRows: nearest.length,
    familyBare: bare(family),
    random: full(random),
    randomBare: bare(random),
    chip: full(chip),
    chipBare: bare(chip),
    suite: full(suite),
    suiteBare: bare(suite),
  };
}
