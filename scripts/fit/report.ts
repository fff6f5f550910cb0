import {
  crossValidate,
  fit,
  groupsBy,
  meanAbsolute,
  type Observation,
  quantile,
  type Residual,
} from './cross-validation';
import { apply, type Penalty } from './ridge';

/** A fit, and how far it can be trusted. */
export interface FitReport {
  readonly coefficients: ReadonlyMap<string, number>;
  /** Residuals of rows whose whole family took no part. */
  readonly family: readonly Residual[];
  /** Residuals of rows of which others of the family took part. */
  readonly random: readonly Residual[];
  readonly errors: FitErrors;
}

/** Mean absolute ln(published ÷ predicted). */
export interface FitErrors {
  readonly rows: number;
  readonly inSample: number;
  /** Leave a family out; of the rows whose class still has runs. */
  readonly family: number;
  readonly familyRows: number;
  /** The same without layout, microbatch and software. */
  readonly familyBare: number;
  /** Leave random rows out. */
  readonly random: number;
  readonly randomBare: number;
}

const FAMILY_FOLDS = 15;
const RANDOM_FOLDS = 10;

export function report(rows: readonly Observation[], penalty: Penalty): FitReport {
  const coefficients = fit(rows, penalty);
  const family = crossValidate(
    rows,
    penalty,
    groupsBy(
      rows.map((row) => row.family),
      FAMILY_FOLDS,
    ),
  );
  const random = crossValidate(
    rows,
    penalty,
    groupsBy(
      rows.map((row) => `${row.id} ${row.target}`),
      RANDOM_FOLDS,
    ),
  );
  return { coefficients, family, random, errors: errorsOf(rows, coefficients, family, random) };
}

function errorsOf(
  rows: readonly Observation[],
  coefficients: ReadonlyMap<string, number>,
  family: readonly Residual[],
  random: readonly Residual[],
): FitErrors {
  const covered = family.filter((residual) => residual.covered);
  const seen = random.filter((residual) => residual.covered);
  return {
    rows: rows.length,
    inSample: meanAbsolute(rows.map((row) => row.target - apply(coefficients, row.features))),
    family: meanAbsolute(covered.map(({ full }) => full)),
    familyRows: covered.length,
    familyBare: meanAbsolute(covered.map(({ bare }) => bare)),
    random: meanAbsolute(seen.map(({ full }) => full)),
    randomBare: meanAbsolute(seen.map(({ bare }) => bare)),
  };
}

type ByKind = Record<'dense' | 'moe', number>;

/** The lower quartile of what the prediction misses, for runs of a model that was seen and of one that was not. */
export function lowerQuartiles({ family, random }: FitReport): Record<'measured' | 'modelled', ByKind> {
  const of = (residuals: readonly Residual[]): ByKind => ({
    dense: lower(residuals, 'dense'),
    moe: lower(residuals, 'moe'),
  });
  return { measured: of(random), modelled: of(family) };
}

function lower(residuals: readonly Residual[], kind: 'dense' | 'moe'): number {
  const alike = residuals.filter(({ covered, row }) => covered && row.class.split(' ').includes(kind));
  return quantile(
    alike.flatMap(({ full, bare }) => [full, bare]),
    0.25,
  );
}
