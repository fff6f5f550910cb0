import type { Evidence, ModelKind } from '../../lib/core/planning/time/fitted-model';
import type { Spread } from '../../lib/core/planning/range';
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

type ByKind = Record<ModelKind, Spread>;

/**
 * The spread of published ÷ predicted for each grade of evidence: rows left out at random, rows whose whole family was left out and whose
 * class has other runs, and rows whose chip was left out. The errors are without layout, microbatch, and software, because a plan is made
 * before the first run and does not have them. Weaker evidence never has a narrower range, because with few rows it could be by chance.
 */
export function spreadsOf<Row extends Observation>({ random, family, chip }: FitReport<Row>): Record<Evidence, ByKind> {
  const measured = byKind(random);
  const modelled = wider(byKind(family.filter(({ covered }) => covered)), measured);
  return { measured, modelled, nearest: wider(byKind(chip), modelled) };
}

function byKind<Row extends Observation>(held: readonly HeldOut<Row>[]): ByKind {
  return { dense: spreadIn(ofKind(held, 'dense')), moe: spreadIn(ofKind(held, 'moe')) };
}

function wider(one: ByKind, other: ByKind): ByKind {
  const widest = (kind: ModelKind) => ({
    p10: Math.min(one[kind].p10, other[kind].p10),
    p90: Math.max(one[kind].p90, other[kind].p90),
  });
  return { dense: widest('dense'), moe: widest('moe') };
}

/** Rows of dense models or of mixtures. */
export function ofKind<Row extends Observation>(held: readonly HeldOut<Row>[], kind: 'dense' | 'moe'): HeldOut<Row>[] {
  return held.filter(({ row }) => row.class.split(' ').includes(kind));
}

/** The 10th and the 90th percentile. Families have equal weight, regardless of their number of rows. */
function spreadIn<Row extends Observation>(held: readonly HeldOut<Row>[]): Spread {
  const misses = held.map(({ bare }) => bare);
  const weights = familyWeights(held);
  return {
    p10: Math.min(0, weightedQuantile(misses, weights, 0.1)),
    p90: Math.max(0, weightedQuantile(misses, weights, 0.9)),
  };
}

/** Weights that add up to one for each family. */
export function familyWeights<Row extends Observation>(held: readonly HeldOut<Row>[]): number[] {
  const rows = new Map<string, number>();
  for (const { row } of held) rows.set(row.family, (rows.get(row.family) ?? 0) + 1);
  return held.map(({ row }) => 1 / rows.get(row.family)!);
}

/**
 * Shares of rows left out that are below, within, and above the range that plans show. Families have equal weight. The ends for each family
 * come from the other families, so no family checks itself.
 */
export function coverage<Row extends Observation>(held: readonly HeldOut<Row>[]): readonly [number, number, number] {
  const weights = familyWeights(held);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const spreads = new Map(
    [...new Set(held.map(({ row }) => row.family))].map((family) => [
      family,
      spreadIn(held.filter(({ row }) => row.family !== family)),
    ]),
  );
  const share = (holds: (miss: number, spread: Spread) => boolean) =>
    held.reduce((sum, { row, bare }, at) => sum + (holds(bare, spreads.get(row.family)!) ? weights[at]! : 0), 0) /
    total;
  return [
    share((miss, { p10 }) => miss < p10),
    share((miss, { p10, p90 }) => miss >= p10 && miss <= p90),
    share((miss, { p90 }) => miss > p90),
  ];
}
